"""``verify floats``: float64 and JAX kernels against 60 digits, entry by entry."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from mpmath import mp, mpf

from numerics.kernel_matrices.entries import KernelEntries, kernel_entries
from theory import EngineError, kernels
from verify.floats.draws import Draw, draw, draw_numeric
from verify.floats.numeric_activations import TYPED
from verify.floats.recursion import DUALS
from verify.suites import Request
from verify.verdicts.report import Report
from verify.verdicts.verdict import Verdict

EXAMPLES, NUMERIC_EXAMPLES = 200, 46
STATED = 2.0**-44
LEAST = 1e-10
"""Kernels of activations in pieces are known to 22 digits of 1."""
NEAR_ZERO = 2.0**-90
ENTRIES = (
    "every entry of a kernel matrix is within its stated error of the exact kernel"
)
LIMIT = (
    "no stated error exceeds 2^-44 of the entry, or 2^-90 of K's size near its zeros"
)
NUMERIC = "every entry is within its stated error where the dual is a number in float64"
TRACED = "JAX evaluates the same kernel to the error of float64, eightfold"


Say = Callable[[int, int, str], object]


@dataclass
class Count:
    """What was compared for one activation, and what failed."""

    entries: int = 0
    limits: int = 0
    refused: int = 0
    traced: int = 0
    largest: float = 0.0
    failures: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)


def run(request: Request) -> list[Report]:
    """Reports for every activation: ``examples`` nets in all, 78 entries each.

    Then nets of activations without a closed dual, a quarter as many, 21 entries each.
    """
    say, start = request.progress or (lambda *_: None), perf_counter()
    total = request.examples or EXAMPLES
    counts = {name: Count() for name in DUALS}
    for number in range(total):
        case = draw(request.seed, number)
        say(number, total, case.kernel)
        compare(case, counts[case.net.activation])
    seconds = (perf_counter() - start) / len(counts)
    few = total * NUMERIC_EXAMPLES // EXAMPLES
    return [
        report
        for name, count in counts.items()
        for report in _reports(name, count, request.seed, seconds)
    ] + numeric_reports(request.seed, few, say)


def numeric_reports(seed: int, total: int, say: Say) -> list[Report]:
    """Reports for activations without a closed dual, on nets drawn in turn."""
    start, found = perf_counter(), {}
    for number in range(total):
        case = draw_numeric(seed, number)
        say(number, total, case.kernel)
        compare(case, found.setdefault(case.net.activation, Count()))
    seconds = (perf_counter() - start) / max(len(found), 1)
    return [
        _report(NUMERIC, f"numeric/{name}", count, seed, seconds)
        for name, count in found.items()
    ]


def compare(case: Draw, count: Count) -> None:
    """Compare all entries of one case, and count them."""
    kernel = kernels.parse(case.kernel)
    try:
        found = kernel_entries(kernel, case.points, norms=case.norms)
    except EngineError:
        count.refused += 1
        return
    for i, j, truth, scale in _truths(case, found):
        if case.net.activation in TYPED and scale < LEAST:
            continue
        value, error = float(found.values[i, j]), float(found.errors[i, j])
        where = f"{case.kernel}, norms {case.norms}, {case.points[[i, j]].tolist()}"
        off = abs(mpf(value) - truth)
        count.entries += 1
        if not off <= mpf(error):
            count.failures.append(f"{where}: {value!r} is off by {mp.nstr(off, 3)}")
        if error:
            count.largest = max(count.largest, float(off / mpf(error)))
        count.limits += 1
        if not error <= STATED * abs(value) + NEAR_ZERO * scale:
            count.loose.append(f"{where}: states {error:.3g} for {value!r}")
    if case.net.activation in DUALS:
        _compare_traced(case, found, count)


def _truths(case: Draw, found: KernelEntries) -> Iterator[tuple]:
    """Index pairs, K in 60 digits, and √(K(x,x) K(y,y))."""
    points = case.net.points(case.points.tolist(), own=case.norms == "own")
    size = np.sqrt(np.abs(np.diagonal(found.values)))
    for i, x in enumerate(points):
        for j, y in enumerate(points[: i + 1]):
            yield i, j, case.net.kernel(x, y), float(size[i] * size[j])


def _compare_traced(case: Draw, found: KernelEntries, count: Count) -> None:
    """JAX at the same u, where float64 settled the entry by itself."""
    try:
        import jax
    except ImportError:
        return
    if case.norms != "equal" or case.net.depth > 4:
        return
    from numerics.interpreters.jax_arrays import TRACED as ARITHMETIC
    from numerics.interpreters.program import build
    from numerics.kernel_matrices.pair_angles import PointPairs, points_of
    from theory.notation import u

    points = points_of(case.points, "X")
    half, _ = PointPairs(points, points).half(slice(None), slice(None))
    with jax.enable_x64(True):
        program = build(kernels.parse(case.kernel).half(), ARITHMETIC)
        values = np.broadcast_to(np.asarray(program({u: half})), half.shape)
    own = ~found.proved & ~np.eye(len(half), dtype=bool)
    count.traced += int(own.sum())
    wrong = own & ~(np.abs(values - found.values) <= 8 * found.errors)
    for i, j in np.argwhere(wrong):
        count.apart.append(
            f"{case.kernel} at {case.points[[i, j]].tolist()}: JAX {values[i, j]!r}, "
            f"float64 {found.values[i, j]!r}"
        )


def _reports(name: str, count: Count, seed: int, seconds: float) -> Iterator[Report]:
    yield _report(ENTRIES, f"entries/{name}", count, seed, seconds)
    rows = (
        (LIMIT, "limits", count.limits, count.loose),
        (TRACED, "jax", count.traced, count.apart),
    )
    for claim, kind, checks, failures in rows:
        if kind == "jax" and not checks:
            continue
        yield Report(
            claim,
            Verdict.REFUTED if failures else Verdict.CONFIRMED,
            checks,
            f"floats/{kind}/{name}",
            seed=seed,
            counterexample=failures[0] if failures else "",
        )


def _report(claim: str, name: str, count: Count, seed: int, seconds: float) -> Report:
    """Whether entries were within their stated errors, and what that allows."""
    refused = f"; {count.refused} matrices refused" if count.refused else ""
    bound = f"at most {1 - 0.05 ** (1 / max(count.entries, 1)):.1g} of entries (95 %)"
    return Report(
        claim,
        Verdict.REFUTED if count.failures else Verdict.CONFIRMED,
        count.entries,
        f"floats/{name}",
        effect=f"largest error {count.largest:.2f} of the stated one; misses: "
        f"{bound}{refused}",
        seed=seed,
        seconds=seconds,
        counterexample=count.failures[0] if count.failures else "",
    )
