"""Our kernels against the oracle's, entry by entry, with a stated tolerance.

Deviations are counted in units of √(K(x, x) K(x′, x′)). Two float64 computations of a
smooth kernel differ by rounding alone, 10⁻¹³ being some hundred units of it for the
deepest nets. Where φ has a kink, rounding of a cosine near ±1 turns into an error
eps/θ of the angle, at most √eps, in each layer of the oracle; ours works with
(1 − cos θ)/2 and has none. Entries for which the oracle gives nan, or divides by almost
0, are left out, and counted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from theory import Kernel
from verify.oracles.cases import Case, OracleActivation
from verify.regression import kernel_matrix
from verify.verdicts.report import Report
from verify.verdicts.verdict import Verdict

EPS = float(np.finfo(np.float64).eps)
ROUNDING = 1e-13
Floats = NDArray[np.float64]
Answers = Mapping[tuple[str, str], Floats]
"""(name of the case, family) → the oracle's kernel matrix."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """The worst entry of one comparison.

    Attributes
    ----------
    ratio
        Its deviation over its tolerance: above 1 refutes.
    size
        The largest deviation in units of √(K K′), entries at kinks left out.
    cusp
        The same at entries where rounding is magnified.
    entries, missing
        Entries compared, and entries where the oracle is no reference.
    where
        Case, family and entry of the worst one, with both values.
    """

    ratio: float
    size: float
    cusp: float
    entries: int
    missing: int
    where: str


def sines(x: Floats) -> Floats:
    """The sine of the angle between every two inputs, shape [n, n]."""
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    gap = np.linalg.norm(unit[:, None] - unit[None], axis=2)
    return gap * np.sqrt(np.maximum(1 - gap**2 / 4, 0.0))


def tolerance(case: Case, x: Floats) -> Floats:
    """The largest deviation that rounding explains, in units of √(K K′), shape [n, n].

    Examples
    --------
    >>> from verify.oracles.cases import cases, inputs
    >>> bool(tolerance(cases()[0], inputs())[0, 1] < 2e-13)
    True
    """
    allowed = np.full((len(x), len(x)), ROUNDING)
    if case.activation.kinked:
        allowed += 2 * case.depth * EPS / np.maximum(sines(x), np.sqrt(EPS))
    return allowed


def deviation(
    case: Case, family: str, theirs: Floats, x: Floats, kernel: Kernel | None = None
) -> Deviation:
    """How far our kernel (or another one in its place) is from the oracle's."""
    ours = kernel_matrix(kernel or case.kernel(family), x, norms="own")
    unit = np.sqrt(np.outer(np.diag(ours), np.diag(ours)))
    allowed = tolerance(case, x)
    known = np.isfinite(theirs) & (sines(x) >= case.activation.singular)
    gaps = np.where(known, np.abs(ours - theirs) / unit, 0.0)
    ratios = gaps / allowed
    row, column = (int(k) for k in np.unravel_index(int(ratios.argmax()), ratios.shape))
    steep = allowed > 2 * ROUNDING
    said = (
        f"{family}:{case.name}, inputs {row} and {column}: ours "
        f"{float(ours[row, column])!r}, the oracle's {float(theirs[row, column])!r}"
    )
    return Deviation(
        float(ratios.max()),
        float(np.max(gaps, where=~steep, initial=0.0)),
        float(np.max(gaps, where=steep, initial=0.0)),
        int(known.sum()),
        int((~known).sum()),
        said,
    )


def compare(
    name: str,
    activation: OracleActivation,
    cases: Iterable[Case],
    answers: Answers,
    x: Floats,
) -> Report:
    """One report for an activation: all depths, variances, entries, NNGP and NTK."""
    found = [
        deviation(case, family, answers[case.name, family], x)
        for case in cases
        if case.activation == activation
        for family in case.families
    ]
    worst = max(found, key=lambda one: one.ratio)
    missing = sum(one.missing for one in found)
    effect = f"largest |ΔK|/√(KK′) {max(one.size for one in found):.1e}"
    cusp = max(one.cusp for one in found)
    if cusp:
        effect += (
            f", {cusp:.1e} at angles near 0 and π (its formulas lose digits there)"
        )
    if missing:
        effect += (
            f", {missing} entries left out, where the oracle divides by (almost) 0"
        )
    claim = (
        f"NNGP and NTK of {activation.ours} nets are the oracle's, to rounding"
        if activation.tangent
        else f"the NNGP of {activation.ours} nets is the oracle's, to rounding"
    )
    return Report(
        claim,
        Verdict.CONFIRMED if worst.ratio <= 1 else Verdict.REFUTED,
        sum(one.entries for one in found),
        name=name,
        effect=effect,
        counterexample="" if worst.ratio <= 1 else worst.where,
    )


def controls(name: str, cases: list[Case], answers: Answers, x: Floats) -> Report:
    """Kernels that are wrong on purpose must be refuted by the same comparison."""
    case = next(c for c in cases if c.activation.ours == "relu" and c.depth == 2)
    biased = next(
        c for c in cases if c.activation == case.activation and c.bias_variance != "0"
    )
    wrong = {
        "NNGP for NTK": (case, "ntk", case.kernel("nngp")),
        "one layer more": (case, "ntk", replace(case, depth=3).kernel("ntk")),
        "one layer less": (case, "nngp", replace(case, depth=1).kernel("nngp")),
        "weight variance + 10⁻⁹": (
            biased,
            "ntk",
            replace(biased, weight_variance="1.500000001").kernel("ntk"),
        ),
        "no bias": (biased, "nngp", replace(biased, bias_variance="0").kernel("nngp")),
        "norm 1 for norm √d": (biased, "ntk", None),
    }
    missed = []
    for label, (right, family, kernel) in wrong.items():
        points = x if kernel is not None else x / np.sqrt(x.shape[1])
        found = deviation(right, family, answers[right.name, family], points, kernel)
        if found.ratio <= 1:
            missed.append(label)
    return Report(
        "kernels that are wrong on purpose are told apart: " + ", ".join(wrong),
        Verdict.INCONCLUSIVE if missed else Verdict.CONFIRMED,
        len(wrong),
        name=name,
        reason=f"not told apart: {', '.join(missed)}" if missed else "",
    )
