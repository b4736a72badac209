"""The published experiments by name, in their smallest and in their published form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from theory import OutOfDomain
from theory.errors import meant
from verify.experiments.conservation.specification import Conservation, SumMargins
from verify.experiments.held_out import DataCurves, Engineered
from verify.experiments.held_out.engineered import Design
from verify.experiments.learning.specification import (
    PUBLISHED_GRID,
    LearningCurves,
    Margins,
)
from verify.experiments.net import Net
from verify.experiments.spectra import DeepBootstrap, OptimalDepth, PowerLaw

Make = Callable[..., Any]
FOUR_LAYERS = Net("relu", 4, "2", "0.01")


@dataclass(frozen=True)
class Entry:
    """A published experiment.

    Attributes
    ----------
    make
        ``make(full=, as_published=, seed=)`` gives the specification.
    says
        What it shows, in a line.
    trap
        What ``as_published`` keeps that the corrected form mends; "" where nothing.
    """

    make: Make
    says: str
    trap: str = ""


CATALOG: dict[str, Entry] = {}


def experiment(
    name: str, *, full: bool = False, as_published: bool = False, seed: int = 0
) -> Any:
    """The specification of a published experiment.

    Parameters
    ----------
    name
        One of ``CATALOG``.
    full
        The published sizes instead of the smallest form.
    as_published
        With the trap of the published run, where it has one.
    seed
        Fixes data sets and initial parameters.

    Raises
    ------
    OutOfDomain
        When the name is unknown; the message lists the known ones.

    Examples
    --------
    >>> experiment("fig1", full=True).width, experiment("fig1").sizes[-1]
    (500, 256)
    """
    if name not in CATALOG:
        raise OutOfDomain(
            f"experiment {name!r} is unknown (known: {', '.join(CATALOG)}){meant(name, CATALOG)}"
        )
    return CATALOG[name].make(full=full, as_published=as_published, seed=seed)


def fig1(*, full: bool = False, as_published: bool = False, seed: int = 0):
    """Four parities on the 8-cube, a ReLU net of four hidden layers: the first figure.

    The published learning rate of 0.5 lies beyond the linear stability edge for n ≤ 6;
    ``as_published`` keeps it, otherwise the rate is 0.8 n/λ_max where that is less.
    """
    return LearningCurves(
        name="fig1",
        title="parities of the first k bits on the 8-cube, ReLU net with 4 hidden layers",
        domain="hypercube:8",
        targets=(0, 1, 3, 8),
        net=FOUR_LAYERS,
        kernel_trials=4000 if full else 3000,
        net_trials=30 if full else 8,
        width=500 if full else 128,
        learning_rate=0.5 if as_published else None,
        seed=seed,
    )


def fig1_circle(*, full: bool = False, as_published: bool = False, seed: int = 0):
    """Four cosines on 256 points of the unit circle, the same net."""
    return LearningCurves(
        name="fig1-circle",
        title="cos kθ on 256 points of the circle, ReLU net with 4 hidden layers",
        domain="circle:256",
        input_variance="1/2",
        targets=(0, 2, 5, 10),
        net=FOUR_LAYERS,
        kernel_trials=4000 if full else 3000,
        net_trials=30 if full else 6,
        net_sizes=None if full else (2, 3, 6, 12, 22),
        width=500 if full else 128,
        max_steps=10_000 if full or as_published else 4000,
        learning_rate=0.5 if as_published else None,
        seed=seed,
    )


def fig1_sphere(*, full: bool = False, as_published: bool = False, seed: int = 0):
    """Zonal harmonics on the unit sphere of R^8, the same net.

    The published theory took the spectrum for inputs of norm √d where the data has norm
    1, and dropped the levels above 50; ``as_published`` does the same.
    """
    return LearningCurves(
        name="fig1-sphere",
        title="zonal harmonics on the sphere of R^8, ReLU net with 4 hidden layers",
        domain="sphere:8",
        input_variance="1/8",
        targets=(0, 1, 2, 3, 4),
        net=FOUR_LAYERS,
        sizes=PUBLISHED_GRID if full else PUBLISHED_GRID[:8],
        kernel_trials=4000 if full else 3000,
        net_trials=30 if full else 6,
        net_sizes=None if full else (2, 3, 6, 12, 22),
        width=500 if full else 128,
        max_steps=10_000 if full or as_published else 4000,
        learning_rate=0.5 if as_published else None,
        theory_input_variance="1" if as_published else None,
        theory_levels=51 if as_published else None,
        seed=seed,
    )


BARS = (
    Net("relu", 1),
    Net("relu", 4),
    Net("tanh", 1, "2.25", "0.01"),
    Net("tanh", 4, "2.25", "0.01"),
)


def fig2(*, full: bool = False, as_published: bool = False, seed: int = 0):
    """The conservation law: all ten modes of a circle of ten points, four nets.

    Published with new initial parameters for each mode and a learning rate of 0.5, which
    ``as_published`` keeps; otherwise the modes of a data set share their start.
    """
    return Conservation(
        name="fig2",
        title="conservation: all modes of 10 points on the circle",
        nets=BARS,
        sizes=(3, 6),
        widths=(500,) if full else (128,),
        starts=(not as_published,),
        trials=6 if full else 8,
        learning_rate=0.5 if as_published else None,
        seed=seed,
    )


def width(*, full: bool = False, as_published: bool = False, seed: int = 0):
    """Nets against their kernel as the width grows, on the circle of ten points.

    As published, each mode has initial parameters of its own.
    """
    return Conservation(
        name="width",
        title="nets against their kernel as the width grows, 10 points on the circle",
        view="width",
        nets=(Net("relu", 4), Net("relu", 1)) if full else (Net("relu", 4),),
        sizes=(6,),
        widths=(50, 100, 200, 500, 1000, 2000) if full else (32, 64, 128, 256),
        starts=(not as_published,),
        trials=8 if full else 16,
        learning_rate=0.5 if as_published else None,
        seed=seed,
    )


def lazy(*, full: bool = False, as_published: bool = False, seed: int = 0):
    """The law on lazy nets: one start for all modes, targets scaled down.

    ``as_published`` has the learning rate of 0.5.
    """
    return Conservation(
        name="lazy",
        title="conservation on nets that become lazy, 10 points on the circle",
        view="scale",
        nets=(Net("relu", 4), Net("tanh", 4, "2.25")) if full else (Net("relu", 4),),
        sizes=(6,),
        widths=(64,),
        scales=(1.0, 0.1, 0.01, 0.001),
        starts=(True, False),
        trials=16 if full else 12,
        learning_rate=0.5 if as_published else None,
        stop_mse=1e-10,
        max_steps=100_000,
        dtype="float64",
        margins=SumMargins(total=0.001),
        seed=seed,
    )


def deep_bootstrap(*, full: bool = False, as_published: bool = False, seed: int = 0):
    """Real and ideal world over training time, eigenvalues and powers i^−2.

    As published, the ridge n/τ stands for the time.
    """
    return DeepBootstrap(
        name="deep-bootstrap",
        title="real and ideal world of a power-law spectrum, "
        + ("ridge as training time" if as_published else "over training time"),
        dynamics="ridge" if as_published else "flow",
        sampled_sizes=(16, 125, 1000) if full else (16, 125),
        sampled_modes=20_000 if full else 4000,
        trials=200 if full else 1500,
        seed=seed,
    )


def power_laws(*, full: bool = False, as_published: bool = False, seed: int = 0):
    """The overfitting coefficient of power-law spectra; published to n = 10^6.

    The published line for C is the leading term (A/n)^α; ``as_published`` shows it.
    """
    return PowerLaw(
        name="power-law",
        title="overfitting coefficient and C of power-law spectra",
        alphas=("1.5", "2", "3", "4") if full else ("1.5", "2", "3"),
        sizes=tuple(round(10 ** (k / 2)) for k in range(2, 13 if full else 9)),
        modes=10_000_000 if full else 1_000_000,
        trials=4000 if full else 1500,
        leading_term=as_published,
        seed=seed,
    )


def optimal_depth(*, full: bool = False, as_published: bool = False, seed: int = 0):
    """The best depth for every degree on the cube of 128 bits."""
    del as_published  # the published run has no trap
    many = (*range(1, 17), 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128)
    return OptimalDepth(
        name="optimal-depth",
        title="largest fractional variance of each degree, cube with d = 128",
        depths=many if full else (1, 2, 3, 4, 6, 8, 12, 16, 24, 32),
        weight_variances=("1", "5", 41 if full else 9),
        bias_variances=("0", "4", 41 if full else 9),
        seed=seed,
    )


def parity(*, full: bool = False, as_published: bool = False, seed: int = 0):
    """Full parity by a deep ReLU net, which cannot, and a sine net engineered for it.

    A sine net without bias is odd: x and −x are one point to it, which the published
    theory does not count. ``as_published`` does not either, and keeps the rate of 0.1.
    """
    d = 11 if full else 9
    return Engineered(
        name="parity",
        title=f"full parity of {d} bits, the points that were not drawn held out",
        domain=f"hypercube:{d}",
        target=d,
        designs=(Design(Net("relu", 4)), Design(Net("sin", 1, "8", "0"))),
        sizes=(64, 256, 1024) if full else (32, 128, 256),
        kernel_trials=400 if full else 1000,
        net_trials=30 if full else 4,
        pairs=not as_published,
        learning_rate=0.1 if as_published else None,
        max_steps=10_000 if full else 4000,
        seed=seed,
    )


def digits(*, full: bool = False, as_published: bool = False, seed: int = 0):
    """Scikit-learn's digits, with the kernel's spectrum taken from the data.

    With a ridge, the usual formula ignores that points are drawn without replacement;
    ``as_published`` uses it, otherwise theory knows.
    """
    return DataCurves(
        name="digits",
        title="scikit-learn's digits, the data's own spectrum",
        sizes=(16, 32, 64, 128, 256, 512, 1024, 1600)
        if full
        else (16, 32, 64, 128, 256),
        ridges=("0", "1"),
        trials=400 if full else 200,
        finite=not as_published,
        seed=seed,
    )


def network_sphere(*, full: bool = False, as_published: bool = False, seed: int = 0):
    """A linear target on the sphere of R^25, one hidden layer, three levels of noise.

    Published up to n = 31 622 and width 50 000; a Gram matrix of that many points needs
    8 GB and the nets a GPU, so that ``full`` goes to n = 3162 and width 2000.
    """
    del as_published  # the published run has no trap
    return LearningCurves(
        name="network-sphere",
        title="linear target with label noise on the sphere of R^25, one hidden layer",
        domain="sphere:25",
        targets=(1,),
        sizes=(3, 10, 32, 100, 316, 1000, 3162) if full else (3, 10, 32, 100, 316),
        net=Net("relu", 1, "2", "0"),
        noises=("0", "1/4", "1"),
        kernel_trials=400,
        net_trials=10 if full else 4,
        net_sizes=(3, 10, 32, 100, 316) if full else (3, 10, 32, 100),
        width=2000 if full else 500,
        max_steps=10_000 if full else 4000,
        margins=Margins(learnability=0.02, nets=0.05),
        seed=seed,
    )


CATALOG["fig1"] = Entry(
    fig1,
    "learnability and error of four parities on the 8-cube",
    "the learning rate of 0.5, beyond the edge of stability for n ≤ 6",
)
CATALOG["fig1-circle"] = Entry(
    fig1_circle,
    "learnability and error of four cosines on 256 points of the circle",
    "the learning rate of 0.5, beyond the edge of stability for few points",
)
CATALOG["fig1-sphere"] = Entry(
    fig1_sphere,
    "learnability and error of zonal harmonics on the sphere of R^8",
    "a spectrum for inputs of another norm, cut at 51 levels, and the learning rate 0.5",
)
CATALOG["fig2"] = Entry(
    fig2,
    "the conservation law: learnabilities of all modes sum to n",
    "new initial parameters for each mode, which breaks the sum, and the rate 0.5",
)
CATALOG["width"] = Entry(
    width,
    "nets against their kernel as the width grows",
    "new initial parameters for each mode, and the learning rate 0.5",
)
CATALOG["lazy"] = Entry(
    lazy,
    "the conservation law on nets that become lazy",
    "the learning rate of 0.5",
)
CATALOG["deep-bootstrap"] = Entry(
    deep_bootstrap, "training time: the error of few and of unlimited samples"
)
CATALOG["power-law"] = Entry(
    power_laws,
    "the overfitting coefficient of i^−α tends to α",
    "the leading term of C alone",
)
CATALOG["optimal-depth"] = Entry(
    optimal_depth, "which depth holds most variance in each degree"
)
CATALOG["parity"] = Entry(
    parity, "a net that learns parity by design, and one that cannot", "the rate of 0.1"
)
CATALOG["digits"] = Entry(
    digits,
    "handwritten digits, held out, with the data's own spectrum",
    "a ridge with the formula for points drawn with replacement",
)
CATALOG["network-sphere"] = Entry(
    network_sphere, "a linear target with label noise on the sphere of R^25"
)
