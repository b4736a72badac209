"""Experiments on spectra alone: no net is trained, and the kernel has no domain."""

from verify.experiments.base import Kind, register
from verify.experiments.spectra import bootstrap, depth
from verify.experiments.spectra.bootstrap import DeepBootstrap
from verify.experiments.spectra.depth import OptimalDepth
from verify.experiments.spectra.power_law import PowerLaw

register(
    Kind(
        DeepBootstrap,
        bootstrap.measure,
        bootstrap.examine,
        bootstrap.preflight,
        ("test_mse",),
    )
)
register(Kind(OptimalDepth, depth.measure, depth.examine))

__all__ = ["DeepBootstrap", "OptimalDepth", "PowerLaw"]
