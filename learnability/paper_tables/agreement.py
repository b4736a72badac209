"""Theory against experiment: kernel regression on random data sets, with z-scores.

z = (measured − theory)/(standard error). The number of data sets is fixed before looking.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import isfinite
from typing import Any

from learnability.paper_tables.settings import EXAMPLE_KERNEL, Settings
from learnability.table import Column, Estimate, Table
from learnability.table.cell import from_float
from learnability.table.constants import as_fraction
from learnability.table.eigenvalues import short_name
from numerics import predict, spectrum
from theory.numbers import integer

SIZES = (4, 16, 64)
LEVELS = (0, 1, 2)
TRIALS = 1000
STATISTICS = {"learnability": "L", "test_mse": "test MSE"}
HEADINGS = {"learnability": r"$\mathcal{L}$", "test_mse": r"$\mathcal{E}$"}


def agreement(settings: Settings) -> Table:
    """Learnability and test MSE of single-level targets: theory, measured, z.

    Raises
    ------
    OutOfDomain
        When n or a level is out of range, or the number of data sets is odd.
    """
    pairs = settings.pairs((EXAMPLE_KERNEL,))
    trials = TRIALS if settings.trials is None else settings.trials
    cases = [
        (
            kernel,
            place,
            levels,
            sizes,
            _problems(settings, kernel, place, levels, sizes),
        )
        for kernel, place in pairs
        for levels, sizes in [(_levels(settings, place), _sizes(settings, place))]
    ]
    body: list[tuple[Any, ...]] = []
    total = sum(len(sizes) for *_, sizes, _ in cases)
    done = 0
    for kernel, place, levels, sizes, problems in cases:
        s = spectrum(kernel, place, digits=20)
        measured = []
        for n, one in zip(sizes, problems, strict=True):
            settings.tell(done, total, f"{short_name(kernel)} on {place}, n = {n}")
            measured.append(_simulate(one, trials, settings.seed))
            done += 1
        for row, k in enumerate(levels):
            p = predict(s, {k: 1}, sizes, settings.ridge)
            theory = {"learnability": p.learnability[k], "test_mse": p.test_mse}
            for column, n in enumerate(sizes):
                cells: list[Any] = [k, as_fraction(n)]
                for name in STATISTICS:
                    value = float(theory[name][column])
                    found = measured[column].mean(name, row)
                    seen = Estimate(found.value, found.error)
                    cells += [from_float(value, p.relative_error), seen]
                    cells.append(z_score(seen, value))
                head = (str(place), short_name(kernel)) if len(pairs) > 1 else ()
                body.append((*head, *cells))
    columns = [Column("level", "k", "$k$"), Column("n", "n", "$n$")]
    if len(pairs) > 1:
        columns[:0] = [
            Column("domain", "domain", "domain"),
            Column("kernel", "kernel", "kernel"),
        ]
    for name, heading in STATISTICS.items():
        letter = HEADINGS[name]
        columns += [
            Column(f"{name}_theory", f"{heading} theory", letter, "", "float64", name),
            Column(
                f"{name}_measured",
                f"{heading} measured",
                f"{letter} measured",
                "",
                "standard error",
                "kernel regression",
            ),
            Column(f"{name}_z", "z", "$z$", source="difference over standard error"),
        ]
    named = ", ".join(f"{short_name(kernel)} on {place}" for kernel, place in pairs)
    ridge = "" if settings.ridge == 0 else f" with ridge {settings.ridge}"
    return Table(
        tuple(columns),
        tuple(body),
        f"Theory against kernel regression{ridge} on {trials} data sets: {named}.",
        settings.digits,
        settings.show,
        settings.command,
        settings.seed,
        notes=("z counts standard errors between measurement and theory.",),
    )


def z_score(measured: Estimate, theory: float) -> Fraction | None:
    """How many standard errors lie between, to a tenth; None where there is no error.

    Examples
    --------
    >>> z_score(Estimate(1.3, 0.1), 1.0)
    Fraction(3, 1)
    """
    if not isfinite(measured.error) or measured.error == 0:
        return None
    return Fraction(round(10 * (measured.value - theory) / measured.error), 10)


def _levels(settings: Settings, place: Any) -> list[int]:
    if settings.levels is not None:
        return list(settings.levels)
    return [k for k in LEVELS if k <= place.last_level]


def _sizes(settings: Settings, place: Any) -> list[int]:
    sizes = settings.n or [n for n in SIZES if n <= place.size]
    return [integer(n, "n", least=1) for n in sizes]


def _problems(
    settings: Settings,
    kernel: Any,
    place: Any,
    levels: Sequence[int],
    sizes: Sequence[int],
) -> list[Any]:
    """Everything that will be simulated, checked before anything runs."""
    from verify.regression import problem

    targets = [{k: 1} for k in levels]
    return [problem(kernel, place, targets, n, settings.ridge) for n in sizes]


def _simulate(problem: Any, trials: int, seed: int) -> Any:
    from verify.regression import simulate

    return simulate(problem, trials, seed)
