"""Is the ranking right? Predictions are frozen, then all candidates meet the same data.

A pair counts where the predictions differ by more than the theory's own error; its sign
must be right at simultaneous 95 % (Holm, paired differences). Beside that: how much worse
than the best measured one the chosen one may be, Kendall's τ, and three controls that must
fail: a reversed ranking, the other kind of kernel (NNGP for NTK), and C off by 5 %.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from theory import EngineError, Kernel, OutOfDomain, Unsupported
from theory.numbers import integer, rational
from verify.choice.candidates import Candidate, Task, candidate
from verify.regression.mean import Mean
from verify.verdicts.verdict import Verdict

Floats = NDArray[np.float64]
ALPHA = 0.05
RESAMPLES = 1000
FEW = 8
OFF = 1.05
LEAST = 1e-300
SAMPLINGS = {"distinct": "without_replacement", "replacement": "with_replacement"}


@dataclass(frozen=True)
class ComparedPair:
    """Two candidates, the one predicted better first.

    Attributes
    ----------
    first, second
        Their places in the ranking.
    predicted
        ln of the ratio of predicted errors, negative.
    margin
        The theory's own error: closer pairs are tied and not counted.
    difference
        Mean paired difference of measured errors, first − second.
    p
        Holm's p-value for the sign that was predicted, and for the other one.
    verdict
        ``right``, ``wrong``, ``open``, or ``tied``.
    """

    first: int
    second: int
    predicted: float
    margin: float
    difference: Mean
    p: tuple[float, float]
    verdict: str


@dataclass(frozen=True)
class VerifiedRanking:
    """The protocol's outcome; true where it is confirmed.

    Attributes
    ----------
    kernels
        As they were ranked.
    predicted
        Frozen predictions, and the digest under which they were frozen.
    measured
        Mean test MSE of each candidate, on the same data sets.
    pairs
        Every pair.
    excess
        Upper 95 % limit of (chosen − best)/best, measured.
    tau
        Kendall's τ over pairs that are not tied, with its bootstrap interval.
    controls
        Control → whether it failed, as it must; None where it does not apply.
    rank
        Smallest and largest numerical rank of K_DD, of each candidate.
    how
        What was measured: how many data sets, of what.
    floor
        A sentence on what lies below the exact floor; empty where nothing does.
    """

    kernels: tuple[str, ...]
    predicted: tuple[float, ...]
    digest: str
    measured: tuple[Mean, ...]
    pairs: tuple[ComparedPair, ...]
    excess: float
    tau: tuple[float, float, float]
    controls: Mapping[str, bool | None]
    rank: tuple[tuple[int, int], ...]
    how: str
    floor: str = ""

    @property
    def verdict(self) -> Verdict:
        """Refuted if a pair has the wrong sign; confirmed if all have the right one.

        Where all pairs are tied there is nothing to confirm.
        """
        found = [x.verdict for x in self.pairs if x.verdict != "tied"]
        if "wrong" in found:
            return Verdict.REFUTED
        good = all(x is not False for x in self.controls.values())
        if "open" in found or not found or not good:
            return Verdict.INCONCLUSIVE
        return Verdict.CONFIRMED

    def __bool__(self) -> bool:
        return self.verdict == Verdict.CONFIRMED

    def __str__(self) -> str:
        counts = {
            word: sum(x.verdict == word for x in self.pairs)
            for word in ("right", "wrong", "open", "tied")
        }
        lines = [
            f"{self.verdict}: {self.how}; predictions frozen as {self.digest[:12]}"
        ]
        for name, said, seen, rank in zip(
            self.kernels, self.predicted, self.measured, self.rank, strict=True
        ):
            ranks = f"{rank[0]}" if rank[0] == rank[1] else f"{rank[0]} to {rank[1]}"
            ranks = f", rank {ranks}" if rank[1] else ""
            lines.append(f"  predicted {said:.4g}, measured {seen}{ranks}: {name}")
        lines.append("pairs: " + ", ".join(f"{n} {word}" for word, n in counts.items()))
        lines.append(
            f"the chosen one is at most {100 * self.excess:.2g} % above the best"
        )
        low, high = self.tau[1:]
        lines.append(f"Kendall τ {self.tau[0]:.3f}, between {low:.3f} and {high:.3f}")
        for name, failed in self.controls.items():
            what = {
                True: "fails, as it must",
                False: "did not fail",
                None: "not applicable",
            }
            lines.append(f"control, {name}: {what[failed]}")
        return "\n".join([*lines, *([self.floor] if self.floor else [])])

    def records(self) -> dict[str, Any]:
        """As data for json."""
        return {
            "verdict": str(self.verdict),
            "digest": self.digest,
            "how": self.how,
            "candidates": [
                {"kernel": k, "predicted": repr(p), "measured": repr(m.value),
                 "measured_error": repr(m.error), "rank": list(r)}
                for k, p, m, r in zip(
                    self.kernels, self.predicted, self.measured, self.rank, strict=True
                )
            ],
            "pairs": [
                {"first": x.first, "second": x.second, "predicted": repr(x.predicted),
                 "margin": repr(x.margin), "difference": repr(x.difference.value),
                 "difference_error": repr(x.difference.error), "verdict": x.verdict}
                for x in self.pairs
            ],
            "excess": repr(self.excess),
            "tau": list(map(repr, self.tau)),
            "controls": dict(self.controls),
        }  # fmt: skip


def verified(
    choice: Any, trials: Any = 100, seed: Any = 0, *, most: Any = FEW
) -> VerifiedRanking:
    """Measure the candidates of a choice as kernel regression on shared data sets.

    Parameters
    ----------
    choice
        What ``choose`` found.
    trials
        Data sets, an even number of at least 10.
    seed
        Fixes them and their noise.
    most
        How many of the candidates are measured: the best, and others all through the
        ranking.

    Raises
    ------
    OutOfDomain
        When there is one candidate only, several targets, or trials are too few.
    Unsupported
        When the choice is for a training time or a width.
    """
    count = integer(trials, "trials", least=10)
    chance = integer(seed, "seed", most=2**63 - 1)
    task: Task = choice.task
    if choice.otherwise:
        raise Unsupported(
            f"a ranking at {choice.otherwise} is not verified here; learnability verify "
            "regression --time measures errors in time"
        )
    if len(task.targets) > 1 or choice.objective == "worst":
        raise OutOfDomain("a ranking over several targets is not verified; take one")
    size = min(len(choice.candidates), integer(most, "most", least=2))
    places = np.linspace(0, len(choice.candidates) - 1, size).round().astype(int)
    rows = [choice.candidates[k] for k in dict.fromkeys(places.tolist())]
    if len(rows) < 2:
        raise OutOfDomain("one candidate alone has no ranking; name another")
    rows = [_with_ridge_above_zero(x, task) for x in rows]
    digest = frozen(rows)
    measure = _data_errors if task.is_data else _errors
    found = [measure(x.kernel, x.ridge, task, count, chance) for x in rows]
    errors = np.array([x[0] for x in found])
    controls = {
        "the ranking reversed": _reversed(rows, errors),
        "NNGP for NTK": _swapped(rows, errors, task),
        "C off by 5 %": _off(rows, [x[2] for x in found], task),
    }
    what = "held-out errors of" if task.is_data else "test errors of"
    how = f"{what} kernel regression on {count} shared data sets of n = {task.n}"
    return judged(rows, errors, controls, tuple(x[1] for x in found), how, digest)


def frozen(rows: Sequence[Candidate]) -> str:
    """The digest of predictions, taken before anything is measured."""
    listed = [
        [str(x.kernel), repr(x.ridge), repr(x.test_mse), x.own_error] for x in rows
    ]
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()


def judged(rows, errors: Floats, controls, rank, how: str, digest: str) -> Any:
    """The outcome from errors of shared data sets, shape [candidate, data set]."""
    order = sorted(range(len(rows)), key=lambda i: rows[i].test_mse)
    rows = [rows[i] for i in order]
    errors, rank = errors[order], tuple(rank[i] for i in order)
    pairs = compared(rows, errors)
    means = tuple(Mean.of(x) for x in errors)
    return VerifiedRanking(
        tuple(str(x.kernel) for x in rows),
        tuple(x.test_mse for x in rows),
        digest,
        means,
        pairs,
        _excess(errors),
        _tau(pairs, errors),
        controls,
        rank,
        how,
    )


def compared(rows: Sequence[Candidate], errors: Floats) -> tuple[ComparedPair, ...]:
    """Every pair, judged simultaneously."""
    raw = []
    for i, j in combinations(range(len(rows)), 2):
        said = [max(rows[k].test_mse, LEAST) for k in (i, j)]
        ratio = float(np.log(said[0] / said[1]))
        margin = max(rows[i].own_error, rows[j].own_error)
        first, second = (i, j) if ratio <= 0 else (j, i)
        mean = Mean.of(errors[first] - errors[second])
        tied = abs(ratio) <= np.log1p(margin)
        raw.append((first, second, -abs(ratio), margin, mean, tied))
    counted = [x for x in raw if not x[5]]
    right = _holm([_p(x[4], -1) for x in counted])
    wrong = _holm([_p(x[4], 1) for x in counted])
    both = iter(zip(right, wrong, strict=True))
    found = []
    for first, second, ratio, margin, mean, tied in raw:
        p = (1.0, 1.0) if tied else next(both)
        verdict = (
            "tied" if tied
            else "right" if p[0] <= ALPHA
            else "wrong" if p[1] <= ALPHA
            else "open"
        )  # fmt: skip
        found.append(ComparedPair(first, second, ratio, margin, mean, p, verdict))
    return tuple(found)


def _p(mean: Mean, sign: int) -> float:
    """One-sided p-value for a mean of that sign."""
    if mean.error == 0:
        return 0.0 if sign * mean.value > 0 else 1.0
    return float(student.sf(sign * mean.value / mean.error, mean.samples - 1))


def _holm(values: Sequence[float]) -> list[float]:
    """Adjusted p-values by Holm's method.

    Examples
    --------
    >>> _holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(values)
    found, most = [1.0] * len(values), 0.0
    for place, k in enumerate(order):
        most = max(most, min(1.0, (len(values) - place) * values[k]))
        found[k] = most
    return found


def _excess(errors: Floats) -> float:
    """Upper 95 % limit of how far the first one lies above the best measured one."""
    means = errors.mean(axis=1)
    best = int(np.argmin(means))
    if best == 0:
        return 0.0
    mean = Mean.of(errors[0] - errors[best])
    upper = mean.value + float(student.ppf(0.95, mean.samples - 1)) * mean.error
    return max(0.0, upper) / float(means[best])


def _tau(pairs: Sequence[ComparedPair], errors: Floats) -> tuple[float, float, float]:
    """Kendall's τ over pairs that are not tied, and its paired bootstrap interval."""
    counted = [(x.first, x.second) for x in pairs if x.verdict != "tied"]
    if not counted:
        return float("nan"), float("nan"), float("nan")
    first, second = np.array(counted).T
    value = lambda means: float(np.mean(np.sign(means[second] - means[first])))
    generator = np.random.default_rng(len(counted))
    trials = errors.shape[1]
    some = [
        value(errors[:, generator.integers(trials, size=trials)].mean(axis=1))
        for _ in range(RESAMPLES)
    ]
    low, high = np.quantile(some, [0.025, 0.975])
    return value(errors.mean(axis=1)), float(low), float(high)


def _with_ridge_above_zero(x: Candidate, task: Task) -> Candidate:
    """Regression's mean error is infinite below zero: such a candidate is taken at 0."""
    if 0 <= x.ridge < np.inf:
        return replace(x, ridge=float(f"{x.ridge:.6g}"))
    size = 0 if x.ridge < 0 else 10**6
    return replace(
        candidate(x.kernel, replace(task, ridge=size)), own_error=x.own_error
    )


def _errors(kernel: Kernel, ridge: float, task: Task, trials: int, seed: int):
    """Errors of each data set, ranks of K_DD, and Σ L as measured."""
    from verify.regression import problem, simulate

    asked = problem(
        kernel,
        task.domain,
        {k: v for k, v in task.targets[0].items() if v},
        task.n,
        f"{ridge:.6g}",
        task.noise,
        SAMPLINGS.get(task.sampling),
    )
    found = simulate(asked, trials + trials % 2, seed)
    rank = int(found.rank.min()), int(found.rank.max())
    return found.test_mse[:trials, 0], rank, Mean.of(found.learned)


def _data_errors(kernel: Kernel, ridge: float, task: Task, trials: int, seed: int):
    s = task.domain.eigensystem(kernel)
    found = s.measure(task.n, f"{ridge:.6g}", trials=trials, seed=seed)
    return found.held_out_mse.mean(axis=1), (0, 0), None


def _reversed(rows: Sequence[Candidate], errors: Floats) -> bool | None:
    """Whether the reversed ranking is refuted; None where all pairs are tied."""
    said = sorted(x.test_mse for x in rows)[::-1]
    order = np.argsort([x.test_mse for x in rows])
    wrong = list(rows)
    for place, k in enumerate(order):
        wrong[k] = replace(rows[k], test_mse=said[place])
    found = [x.verdict for x in compared(wrong, errors) if x.verdict != "tied"]
    return "wrong" in found if found else None


def _swapped(rows: Sequence[Candidate], errors: Floats, task: Task) -> bool | None:
    """Whether errors predicted by the other kind of kernel are refuted for some net."""
    other = {"ntk": "nngp", "nngp": "ntk"}
    applies = None
    for x, own in zip(rows, errors, strict=True):
        if x.kernel.family not in other:
            continue
        kernel = Kernel(other[x.kernel.family], x.kernel.parameters)
        try:
            wrong = candidate(kernel, replace(task, ridge=_exact(x.ridge)))
        except EngineError:
            continue
        mean, margin = Mean.of(own), wrong.test_mse * x.own_error
        if abs(wrong.test_mse - x.test_mse) < 2 * margin + 5 * mean.error:
            continue  # too close for these data sets to tell the two kinds apart
        applies = bool(applies) or (
            abs(mean.value - wrong.test_mse) > margin + 2.6 * mean.error
        )
    return applies


def _exact(ridge: float) -> Any:
    return rational(f"{ridge:.6g}", "ridge")


def _off(rows: Sequence[Candidate], learned: Sequence[Any], task: Task) -> bool | None:
    """Whether Σ L with C off by 5 % is refuted, where the ridge takes a share of n."""
    applies = None
    for x, seen in zip(rows, learned, strict=True):
        if seen is None or x.spent.get("ridge", 0.0) < 0.02 * task.n:
            continue
        levels = [v for k, v in x.spent.items() if k != "ridge"]
        said = sum(levels)
        moved = _moved_sum(x, task)
        if (
            moved is None
            or abs(moved - said) < 4 * abs(seen.value - said) + 4 * seen.error
        ):
            continue
        applies = bool(applies) or abs(seen.value - moved) > 2.6 * seen.error
    return applies


def _moved_sum(x: Candidate, task: Task) -> float | None:
    """Σ L where every C is 5 % larger: L/(1 − L) falls by that."""
    total = 0.0
    for k, v in x.spent.items():
        if k == "ridge":
            continue
        if k == "above":
            total += v / OFF
            continue
        g = float(task.domain.multiplicity(k))
        odds = (v / g) / max(1 - v / g, 1e-15) / OFF
        total += g * odds / (1 + odds)
    return total
