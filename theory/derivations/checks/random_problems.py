"""Random regression problems: a data set, a spectrum, a target, over an exact field."""

from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

from sympy import Identity, Inverse

from theory.data_set.conservation import mode_learnability
from theory.data_set.symbols import (
    C_D,
    A,
    K,
    Lam,
    Phi,
    R,
    Rest,
    Rotation,
    S,
    T,
    Tail,
    Y,
    lam,
    modes,
    phi,
    points,
    ridge,
    samples,
    scalar,
    tail_eigenvalue,
    unit,
    v,
)
from theory.derivations.checks import exact_fields
from theory.derivations.checks.evaluation import Point
from theory.derivations.checks.exact_fields import (
    PRIME,
    Field,
    FieldDualNumber,
    Residue,
)
from theory.notation import i, n, noise


def _unit(at: Point, indices: Any) -> Any:
    """The i-th unit vector."""
    field, size = at.field, at.sizes[modes]
    zero, one = exact_fields.constant(field, 0), exact_fields.constant(field, 1)
    return [
        [FieldDualNumber(one if k == indices[i] else zero, zero)]
        for k in range(1, size + 1)
    ]


LOCAL = frozenset({unit, phi, Rest})
_seen: Any = scalar(phi.T * Rest * phi)
MEANING = {
    unit: _unit,
    phi: Phi * unit,
    Rest: Inverse(K - lam[i] * phi * phi.T + ridge * Identity(samples)),
    C_D: ((i,), 1 / _seen),
    K: Phi * Lam * Phi.T,
    R: Inverse(K + ridge * Identity(samples)),
    S: Phi.T * R * Phi,
    T: Lam * S,
    mode_learnability: ((i,), T[i, i]),
}


def draw(random: Random, field: Field, *, positive: bool = True) -> Any:
    """A random element: any residue, or a small fraction."""
    if field is Residue:
        return Residue(random.randrange(1, PRIME))
    low = 1 if positive else -9
    return Fraction(random.randint(low, 9), random.randint(1, 7))


def orthogonal(random: Random, size: int, field: Field) -> list[list[Any]]:
    """A random orthogonal matrix with rational entries, by Cayley's formula.

    Raises
    ------
    ZeroDivisionError
        At a pole of the formula.
    """
    zero = exact_fields.constant(field, 0)
    skew = [[FieldDualNumber(zero, zero)] * size for _ in range(size)]
    for r in range(size):
        for c in range(r):
            x = FieldDualNumber(draw(random, field, positive=False), zero)
            skew[r][c], skew[c][r] = x, FieldDualNumber(zero, zero) - x
    one = exact_fields.identity(size, field)
    minus = [
        [x - y for x, y in zip(p, q, strict=True)]
        for p, q in zip(one, skew, strict=True)
    ]
    plus = [
        [x + y for x, y in zip(p, q, strict=True)]
        for p, q in zip(one, skew, strict=True)
    ]
    rows = exact_fields.product(minus, exact_fields.inverse(plus, field))
    return [[x.value for x in line] for line in rows]


def regression(
    random: Random,
    field: Field,
    size: tuple[int, int],
    *,
    ridgeless: bool = False,
    whole_domain: bool = False,
    rotated: bool = True,
) -> Point:
    """A random data set of n points for N modes; K, R, S, T mean what they mean.

    With ``whole_domain`` the features are rows of √N times an orthogonal matrix: N is a
    square, the domain has N points, and the first n of them are the data.
    """
    n_samples, n_modes = size
    zero = exact_fields.constant(field, 0)
    numbers: dict[Any, Any] = {
        (lam, k): draw(random, field) for k in range(1, n_modes + 1)
    }
    numbers[ridge] = zero if ridgeless else draw(random, field)
    numbers[noise] = draw(random, field)
    root = draw(random, field)
    numbers[tail_eigenvalue] = numbers[ridge] / (root * root)
    rotation = orthogonal(random, n_modes, field) if rotated else []
    orthonormal = orthogonal(random, n_samples, field) if rotated else []
    if whole_domain:
        scale = exact_fields.constant(field, round(n_modes**0.5))
        features = [[scale * x for x in line] for line in rotation[:n_samples]]
        rotation = orthogonal(random, n_modes, field)
    else:
        features = _table(random, field, n_samples, n_modes)
    return Point(
        field=field,
        numbers=numbers,
        sizes={samples: n_samples, n: n_samples, modes: n_modes, points: n_modes},
        matrices={
            Phi: features,
            Rotation: rotation,
            Tail: [[root * x for x in line] for line in orthonormal],
            A: _symmetric(random, field, n_samples),
            v: _table(random, field, n_modes, 1),
            Y: _table(random, field, n_samples, 1),
        },
        diagonals={Lam: lam},
        means=MEANING,
        local=LOCAL,
    )


FAR = 10**12
"""How much larger one eigenvalue is than the others, where a limit gives equality."""


def _changed(point: Point, numbers: dict[Any, Any]) -> Point:
    return replace(point, numbers={**point.numbers, **numbers}, seen={})


def ridgeless(point: Point) -> Point:
    """The same problem with δ = 0; learnabilities then sum to n."""
    zero = exact_fields.constant(point.field, 0)
    return _changed(point, {ridge: zero, tail_eigenvalue: zero})


def white(point: Point) -> Point:
    """The same with one eigenvalue for all modes, and no ridge."""
    one = exact_fields.constant(point.field, 1)
    numbers = {(lam, k): one for k in range(1, point.sizes[modes] + 1)}
    return _changed(ridgeless(point), numbers)


def one_dominates(point: Point) -> Point:
    """The same with a first eigenvalue far above the others: L_1 comes close to 1."""
    return _changed(point, {(lam, 1): exact_fields.constant(point.field, FAR)})


EDGES = (ridgeless, white, one_dominates)
"""Where inequalities between learnabilities become equalities, or come close to it."""


def _symmetric(random: Random, field: Field, size: int) -> list[list[Any]]:
    rows = _table(random, field, size, size)
    return [[rows[max(r, c)][min(r, c)] for c in range(size)] for r in range(size)]


def _table(random: Random, field: Field, rows: int, columns: int) -> list[list[Any]]:
    return [
        [draw(random, field, positive=False) for _ in range(columns)]
        for _ in range(rows)
    ]
