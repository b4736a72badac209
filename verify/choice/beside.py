"""What stands beside a choice: the frontier over n, sensitivity, the cone of nets."""

from dataclasses import replace
from typing import Any

from sympy import Rational

from numerics.choice.cone import best_in_cone
from numerics.choice.search import SearchProblem
from theory import EngineError, Kernel
from verify.choice.candidates import candidate
from verify.choice.chosen import Choice
from verify.choice.merit import merit_of, optima

SHARES = (Rational(1, 4), Rational(1, 2), Rational(2), Rational(4))
TENTH = Rational(11, 10), Rational(9, 10)
FIXED = ("depth", "input_variance", "degree", "order")
FEW = 4


def with_more(choice: Choice) -> Choice:
    """The choice with all that takes further predictions; what has no formula is left out."""
    return replace(
        choice,
        frontier=_frontier(choice),
        sensitivity=_sensitivity(choice),
        cone=_cone(choice),
    )


def _frontier(choice: Choice) -> dict[int, Any]:
    """The best of the first candidates at other numbers of points."""
    found: dict[int, Any] = {}
    size = choice.task.domain.size
    for share in SHARES:
        n = int(choice.task.n * share)
        if n < 1 or (size.is_Integer and n >= size):
            continue
        task = replace(choice.task, n=n)
        try:
            rows = [candidate(x.kernel, task) for x in choice.candidates[:FEW]]
        except EngineError:
            continue
        best = min(rows, key=lambda x: x.test_mse)
        mean = sum(optima(task, n)) / len(task.targets)
        found[n] = (str(best.kernel), best.test_mse, mean)
    return found


def _sensitivity(choice: Choice) -> dict[str, tuple[float, float]]:
    """The relative change of the test MSE when a parameter moves by a tenth."""
    best, found = choice.best, {}
    for name, value in best.kernel.parameters:
        if name in FIXED or not isinstance(value, Rational) or not value:
            continue
        changes = []
        for factor in TENTH:
            pairs = (
                (k, x * factor if k == name else x) for k, x in best.kernel.parameters
            )
            moved = Kernel(best.kernel.family, tuple(pairs))
            changes.append(candidate(moved, choice.task).test_mse / best.test_mse - 1)
        found[name] = (changes[0], changes[1])
    if 0 < best.ridge < float("inf"):
        ridge = Rational(str(float(f"{best.ridge:.6g}")))
        changes = [
            candidate(best.kernel, replace(choice.task, ridge=ridge * factor)).test_mse
            / best.test_mse
            - 1
            for factor in TENTH
        ]
        found["ridge"] = (changes[0], changes[1])
    return found


def _cone(choice: Choice) -> Any:
    task = choice.task
    problem = SearchProblem(
        task.domain,
        tuple({k: float(v) for k, v in x.items()} for x in task.targets),
        task.n,
        float(task.noise),
        task.sampling,
        None if task.ridge is None else float(task.ridge),
    )
    try:
        return best_in_cone(problem, merit_of(task, choice.objective))
    except EngineError:
        return None
