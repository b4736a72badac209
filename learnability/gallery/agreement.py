"""Theory against experiment: kernel regression on random data sets, with z-scores.

z = (measured − theory)/(standard error). The number of data sets is fixed before looking.
"""

from fractions import Fraction
from math import isfinite
from typing import Any

import numpy as np

from learnability.gallery.settings import EXAMPLE_KERNEL, Settings
from learnability.table import Column, Estimate, Table
from learnability.table.cell import from_float
from learnability.table.constants import as_fraction
from learnability.table.eigenvalues import short_name
from numerics import predict, spectrum
from theory.errors import OutOfDomain, Unsupported

SIZES = (4, 16, 64)
LEVELS = (0, 1, 2)
TRIALS = 1000
MAX_POINTS = 4096
STATISTICS = {"learnability": "L", "test_mse": "test MSE"}
HEADINGS = {"learnability": r"$\mathcal{L}$", "test_mse": r"$\mathcal{E}$"}


def agreement(settings: Settings) -> Table:
    """Learnability and test MSE of single-level targets: theory, measured, z.

    Raises
    ------
    OutOfDomain
        When a domain is infinite or too large to be the test set.
    """
    pairs = settings.pairs((EXAMPLE_KERNEL,))
    trials = settings.trials or TRIALS
    cases = [(kernel, place, _source(place, _levels(settings, place), settings.seed))
             for kernel, place in pairs]  # fmt: skip
    body: list[tuple[Any, ...]] = []
    for done, (kernel, place, source) in enumerate(cases):
        levels = _levels(settings, place)
        s = spectrum(kernel, place, digits=20)
        sizes = _sizes(settings, place)
        measured = _measure(
            settings, kernel, source, sizes, trials, (done, len(cases) * len(sizes))
        )
        for row, k in enumerate(levels):
            p = predict(s, {k: 1}, sizes, settings.ridge)
            theory = {"learnability": p.learnability[k], "test_mse": p.test_mse}
            for column, n in enumerate(sizes):
                cells: list[Any] = [k, as_fraction(n)]
                for name in STATISTICS:
                    value = float(theory[name][column])
                    seen = _estimate(getattr(measured[column], name)[:, row])
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
    sizes = [n for n in settings.n or SIZES if settings.n or n <= place.size]
    for n in sizes:
        if n != int(n) or not 1 <= n <= place.size:
            msg = f"n = {n} must be a whole number in 1..{place.size} on {place}"
            raise OutOfDomain(msg)
    return [int(n) for n in sizes]


def _source(place: Any, levels: list[int], seed: int) -> Any:
    from theory.domains import Hypercube
    from verify.networks.domains import CircleData, HypercubeData

    if not place.size.is_Integer or place.size > MAX_POINTS:
        msg = (
            f"domain {place}: agreement tests on all points of a finite domain, "
            f"hypercube:D or circle:M with at most {MAX_POINTS}"
        )
        raise OutOfDomain(msg)
    top = int(place.last_level)
    for k in levels:
        if k > top:
            msg = f"level = {k} is outside 0..{top} of {place}"
            raise OutOfDomain(msg)
    if isinstance(place, Hypercube):
        return HypercubeData(int(place.d), tuple(f"parity:{k}" for k in levels), seed)
    return CircleData(int(place.points), tuple(f"cos:{k}" for k in levels), seed)


def _measure(
    settings: Settings,
    kernel: Any,
    source: Any,
    sizes: list[int],
    trials: int,
    place: tuple[int, int],
) -> list[Any]:
    from verify.sampling.gram import gram
    from verify.sampling.regression import kernel_regression

    if trials < 2:
        msg = f"trials = {trials}: at least 2 are needed for a standard error"
        raise Unsupported(msg)
    done, total = place
    matrix = gram(kernel, source.examples(1, (0,)).test_inputs)
    found = []
    for step, n in enumerate(sizes):
        settings.tell(done * len(sizes) + step, total, f"{short_name(kernel)}, n = {n}")
        drawn = source.examples(n, tuple(range(trials)))
        found.append(
            kernel_regression(
                matrix, drawn.indices, drawn.test_targets, float(settings.ridge)
            )
        )
    return found


def _estimate(values: np.ndarray) -> Estimate:
    spread = float(values.std(ddof=1) / np.sqrt(len(values)))
    return Estimate(float(values.mean()), spread)
