"""Theory against experiment: kernel regression on random data sets, with z-scores.

z = (measured − theory)/(standard error). The number of data sets is fixed before looking.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import isfinite
from typing import Any

from learnability.subjects import Subject, several, shared_words, subjects
from learnability.table.cell import Estimate, as_fraction, from_float
from learnability.table.table import Column, Table
from numerics import predict
from theory.errors import OutOfDomain
from theory.numbers import integer

SIZES = (4, 16, 64)
LEVELS = (0, 1, 2)
TRIALS = 1000
STATISTICS = {"learnability": "L", "test_mse": "test MSE"}
HEADINGS = {"learnability": r"$\mathcal{L}$", "test_mse": r"$\mathcal{E}$"}


def agreement(
    *subject: Any,
    n: Any = None,
    levels: Sequence[int] | None = None,
    ridge: Any = 0,
    trials: int = TRIALS,
    seed: int = 0,
    show: int = 6,
    command: Sequence[str] = (),
    progress: Callable[[int, int, str], None] | None = None,
) -> Table:
    """Learnability and test MSE of single-level targets: theory, measured, z.

    Parameters
    ----------
    subject
        Kernels and domains, as objects or text, in any order.
    n
        Training points.
    levels
        Levels of the targets.
    ridge
        δ ≥ 0.
    trials
        Random data sets, an even number.
    seed
        Of what is measured.
    show
        Digits that are printed.
    command, progress
        Words for the caption; called with (done, total, what).

    Raises
    ------
    OutOfDomain
        When n or a level is out of range, or the number of data sets is odd.

    Examples
    --------
    >>> made = agreement("exponential", "hypercube:4", n=[8], levels=[1], trials=50)
    >>> [column.heading for column in made.columns][2:5]
    ['L theory', 'L measured', 'z']
    """
    chosen = subjects(subject)
    if any(one.kernel is None for one in chosen):
        raise OutOfDomain(
            "agreement takes kernels and domains: spectra have no points to regress on"
        )
    cases = []
    for one in chosen:
        wanted = [k for k in LEVELS if k <= one.domain.last_level]
        wanted = wanted if levels is None else several(levels)
        places = (
            several(n) if n is not None else [m for m in SIZES if m <= one.domain.size]
        )
        whole = [integer(m, "n", least=1) for m in places]
        cases.append((one, wanted, whole, _problems(one, wanted, whole, ridge)))
    shared, names = shared_words(chosen)
    body: list[tuple[Any, ...]] = []
    total = sum(len(places) for _, _, places, _ in cases)
    done = 0
    for (one, wanted, places, problems), name in zip(cases, names, strict=True):
        s = one.spectrum(20)
        measured = []
        for size, asked in zip(places, problems, strict=True):
            if progress is not None:
                progress(done, total, f"{one.words()}, n = {size}")
            measured.append(_simulate(asked, trials, seed))
            done += 1
        for row, k in enumerate(wanted):
            p = predict(s, {k: 1}, places, ridge)
            theory = {"learnability": p.learnability[k], "test_mse": p.test_mse}
            for column, size in enumerate(places):
                cells: list[Any] = [k, as_fraction(size)]
                for statistic in STATISTICS:
                    value = float(theory[statistic][column])
                    found = measured[column].mean(statistic, row)
                    seen = Estimate(found.value, found.error)
                    cells += [from_float(value, p.relative_error), seen]
                    cells.append(z_score(seen, value))
                head = (name,) if len(chosen) > 1 else ()
                body.append((*head, *cells))
    columns = [Column("level", "k", "$k$"), Column("n", "n", "$n$")]
    if len(chosen) > 1:
        columns.insert(0, Column("kernel", "kernel", "kernel"))
    for name, heading in STATISTICS.items():
        letter = HEADINGS[name]
        columns += [
            Column(
                f"{name}_theory",
                f"{heading} theory",
                "theory",
                "",
                "float64",
                name,
                letter,
            ),
            Column(
                f"{name}_measured",
                f"{heading} measured",
                "measured",
                "",
                "standard error",
                "kernel regression",
                letter,
            ),
            Column(
                f"{name}_z",
                "z",
                "$z$",
                source="difference over standard error",
                group=letter,
            ),
        ]
    added = "" if ridge == 0 else f" with ridge {ridge}"
    return Table(
        tuple(columns),
        tuple(body),
        f"Theory against kernel regression{added} on {trials} data sets: {shared}.",
        15,
        show,
        command,
        seed,
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


def _problems(
    one: Subject, levels: Sequence[int], sizes: Sequence[int], ridge: Any
) -> list[Any]:
    """Everything that will be simulated, checked before anything runs."""
    from verify.regression import problem

    targets = [{k: 1} for k in levels]
    return [problem(one.kernel, one.domain, targets, size, ridge) for size in sizes]


def _simulate(problem: Any, trials: int, seed: int) -> Any:
    from verify.regression import simulate

    return simulate(problem, trials, seed)
