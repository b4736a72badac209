"""The verdicts of a run as a grid of marks, and the sentence that a reader takes away."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from verify.experiments import Judgement

MARKS = {"confirmed": "✓", "refuted": "✗", "inconclusive": "?"}
EXPECTED = "✗*"
LEGEND = "✓ confirmed   ✗ refuted   ✗* refuted, as expected   ? too few data to say"
PLACES_NAMED = 4


def grid_of(curves: Sequence[Any]) -> list[str]:
    r"""One line a curve, one mark a place; the first line names the places.

    Examples
    --------
    >>> from verify.experiments.judgement import JudgedCurve
    >>> from verify.verdicts.agreement import within
    >>> inside, outside = within(0, 0.001, 50, 0.02), within(0.3, 0.001, 50, 0.02)
    >>> curve = JudgedCurve("k = 0", "", (2, 16), (outside, inside), expected={2: "few"})
    >>> print("\n".join(grid_of([curve])))
          n   2 16
      k = 0  ✗*  ✓
    """
    places = list(dict.fromkeys(place for curve in curves for place in curve.grid))
    wide = max([2, *(len(str(place)) for place in places)])
    left = max(len(x) for curve in curves for x in (curve.subject, curve.name))
    head = " ".join(str(place).rjust(wide) for place in places)
    lines = [f"  {curves[0].name.rjust(left)}  {head}"]
    for curve in curves:
        marks = {
            place: EXPECTED
            if agreement.verdict.value == "refuted" and place in curve.expected
            else MARKS[agreement.verdict.value]
            for place, agreement in zip(curve.grid, curve.agreements, strict=True)
        }
        row = " ".join(marks.get(place, "").rjust(wide) for place in places)
        lines.append(f"  {curve.subject.rjust(left)}  {row}".rstrip())
    return lines


def reading(judgement: Judgement) -> list[str]:
    """What a reader should take from the verdicts, in sentences.

    How many places are confirmed; which refutations were expected, and why; which were
    not, and where; and what settles the open ones.
    """
    count: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    surprises: dict[str, list[str]] = defaultdict(list)
    for curve in judgement.curves:
        for place, agreement in zip(curve.grid, curve.agreements, strict=True):
            verdict = agreement.verdict.value
            count[verdict] += 1
            if verdict == "refuted" and place in curve.expected:
                reasons[curve.expected[place]] += 1
            elif verdict == "refuted":
                where = f"{curve.subject}, {curve.name} = {place}"
                surprises[curve.comparison].append(where)
    lines = [
        f"{count['confirmed']} of {count.total()} places agree within their margins."
    ]
    lines += [
        f"{number} refuted as expected: {reason}." for reason, number in reasons.items()
    ]
    for comparison, places in surprises.items():
        more = len(places) - PLACES_NAMED
        named = "; ".join(places[:PLACES_NAMED]) + (
            f"; {more} more" if more > 0 else ""
        )
        lines.append(
            f"{len(places)} refuted, not expected, in {comparison}: {named}. "
            "Do not use the theory there."
        )
    if count["inconclusive"]:
        lines.append(
            f"{count['inconclusive']} open: more data sets decide them; report.md says "
            "how many."
        )
    return lines
