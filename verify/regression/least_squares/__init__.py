"""Linear and polynomial regression by ``numpy.linalg.lstsq``, on many data sets."""

from verify.regression.least_squares.fits import fitted_features

__all__ = ["fitted_features"]
