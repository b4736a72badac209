"""Judges of random features, in ℚ: constants first, ridge and width follow without a root.

With C and κ chosen, w and δ solve the two equations. Errors are derivatives of the mean
resolvent along κ, taken as power series: no formula for them is needed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import fmpq, fmpq_series

from theory import notation
from theory.formula import Formula
from theory.random_features import equations as of
from theory.random_features import errors as letters
from theory.random_features import training, width_law
from theory.training import two_ridges
from verify.exact.problems.random_problems import positive
from verify.exact.testing.choices import Choose
from verify.exact.testing.law import Law
from verify.formulas.registry import by_values, judge


@dataclass(frozen=True)
class Features:
    """Levels (λ, g, v²), both constants, n and w, label noise, members of an ensemble."""

    levels: tuple[tuple[fmpq, int, fmpq], ...]
    C: fmpq
    kappa: fmpq
    n: fmpq
    noise: fmpq
    members: int

    def total(self, term: Callable[[fmpq, int, fmpq], Any]) -> Any:
        """A sum over levels."""
        return sum((term(*level) for level in self.levels), fmpq(0))

    def learned(self, c: Any) -> Any:
        """Σ g L."""
        return self.total(lambda x, g, _: g * x / (x + c))

    def left(self, c: Any) -> Any:
        """Σ v² (1 − L)."""
        return self.total(lambda x, _, v: v * c / (x + c))

    @property
    def width(self) -> fmpq:
        """W at which κ is the data's constant."""
        return self.learned(self.C) / (1 - self.kappa / self.C)

    def data_constant(self, c: Any) -> Any:
        """κ at a C and the width."""
        return c * (1 - self.learned(c) / self.width)

    def ridge(self, c: Any) -> Any:
        """The ridge at which C is c."""
        return (self.n - self.learned(c)) * self.data_constant(c)

    def slope(self, of: Callable[[Any], Any], order: int = 1) -> fmpq:
        """A derivative at C, as a power series has it; of first order, or twice that of second."""
        return of(fmpq_series([self.C, 1], prec=order + 2))[order]

    @property
    def overfitting(self) -> fmpq:
        """The error of unit noise: 1/(1 − (1/n) d(κ z)/dκ)."""
        both = lambda c: self.data_constant(c) * self.learned(c)
        return 1 / (1 - self.slope(both) / self.slope(self.data_constant) / self.n)

    @property
    def fixed(self) -> fmpq:
        """The error after averages over data: A − κ dA/dκ, A what is left of the target."""
        moved = self.slope(self.left) / self.slope(self.data_constant)
        return self.left(self.C) - self.kappa * moved + self.noise

    @property
    def bias(self) -> fmpq:
        """Σ v² (1 − L)²."""
        return self.total(lambda x, _, v: v * (self.C / (x + self.C)) ** 2)

    @property
    def ensemble(self) -> fmpq:
        """The kernel's error with the ridge C (n − z): E₀ is n dC/dδ."""
        kernel = lambda c: (self.n - self.learned(c)) * c
        return self.n / self.slope(kernel) * (self.bias + self.noise)

    @property
    def error(self) -> fmpq:
        """The test MSE."""
        return self.overfitting * self.fixed

    def error_at(self, c: Any, slope: Callable[[Callable[[Any], Any]], Any]) -> Any:
        """The test MSE at a C, derivatives as ``slope`` takes them."""
        kappa, moved = self.data_constant(c), slope(self.data_constant)
        both = lambda x: self.data_constant(x) * self.learned(x)
        rest = self.left(c) - kappa * slope(self.left) / moved + self.noise
        return rest / (1 - slope(both) / moved / self.n)

    @property
    def error_slope(self) -> fmpq:
        """D log E/d log C at fixed n and w."""
        c: Any = fmpq_series([self.C, 1], prec=4)
        found = self.error_at(c, lambda of: of(c).derivative())
        return self.C * found[1] / found[0]

    @property
    def train(self) -> fmpq:
        """−δ²/n times the slope in δ of yᵀ(K + δ)⁻¹y, whose mean is (A + σ²)/κ."""
        mean = lambda c: (self.left(c) + self.noise) / self.data_constant(c)
        moved = self.slope(mean) / self.slope(self.ridge)
        return -(self.ridge(self.C) ** 2) * moved / self.n


def features(choose: Choose) -> Features:
    """A random case."""
    levels = tuple(
        (positive(choose), choose(1, 5), positive(choose)) for _ in range(choose(1, 3))
    )
    c = positive(choose)
    kappa = c * fmpq(choose(1, 7), 8)
    learned = sum((g * x / (x + c) for x, g, _ in levels), fmpq(0))
    n = learned + positive(choose)
    return Features(levels, c, kappa, n, fmpq(choose(0, 5), 3), choose(1, 4))


def _spare_slope(case: Features) -> fmpq:
    """−dr/d log C, r(r + |n − w|) = w δ/C solved by Newton in power series."""
    gap, pull = abs(case.n - case.width), case.width * case.ridge(case.C)
    c = fmpq_series([case.C, 1], prec=3)
    r: Any = fmpq_series([min(case.n, case.width) - case.learned(case.C)], prec=3)
    for _ in range(3):
        r = r - (r * (r + gap) - pull / c) / (2 * r + gap)
    return -case.C * r[1]


def _values(case: Features) -> dict[Any, Any]:
    z, w, n = case.learned(case.C), case.width, case.n
    p = -case.C * case.slope(case.learned)
    q, whole = z - p, case.bias + case.noise
    return {
        of.kappa: case.kappa,
        of.learned: z,
        of.rise: p,
        of.squares: case.total(lambda x, g, _: g * (x / (x + case.C)) ** 2),
        of.spare: min(n, w) - z,
        of.free_points: n - z,
        of.free_features: w - z,
        letters.stiffness: n * (w - q) - q * (w - 2 * z) - z * z,
        letters.variance_of_features: case.fixed - whole,
        letters.variance_of_data: case.ensemble - whole,
        letters.variance_of_both: case.error - case.fixed - case.ensemble + whole,
        letters.fixed_features: case.fixed,
        letters.ensemble: case.ensemble,
        letters.members: case.members,
        width_law.bends: case.C
        * case.slope(lambda c: -c * case.learned(c).derivative()),
        width_law.crossed_slope: case.C
        * case.slope(lambda c: c * case.left(c).derivative()),
        notation.C: case.C,
        notation.n: n,
        notation.width: w,
        notation.ridge: case.ridge(case.C),
        notation.noise: case.noise,
        notation.bias: case.bias,
        notation.overfitting: case.overfitting,
        notation.variance: case.error - whole,
        notation.test_mse: case.error,
        notation.train_mse: case.train,
        **_levels(case.levels),
    }


def _levels(levels: Any) -> dict[Any, Any]:
    return {
        notation.levels: len(levels),
        notation.lam: [x for x, _, _ in levels],
        notation.g: [g for _, g, _ in levels],
        notation.power: [v for _, _, v in levels],
    }


def _trained(case: Features) -> dict[Any, Any]:
    """Both constants at a second C, with n and the width of the first."""
    other = case.C * 2
    first, second = (
        {
            "kappa": case.data_constant(c),
            "z": case.learned(c),
            "A": case.left(c),
            "s": case.ridge(c),
        }
        for c in (case.C, other)
    )
    resolvent = lambda c: case.left(c) / case.data_constant(c)
    gap = second["s"] - first["s"]
    factor = case.n * (second["kappa"] - first["kappa"]) / gap
    across = case.total(lambda x, _, v: v * case.C * x / (x + case.C) ** 2)
    return {
        training.left: first["A"],
        training.across: across,
        training.kappa_slope: case.slope(case.data_constant),
        training.ridge_slope: case.slope(case.ridge),
        training.kappa_1: first["kappa"],
        training.kappa_2: second["kappa"],
        training.learned_1: first["z"],
        training.learned_2: second["z"],
        training.left_1: first["A"],
        training.left_2: second["A"],
        two_ridges.resolvent: resolvent(case.C),
        two_ridges.resolvent_1: resolvent(case.C),
        two_ridges.resolvent_2: resolvent(other),
        two_ridges.s_1: first["s"],
        two_ridges.s_2: second["s"],
        two_ridges.factor: factor,
    }


def _two_ridges(case: Features, noise: fmpq) -> fmpq:
    """A divided difference of the mean of yᵀ(K + s)⁻¹y, times κ₁κ₂."""
    a, b = case.C, 2 * case.C
    mean = lambda c: (case.left(c) + noise) / case.data_constant(c)
    both = case.data_constant(a) * case.data_constant(b)
    return case.n * both * (mean(b) - mean(a)) / (case.ridge(a) - case.ridge(b))


WHOLE_SIDES: dict[str, Callable[[Features], fmpq]] = {
    "spare_modes_slope": _spare_slope,
    "width_test_mse_slope": lambda case: case.error_slope,
    "feature_ensemble_test_mse": lambda case: (
        (case.error + (case.members - 1) * case.ensemble) / case.members
    ),
    "constant_of_data_slope": lambda case: case.slope(case.data_constant),
    "width_ridge_slope": lambda case: case.slope(case.ridge),
    "width_resolvent_slope": lambda case: (
        -case.slope(lambda c: case.left(c) / case.data_constant(c))
        / case.slope(case.ridge)
    ),
    "width_two_ridge_error": lambda case: _two_ridges(case, case.noise),
    "width_two_ridge_signal_by_difference": lambda case: _two_ridges(case, fmpq(0)),
}
"""Formulas whose left side is no letter of its own → its value."""


@judge(
    "learned_by_points",
    "learned_by_features",
    "width_equation",
    "width_balance",
    "spare_modes",
    "spare_modes_slope",
    "free_points",
    "free_features",
    "learned_modes_slope",
    "learned_squares",
    "learned_modes",
    "constant_of_data",
    "mse_over_data_textbook",
    "width_test_mse_textbook",
    "width_denominator",
    "variance_of_features",
    "variance_of_data",
    "variance_of_data_and_features",
    "width_variance",
    "ensemble_limit_mse",
    "feature_ensemble_test_mse",
    "width_overfitting_coefficient",
    "width_test_mse",
    "width_train_mse",
    "learned_modes_bend",
    "crossed_power_slope",
    "width_test_mse_slope",
    "power_left",
    "power_crossed",
    "constant_of_data_by_features",
    "width_resolvent",
    "constant_of_data_slope",
    "width_ridge_slope",
    "width_resolvent_slope",
    "width_two_ridge_factor",
    "width_two_ridge_error",
    "width_two_ridge_signal_by_difference",
)
def random_features(formula: Formula) -> Law:
    """Width and ridge from both constants; errors from slopes along κ, as power series."""

    def values(case: Features) -> dict[Any, Any]:
        side = WHOLE_SIDES.get(formula.name)
        known = _values(case) | _trained(case)
        return known | ({} if side is None else {formula.lhs: side(case)})

    return by_values(formula, features, values)


@dataclass(frozen=True)
class WideLimit:
    """The kernel, to which wide features fall: levels, C, n, label noise, a width."""

    levels: tuple[tuple[fmpq, int, fmpq], ...]
    C: fmpq
    n: fmpq
    noise: fmpq
    width: fmpq

    def total(self, term: Callable[[fmpq, int, fmpq], Any]) -> Any:
        """A sum over levels."""
        return sum((term(*level) for level in self.levels), fmpq(0))

    @property
    def squares(self) -> fmpq:
        """Σ g L²."""
        return self.total(lambda x, g, _: g * (x / (x + self.C)) ** 2)

    def learned(self, c: Any) -> Any:
        """Σ g L."""
        return self.total(lambda x, g, _: g * x / (x + c))

    def ridge(self, c: Any) -> Any:
        """The ridge at which C is c."""
        return (self.n - self.learned(c)) * c

    def error_of(self, c: Any) -> Any:
        """The kernel's test MSE at a C."""
        bias = self.total(lambda x, _, v: v * (c / (x + c)) ** 2)
        squares = self.total(lambda x, g, _: g * (x / (x + c)) ** 2)
        return (bias + self.noise) * self.n / (self.n - squares)

    @property
    def coefficient(self) -> fmpq:
        """D E/d(1/w) at 1/w = 0, n and δ fixed: C as a power series in 1/w by Newton."""
        e, ridge = fmpq_series([0, 1], prec=3), self.ridge(self.C)
        c: Any = fmpq_series([self.C], prec=3)
        slope = fmpq_series([self.n - self.squares], prec=3)
        for _ in range(4):
            off = self.ridge(c) * (1 - self.learned(c) * e) - ridge
            c = c - off / slope
        z = self.learned(c)
        q = self.total(lambda x, g, _: g * (x / (x + c)) ** 2)
        kappa = c * (1 - z * e)
        fixed = self.noise + self.total(
            lambda x, _, v: v * (c / (x + c) - kappa * x / (x + c) ** 2 / (1 - q * e))
        )
        lost = (q * (1 - 2 * z * e) + z * z * e) / (self.n * (1 - q * e))
        return (fixed / (1 - lost))[1]


def _kernel(choose: Choose, *, ridge: bool) -> WideLimit:
    drawn = features(choose)
    n = drawn.n if ridge else drawn.learned(drawn.C)
    return WideLimit(drawn.levels, drawn.C, n, drawn.noise, fmpq(choose(2, 9)))


@judge(
    "width_law", "width_law_ridgeless", "test_mse_slope_in_ridge", "width_for_factor"
)
def widths(formula: Formula) -> Law:
    """The textbook test MSE as a power series in 1/w, C solved at every order."""
    ridge = formula.name != "width_law_ridgeless"

    def values(case: WideLimit) -> dict[Any, Any]:
        c, n = case.C, case.n
        at = fmpq_series([c, 1], prec=3)
        moved = case.ridge(c) * case.error_of(at)[1] / case.ridge(at)[1]
        error, coefficient = case.error_of(c), case.coefficient
        return {
            width_law.coefficient: coefficient,
            width_law.factor: coefficient / (case.width * error),
            width_law.needed: case.width,
            width_law.ridge_slope.lhs: moved,
            of.learned: case.learned(c),
            of.rise: -c * case.learned(at)[1],
            of.squares: case.squares,
            notation.C: c,
            notation.n: n,
            notation.noise: case.noise,
            notation.bias: error * (n - case.squares) / n - case.noise,
            notation.overfitting: n / (n - case.squares),
            notation.test_mse: error,
            **_levels(case.levels),
        }

    return by_values(formula, lambda choose: _kernel(choose, ridge=ridge), values)
