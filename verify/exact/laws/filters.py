"""Σ L = n − tr h(K_D) for training rules, exactly, by running each rule in ℚ.

The left side trains on every function of a basis, step by step, and predicts everywhere;
the right side puts the kernel matrix into the rule's residual function as theory has it.
Nothing is assumed of the kernel: points may repeat and K_D may be singular.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import sympy
from flint import fmpq, fmpq_mat

from theory import formulas, notation
from theory.data_set.conservation import filtered_residual, mode_learnability, samples
from theory.formula import Formula
from theory.training import Filter, parse
from verify.exact.problems import random_problems
from verify.exact.problems.problem import Problem
from verify.exact.problems.rational_matrices import (
    block,
    columns_of,
    identity,
    rational,
)
from verify.exact.testing.choices import Choose
from verify.exact.testing.evaluation import evaluate
from verify.exact.testing.law import Law, Outcome, equal

Run = Callable[[fmpq_mat, fmpq_mat, dict[str, fmpq], int], fmpq_mat]
"""(K_D, labels, parameters, steps) → the weights α of K_D."""


def _descent(K: fmpq_mat, y: fmpq_mat, at: dict[str, fmpq], steps: int) -> fmpq_mat:
    alpha = before = y - y
    for _ in range(steps):
        kick = at.get("momentum", fmpq(0)) * (alpha - before)
        alpha, before = alpha + at["rate"] * (y - K * alpha) + kick, alpha
    return alpha


def _tikhonov(K: fmpq_mat, y: fmpq_mat, at: dict[str, fmpq], rounds: int) -> fmpq_mat:
    alpha = y - y
    for _ in range(rounds):
        alpha = alpha + (K + identity(K.nrows(), at["ridge"])).inv() * (y - K * alpha)
    return alpha


def _distillation(
    K: fmpq_mat, y: fmpq_mat, at: dict[str, fmpq], rounds: int
) -> fmpq_mat:
    alpha = y - y
    for _ in range(rounds):
        alpha = (K + identity(K.nrows(), at["ridge"])).inv() * y
        y = K * alpha
    return alpha


RUNS: dict[str, Run] = {
    "descent": _descent,
    "heavy_ball": _descent,
    "tikhonov": _tikhonov,
    "distillation": _distillation,
}
"""Rules that are rational, as loops."""


@dataclass(frozen=True)
class FilterCase:
    """A problem, a rule, and for how many steps it runs."""

    problem: Problem
    rule: str
    steps: int


def cases(name: str) -> Callable[[Choose], FilterCase]:
    """Random problems, parameters and numbers of steps for a rule."""

    def build(choose: Choose) -> FilterCase:
        steps = choose(1, 4)
        given = {
            "rate": f"1/{choose(1, 9)}",
            "momentum": f"{choose(0, 3)}/4",
            "ridge": f"{choose(1, 9)}/{choose(1, 4)}",
        }
        listed = ",".join(f"{x}={given[x]}" for x in parse_names(name))
        one = random_problems.problem(
            choose, singular=bool(choose(0, 1)), repeats=bool(choose(0, 1)), most=6
        )
        return FilterCase(one, f"{name}:{listed}", steps)

    return build


def parse_names(name: str) -> list[str]:
    """The parameters of a rule."""
    from theory.training import FILTERS

    return list(FILTERS[name].parameters)


@lru_cache(maxsize=512)
def residual_polynomials(
    text: str, steps: int
) -> tuple[tuple[fmpq, ...], tuple[fmpq, ...]]:
    """Numerator and denominator of h(s) after so many steps, lowest power first.

    Examples
    --------
    >>> residual_polynomials("descent:rate=1/2", 2)
    ((4, -4, 1), (4,))
    """
    rule: Filter = parse(text)
    h = sympy.cancel(sympy.expand(rule.expression.subs(notation.time, steps)))
    top, bottom = sympy.fraction(sympy.together(h))
    lists = (sympy.Poly(part, notation.s).all_coeffs()[::-1] for part in (top, bottom))
    first, second = (tuple(rational(sympy.Rational(x)) for x in row) for row in lists)
    return first, second


def residual_of(K: fmpq_mat, text: str, steps: int) -> fmpq_mat:
    """The residual function of a matrix."""
    found = []
    for row in residual_polynomials(text, steps):
        total = fmpq_mat(K.nrows(), K.nrows())
        for x in reversed(row):
            total = total * K + identity(K.nrows(), x)
        found.append(total)
    return found[0] * found[1].inv()


def filter_conserved(case: FilterCase, formula: Formula | None = None) -> Outcome:
    """Both sides on one problem."""
    formula = formula or formulas["conservation_for_filters"]
    problem, rule = case.problem, parse(case.rule)
    at = {name: rational(x) for name, x in rule.values.items()}

    def predictor(K, data, _ridge, labels):
        alpha = RUNS[rule.name](block(K, data, data), labels, at, case.steps)
        return columns_of(K, data) * alpha

    learned = problem.learnabilities_of(problem.basis.columns, predictor)
    values = {
        samples: problem.n,
        notation.modes: problem.M,
        filtered_residual: residual_of(problem.K_D, case.rule, case.steps),
        mode_learnability: lambda index: learned[int(index.p) - 1],
    }
    left, right = evaluate(formula.lhs, values), evaluate(formula.rhs, values)
    return equal(left, right, f"{case.rule} after {case.steps}")


def laws() -> list[Law]:
    """One law for each rational rule."""
    return [
        Law(
            f"conservation/{name}",
            f"Σ L^(D) = n − tr h(K_D) for {name} at every step, h its residual function; "
            "points may repeat and kernels be singular",
            cases(name),
            filter_conserved,
            note="the rule is run step by step; h is theory's",
        )
        for name in RUNS
    ]
