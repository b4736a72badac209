"""Hypothesis strategies for the objects of the theory; everything prints as code.

The exact objects come from the same generators as the laws of ``verify.exact``, so a
conjecture meets the same corners: wild scales, degenerate levels, single points,
singular kernels. Everything shrinks towards few points and small numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any

from verify.extras import require

require("hypothesis", "verify", "strategies")

from hypothesis import strategies as st  # noqa: E402
from hypothesis.strategies import SearchStrategy  # noqa: E402

from numerics import Spectrum  # noqa: E402
from theory import kernels as theory_kernels  # noqa: E402
from theory.activations.named import ACTIVATIONS, BUILT_IN, for_network  # noqa: E402
from theory.domains import KNOWN, Hypercube, Hypersphere, UnitCircle, parse  # noqa: E402
from theory.errors import EngineError  # noqa: E402
from theory.kernels import Kernel  # noqa: E402
from theory.numbers import exact  # noqa: E402
from verify.exact.problems import random_problems  # noqa: E402
from verify.exact.problems.balance import Balance, balance  # noqa: E402
from verify.exact.problems.bases import Basis  # noqa: E402
from verify.exact.problems.kernel_matrix import Gram  # noqa: E402
from verify.exact.problems.points import Points  # noqa: E402
from verify.exact.problems.problem import Problem  # noqa: E402
from verify.exact.problems.rational_matrices import fraction  # noqa: E402

Levels = list[tuple[Fraction, int]]
REMEMBERED = 256


@lru_cache(maxsize=256)
def _integers(low: int, high: int) -> SearchStrategy[int]:
    return st.integers(low, high)


@dataclass(frozen=True, slots=True)
class Origin:
    """How a value was drawn: its generator and the choices, ready to be shrunk."""

    value: Any
    build: Callable[[Any], Any]
    made: list[int]


_origins: dict[int, Origin] = {}


def origin_of(value: Any) -> Origin | None:
    """The generator and the choices of a value drawn a moment ago, if it has them."""
    found = _origins.get(id(value))
    return found if found is not None and found.value is value else None


def _from(build: Callable[..., Any], **options: Any) -> SearchStrategy[Any]:
    """A strategy from a generator that takes ``choose(low, high)``."""
    made_by = partial(build, **options)

    @st.composite
    def drawn(draw: Any) -> Any:
        made: list[int] = []

        def choose(low: int, high: int) -> int:
            made.append(draw(_integers(low, high)) - low)
            return low + made[-1]

        value = made_by(choose)
        if len(_origins) >= REMEMBERED:
            _origins.clear()
        _origins[id(value)] = Origin(value, made_by, made)
        return value

    strategy = drawn()
    strategy.has_origin = True  # type: ignore[attr-defined]
    return strategy


def numbers() -> SearchStrategy[Fraction]:
    """Positive rationals, sometimes of wild scale."""
    return _from(lambda choose: fraction(random_problems.positive(choose)))


def ridges(zero: bool = True) -> SearchStrategy[Fraction]:
    """Ridges δ ≥ 0; positive ones where ``zero`` is false."""
    return st.one_of(st.just(Fraction(0)), numbers()) if zero else numbers()


def activations() -> SearchStrategy[str]:
    """Names of activations that have a dual in closed form."""
    # closed duals and finite tangent kernels, which balls evaluate in milliseconds
    return st.sampled_from(["erf", "relu", *_of_ones_own()])


def _of_ones_own() -> list[str]:
    """Registered activations that are not of the house and have tangent kernels."""
    found = []
    for name in (x for x in ACTIVATIONS if x not in BUILT_IN):
        try:
            phi = for_network(name, tangent=True)
        except EngineError:
            continue
        if phi.closed:
            found.append(name)
    return found


def kernels(depth: int = 3) -> SearchStrategy[Kernel]:
    """Dot-product kernels of every family, with rational parameters.

    Parameters
    ----------
    depth
        The deepest net.
    """
    tame = st.fractions(Fraction(1, 9), 9, max_denominator=9)
    nets = st.builds(
        lambda family, name, L, W, b: family(
            name, depth=L, weight_variance=W, bias_variance=b
        ),
        st.sampled_from([theory_kernels.nngp, theory_kernels.ntk]),
        activations(),
        st.integers(1, depth),
        tame,
        st.one_of(st.just(Fraction(0)), tame),
    )
    return st.one_of(
        st.builds(theory_kernels.polynomial, st.integers(0, 5)),
        st.builds(theory_kernels.exponential, tame),
        st.builds(theory_kernels.arc_cosine, st.integers(0, 2)),
        st.builds(theory_kernels.gaussian, tame),
        st.builds(theory_kernels.laplace, tame),
        power_series(),
        nets,
    )


def power_series(degree: int = 4) -> SearchStrategy[Kernel]:
    """Kernels Σ a_p t^p with rational a_p ≥ 0: positive in every dimension."""
    from theory.notation import t

    coefficients = st.lists(
        st.fractions(0, 9, max_denominator=4), min_size=1, max_size=degree + 1
    ).filter(any)
    return coefficients.map(
        lambda a: theory_kernels.from_expression(
            sum((exact(x, "a") * t**p for p, x in enumerate(a)), 0 * t)
        )
    )


def domains(most: int = 6) -> SearchStrategy[Any]:
    """Hypercubes, spheres, circles and circles of points, of dimension ≤ ``most``.

    Domains that were registered from outside are drawn too, with the numbers ``sizes``
    of their classes.
    """
    registered = [
        domain
        for kind, cls in KNOWN.items()
        if cls not in (Hypercube, Hypersphere, UnitCircle) and cls.invariant == "cosine"
        for number in (None, *filter(most.__ge__, cls.sizes))
        for domain in _read(kind, number)
    ]
    return st.one_of(
        *([st.sampled_from(registered)] if registered else []),
        st.builds(Hypercube, st.integers(1, most)),
        st.builds(Hypersphere, st.integers(2, most)),
        st.just(UnitCircle()),
        st.builds(UnitCircle, st.integers(1, 2 * most)),
    )


def _read(kind: str, number: int | None) -> list[Any]:
    """The domain of that kind and number, or none where it is not spelled so."""
    try:
        return [parse(kind if number is None else f"{kind}:{number}")]
    except EngineError:
        return []


def spectra(levels: int = 5) -> SearchStrategy[Spectrum]:
    """Spectra of given levels: wild scales, equal and nearly equal λ among them."""

    def build(choose: random_problems.Choose) -> Spectrum:
        found: Levels = []
        for _ in range(choose(1, levels)):
            value = fraction(random_problems.positive(choose))
            kind = choose(0, 3) if found else 0
            if kind == 2:
                value = found[-1][0]
            if kind == 3:
                value = found[-1][0] * (1 + Fraction(1, 10**30))
            found.append((value, choose(1, 6)))
        return Spectrum.from_levels(found)

    return _from(build)


def balances(ridged: bool | None = None) -> SearchStrategy[Balance]:
    """Exact solutions of the implicit equation: C, n, levels, target and noise in ℚ."""
    return _from(balance, ridged=ridged)


def points(most: int = 8) -> SearchStrategy[Points]:
    """Finite sets of points with rational cosines."""
    return _from(random_problems.points, most=most)


def bases(M: int) -> SearchStrategy[Basis]:
    """Complete orthogonal bases of the functions on M points."""
    return _from(random_problems.basis, M=M)


def grams(most: int = 8, singular: bool = False) -> SearchStrategy[Gram]:
    """Kernel matrices: positive definite, or of low rank where ``singular``."""
    build = random_problems.singular_gram if singular else random_problems.definite_gram
    return _from(build, most=most)


def data_sets(M: int, repeats: bool = False) -> SearchStrategy[list[int]]:
    """Data sets of an M-point domain: distinct points, or ones that may repeat."""
    return _from(random_problems.data, M=M, repeats=repeats)


def targets(M: int) -> SearchStrategy[list[int]]:
    """Coefficients of a function that is not zero."""
    return _from(random_problems.target, M=M)


def problems(ridged: bool | None = None, most: int = 9) -> SearchStrategy[Problem]:
    """Whole regression problems in the kernel's eigenbasis, all of it rational.

    Parameters
    ----------
    ridged
        With a ridge, without, or both (None).
    most
        Points at most; 8 or 9.
    """
    return _from(random_problems.modes, ridged=ridged, most=most)


def cubes(d: int = 3, ridged: bool | None = None) -> SearchStrategy[Problem]:
    """Dot-product kernels on hypercubes up to dimension d, by their eigenvalues."""
    return _from(random_problems.cube_modes, d=d, ridged=ridged)
