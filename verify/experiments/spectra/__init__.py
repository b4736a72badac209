"""Experiments on spectra alone: no net is trained, and the kernel has no domain."""

from verify.experiments.spectra.bootstrap import DeepBootstrap
from verify.experiments.spectra.depth import OptimalDepth
from verify.experiments.spectra.power_law import PowerLaw

__all__ = ["DeepBootstrap", "OptimalDepth", "PowerLaw"]
