"""Spectra from data: the eigensystem of a kernel matrix, and what it predicts.

Points of a file or of a bundled set are a finite domain with the uniform measure; labels
are a function on it. The kernel matrix's eigensystem is then the kernel's, and the
learning curve of regression on n of the points, tested on the others, is predicted.
"""

from verify.data.domain import DataDomain, data
from verify.data.held_out import HeldOut, measure
from verify.data.kernel_spectra import spectrum_of_data, spectrum_of_matrix
from verify.data.labelled_points import DataSet, data_set
from verify.data.load import load_data
from verify.data.reading.bundled import BUNDLED
from verify.data.spectrum import DataSpectrum

__all__ = [
    "BUNDLED",
    "DataDomain",
    "DataSet",
    "DataSpectrum",
    "HeldOut",
    "data",
    "data_set",
    "load_data",
    "measure",
    "spectrum_of_data",
    "spectrum_of_matrix",
]
