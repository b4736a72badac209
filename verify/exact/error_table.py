"""The theory's exact error: (theory − truth) over domain, kernel, n and level.

Truth is an average over all data sets in ℚ, theory a ball: the table has no sampling
error at all. ``python -m verify.exact.error_table`` prints it as CSV.
"""

import csv
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flint import fmpq

from numerics import Spectrum, predict, spectrum
from numerics.numbers.ball import Ball
from theory import Hypercube, UnitCircle, kernels
from theory.notation import t
from theory.numbers import exact
from verify.exact.laws.expectations import Exact, on_circle, on_cube
from verify.exact.problems.rational_matrices import fraction
from verify.exact.testing.law import Progress

DIGITS = 20
CUBE_3 = ("4/3", 3, 3, 1)  # (1 + t)³ + 1/3
EXPONENTIAL = (1, 1, "1/2", "1/6", "1/24")  # e^t to fourth order
STEEP = (1, "1/10", "1/100", "1/1000", "1/10000")
CASES: tuple[tuple[str, int, tuple[Any, ...], Sequence[int]], ...] = (
    ("hypercube", 2, (1, 1, 1), range(1, 4)),
    ("hypercube", 3, CUBE_3, range(1, 8)),
    ("hypercube", 3, (1, "1/10", "1/100", "1/1000"), range(1, 8)),
    ("hypercube", 4, EXPONENTIAL, range(1, 7)),
    ("hypercube", 4, STEEP, range(1, 7)),
    ("circle", 6, (1, 1, 1, 1), range(1, 6)),
)


@dataclass(frozen=True, slots=True)
class ErrorTableRow:
    """One level at one n: exact value, theory's value, and their difference."""

    domain: str
    kernel: str
    n: int
    level: int
    statistic: str
    exact: str
    theory: str
    radius: str
    difference: str


def rows(progress: Progress | None = None) -> Iterator[ErrorTableRow]:
    """Every row of the table, in order."""
    total = sum(len(list(ns)) for *_, ns in CASES)
    done = 0
    for domain, size, coefficients, ns in CASES:
        K = kernels.from_expression(
            sum((exact(a, "a") * t**p for p, a in enumerate(coefficients)), 0 * t)
        )
        where, truth_of = _domain(domain, size)
        levels = spectrum(K, where)
        for n in ns:
            if progress:
                progress(done, total, f"{where} n = {n}")
            done += 1
            yield from _compare(
                str(where), str(K), truth_of(size, coefficients, n), levels
            )


SOLVED: dict[str, tuple[Callable[[int], Any], Callable[..., Exact]]] = {
    "hypercube": (Hypercube, on_cube),
    "circle": (UnitCircle, on_circle),
}


def _domain(name: str, size: int) -> tuple[Any, Callable[..., Exact]]:
    domain, truth = SOLVED[name]
    return domain(size), truth


def _compare(
    domain: str, kernel: str, truth: Exact, levels: Spectrum
) -> Iterator[ErrorTableRow]:
    for k in range(len(truth.learnability)):
        said = predict(levels, {k: 1}, truth.n, digits=DIGITS)
        pairs = (
            ("learnability", truth.learnability[k], said.learnability[k]),
            ("mse", truth.mse[k], said.test_mse),
        )
        for name, value, ball in pairs:
            found = ball if isinstance(ball, Ball) else ball.item()
            decimal, radius = found.decimal(DIGITS)
            gap = float(found.midpoint - fraction(value))
            yield ErrorTableRow(
                domain,
                kernel,
                truth.n,
                k,
                name,
                _spelled(value),
                decimal,
                radius,
                f"{gap:+.6e}",
            )


def _spelled(value: fmpq) -> str:
    """The fraction itself while it is short, its decimal with 30 digits beyond."""
    text = str(value)
    return text if len(text) <= 60 else str(Ball.exact(value).decimal(30)[0])


def main() -> None:
    """Print the table as CSV."""
    writer = csv.DictWriter(
        sys.stdout, list(ErrorTableRow.__dataclass_fields__), lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(map(asdict, rows()))


if __name__ == "__main__":
    main()
