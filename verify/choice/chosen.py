"""A choice: the candidates in order, the three numbers, and what it depends on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from numerics import Ball
from theory.methods import FromAbove
from verify.choice.candidates import Candidate, Task
from verify.choice.exact_floor import ErrorFloor

BELOW = 1e-6
SHOWN = 8
"""Levels whose learnability is printed; all are in ``records``."""


@dataclass(frozen=True)
class Choice:
    """What ``choose`` found.

    Attributes
    ----------
    task
        What was asked.
    objective, goal
        What was minimised, and the MSE that an n was sought for.
    candidates
        The kernels, the best first.
    floor
        The exact floor; None where the domain has no group, or there are several targets.
    framework
        The framework's optimum n C*: it bounds nothing that is measured. None on data.
    proved
        The best candidate's test MSE as a ball, where an equation proves it.
    evaluated
        How many kernels a search evaluated; 0 where they were named.
    frontier
        n → (the best of the candidates there, its test MSE, n C*).
    sensitivity
        Parameter of the best kernel → relative change of the test MSE when it grows, and
        when it shrinks, by a tenth.
    cone
        The best member of the cone of nets; None where it was not looked for.
    otherwise
        Training time or width that was asked for; empty where regression is meant.
    """

    task: Task
    objective: str
    goal: float | None
    candidates: tuple[Candidate, ...]
    floor: ErrorFloor | None
    framework: float | None
    proved: Ball | None = None
    evaluated: int = 0
    frontier: Mapping[int, tuple[str, float, float | None]] = field(
        default_factory=dict
    )
    sensitivity: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    cone: Any = None
    otherwise: str = ""

    table = FromAbove("learnability.methods")
    plot = FromAbove("learnability.methods")
    to_dataframe = FromAbove("learnability.methods")

    @property
    def best(self) -> Candidate:
        """The first candidate."""
        return self.candidates[0]

    @property
    def kernel(self) -> Any:
        """The chosen kernel."""
        return self.best.kernel

    @property
    def ridge(self) -> float:
        """Its ridge."""
        return self.best.ridge

    @property
    def test_mse(self) -> float:
        """Its predicted test MSE."""
        return self.best.test_mse

    @property
    def regret(self) -> float | None:
        """Its test MSE over the framework's optimum."""
        return self.best.regret

    @property
    def tied(self) -> tuple[Candidate, ...]:
        """Candidates that are as good as the best one within the theory's own error."""
        return tuple(x for x in self.candidates if x.tied)

    @property
    def verdict(self) -> str:
        """The choice in a sentence."""
        others = [str(x.kernel) for x in self.tied]
        if others:
            return (
                f"{self.kernel} is predicted best, tied with {', '.join(others)} within "
                "the theory's own error"
            )
        if len(self.candidates) == 1:
            return f"{self.kernel} is the only candidate"
        second = self.candidates[1]
        lead = second.value / self.best.value - 1
        return (
            f"{self.kernel} is predicted best, {100 * lead:.3g} % ahead of {second.kernel}, "
            "more than the theory's own error"
        )

    @property
    def text(self) -> str:
        """What is beside the table: the three numbers, sensitivity, learnability spent."""
        lines = [self.verdict + "."]
        if self.floor is not None:
            lines.append(
                f"exact floor of equivariant linear rules: {self.floor}; "
                f"rank bound of its levels: {float(self.floor.level_bound):.6g}"
            )
            if self.test_mse < self.floor.lower * (1 - BELOW):
                lines.append(
                    "the prediction lies below that floor, so the theory is off here: "
                    "measure it (--verify)"
                )
        elif len(self.task.targets) > 1:
            lines.append("exact floor: it is for one target")
        else:
            lines.append("exact floor: none, the domain has no group")
        if self.framework is not None:
            lines.append(
                f"framework's optimum n C*: {self.framework:.6g} (no bound on anything measured)"
            )
        if self.proved is not None:
            lines.append(f"test MSE of the choice, proved: {self.proved}")
        if self.evaluated:
            lines.append(f"{self.evaluated} kernels were evaluated")
        if self.otherwise:
            lines.append(f"errors are those at {self.otherwise}")
        order = sorted(self.best.spent.items(), key=lambda row: -row[1])
        rest = sum(x for _, x in order[SHOWN:])
        spent = ", ".join(f"{k}: {x:.4g}" for k, x in order[:SHOWN])
        spent += f", all others: {rest:.2g}" if len(order) > SHOWN else ""
        if spent:
            lines.append(f"learnability spent by level, Σ = n = {self.task.n}: {spent}")
        for name in self.best.edges:
            lines.append(f"{name} of the best kernel lies on the edge of the search")
        for name, (up, down) in self.sensitivity.items():
            lines.append(
                f"{name} + 10 %: test MSE {100 * up:+.2g} %; − 10 %: {100 * down:+.2g} %"
            )
        for n, (name, mse, optimum) in self.frontier.items():
            beside = "" if optimum is None else f", n C* {optimum:.4g}"
            lines.append(f"at n = {n}: {name}, test MSE {mse:.4g}{beside}")
        if self.cone is not None:
            lines.append(str(self.cone))
        for remark in dict.fromkeys(x.remark for x in self.candidates if x.remark):
            whose = [str(x.kernel) for x in self.candidates if x.remark == remark]
            more = f" and {len(whose) - 1} more" if len(whose) > 1 else ""
            lines.append(f"{whose[0]}{more}: {remark}")
        return "\n".join(lines)

    def __str__(self) -> str:
        rows = [
            f"{x.test_mse:.6g}  ridge {x.ridge:.4g}  {'tied  ' if x.tied else ''}{x.kernel}"
            for x in self.candidates
        ]
        return "\n".join([*rows, self.text])

    def verify(self, trials: Any = 100, seed: Any = 0, **options: Any) -> Any:
        """Measure the candidates on shared data sets; see ``verify.choice.ranking``."""
        from verify.choice.ranking import verified

        return verified(self, trials, seed, **options)

    def verify_nets(self, **options: Any) -> Any:
        """Train nets of finite width; see ``verify.choice.trained_candidates``."""
        from verify.choice.trained_candidates import verified_nets

        return verified_nets(self, **options)

    def records(self) -> dict[str, Any]:
        """The choice as data for json."""
        floor = self.floor
        found: dict[str, Any] = {
            "floor": None if floor is None else repr(float(floor.value)),
            "floor_exact": None
            if floor is None or not floor.is_exact
            else str(floor.value),
            "floor_interval": None
            if floor is None
            else [repr(floor.lower), repr(floor.upper)],
            "level_bound": None if floor is None else repr(float(floor.level_bound)),
            "framework_optimum": None
            if self.framework is None
            else repr(self.framework),
            "candidates": [
                {
                    "kernel": str(x.kernel),
                    "ridge": repr(x.ridge),
                    "test_mse": repr(x.test_mse),
                    "own_error": repr(x.own_error),
                    "regret": None if x.regret is None else repr(x.regret),
                    "tied": x.tied,
                    "value": repr(x.value),
                    "spent": {str(k): repr(v) for k, v in x.spent.items()},
                    "remark": x.remark,
                    "edges": list(x.edges),
                }
                for x in self.candidates
            ],
            "verdict": self.verdict,
            "sensitivity": {k: list(map(repr, v)) for k, v in self.sensitivity.items()},
            "frontier": [
                {"n": n, "kernel": k, "test_mse": repr(e), "framework_optimum": repr(o)}
                for n, (k, e, o) in self.frontier.items()
            ],
            "cone": None if self.cone is None else self.cone.records(),
        }
        if self.task.is_data:
            found["data"] = self.task.domain.facts
        return found


def ranked(candidates: list[Candidate]) -> tuple[Candidate, ...]:
    """By what was minimised; tied where the difference to the best is within its error."""
    rows = sorted(candidates, key=lambda x: (x.value, x.test_mse))
    best = rows[0]
    return tuple(replace(x, tied=len(rows) > 1 and _is_tied(best, x)) for x in rows)


def _is_tied(best: Candidate, other: Candidate) -> bool:
    """Errors are largely shared, so a pair's margin is the larger of the two."""
    if other is best:
        return False
    margin = max(best.own_error, other.own_error)
    return other.value <= best.value * (1 + margin)


__all__ = ["Choice", "ranked"]
