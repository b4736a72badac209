"""How well kernel regression and wide nets generalize, in symbols and in digits.

Every public name is loaded when it is first used: importing this package is quick.

Examples
--------
>>> from learnability import Hypercube, kernels, predict, spectrum
>>> s = spectrum(kernels.polynomial(2), Hypercube(4))
>>> float(predict(s, {2: 1}, n=4).target_learnability) < 1
True
"""

import sys
from importlib import import_module
from importlib.util import LazyLoader, find_spec, module_from_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

from learnability.startup import name_conflicts as _shadow

if TYPE_CHECKING:
    from learnability import figure, table
    from numerics import (
        Ball,
        FloatSpectrum,
        Prediction,
        Spectrum,
        constant,
        predict,
        spectrum,
        statistic,
    )
    from numerics.choice.ridge_search import optimal_ridge
    from numerics.differentiable import traced
    from numerics.targets.level_powers import level_powers
    from numerics.training.stopping import best_stopping, flow_time
    from theory import activations, domains, formulas, kernels, notation
    from theory.constant.implicit import implicit_equation
    from theory.derivations import Derivation, derive
    from theory.derivations.workbench import (
        limit_of,
        proved_equal,
        simplify_levels,
        total_derivative,
    )
    from theory.domains import Hypercube, Hypersphere, UnitCircle
    from theory.eigenvalues.checks.definition import check_formula
    from theory.eigenvalues.checks.guessing import guess
    from theory.errors import EngineError, LearnabilityError
    from verify import networks as nets
    from verify import strategies
    from verify.choice import choose, error_floor
    from verify.conjecture import conjecture
    from verify.data import (
        data,
        data_set,
        load_data,
        spectrum_of_data,
        spectrum_of_matrix,
    )
    from verify.formulas.users_statistic import own_statistic
    from verify.storage.results import load, save

    __version__: str

_HOMES = {
    "theory": ("activations", "domains", "formulas", "kernels", "notation"),
    "theory.derivations": ("Derivation", "derive"),
    "theory.derivations.workbench": (
        "limit_of",
        "proved_equal",
        "simplify_levels",
        "total_derivative",
    ),
    "theory.domains": ("Hypercube", "Hypersphere", "UnitCircle"),
    "theory.eigenvalues.checks.definition": ("check_formula",),
    "theory.eigenvalues.checks.guessing": ("guess",),
    "theory.errors": ("EngineError", "LearnabilityError"),
    "theory.constant.implicit": ("implicit_equation",),
    "numerics": (
        "Ball",
        "FloatSpectrum",
        "Prediction",
        "Spectrum",
        "constant",
        "predict",
        "spectrum",
        "statistic",
    ),
    "numerics.targets.level_powers": ("level_powers",),
    "numerics.training.stopping": ("best_stopping", "flow_time"),
    "numerics.choice.ridge_search": ("optimal_ridge",),
    "verify.choice": ("choose", "error_floor"),
    "verify.conjecture": ("conjecture",),
    "verify.formulas.users_statistic": ("own_statistic",),
    "verify.storage.results": ("load", "save"),
    "verify.data": (
        "data",
        "data_set",
        "load_data",
        "spectrum_of_data",
        "spectrum_of_matrix",
    ),
}
_MODULES = {
    "nets": "verify.networks",
    "strategies": "verify.strategies",
    "traced": "numerics.differentiable.traced",
}
"""Names that are modules of lower layers."""
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Ball",
    "Derivation",
    "EngineError",
    "FloatSpectrum",
    "Hypercube",
    "Hypersphere",
    "LearnabilityError",
    "Prediction",
    "Spectrum",
    "UnitCircle",
    "activations",
    "best_stopping",
    "check_formula",
    "choose",
    "conjecture",
    "constant",
    "data",
    "data_set",
    "derive",
    "domains",
    "error_floor",
    "figure",
    "flow_time",
    "formulas",
    "guess",
    "implicit_equation",
    "kernels",
    "level_powers",
    "limit_of",
    "load",
    "load_data",
    "nets",
    "notation",
    "optimal_ridge",
    "own_statistic",
    "predict",
    "proved_equal",
    "save",
    "simplify_levels",
    "spectrum",
    "spectrum_of_data",
    "spectrum_of_matrix",
    "statistic",
    "strategies",
    "table",
    "total_derivative",
    "traced",
]
if find_spec("hypothesis") is None:
    # importing all names must not need an extra
    __all__.remove("conjecture")
    __all__.remove("strategies")

_complaint = _shadow.complaint()
if _complaint and not _shadow.started_as_command():
    raise ImportError(_complaint)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("learnability")
    if name in {"figure", "table"}:
        return import_module(f"learnability.{name}")
    if name in _MODULES:
        return _when_used(_MODULES[name])
    if name not in _HOME:
        raise AttributeError(f"module 'learnability' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    _install_methods()
    globals()[name] = value
    return value


def _when_used(name: str) -> ModuleType:
    """A module that is loaded when something is asked of it: JAX takes a second."""
    if name in sys.modules:
        return sys.modules[name]
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    spec.loader = LazyLoader(spec.loader)
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _install_methods() -> None:
    """Let objects of lower layers find the methods that upper layers compute."""
    methods = import_module("theory.methods")
    methods.provide("numerics")
    methods.provide("verify.whereabouts")
    methods.provide("learnability.methods")
    import_module("learnability.data_texts").know_data()


def __dir__() -> list[str]:
    return sorted({*__all__, "__version__"})
