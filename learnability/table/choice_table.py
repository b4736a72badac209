"""A choice as a table: the candidates in order, beside what was measured."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

from learnability.table.cell import Estimate, from_float
from learnability.table.table import Column, Table
from learnability.wording import short_name

RIDGE_ERROR, FLOAT_ERROR = 1e-4, 1e-9


def choice(
    made: Any,
    show: int = 5,
    *,
    verification: Any = None,
    command: Sequence[str] = (),
    seed: int | None = None,
) -> Table:
    """The candidates of a choice, the best first.

    Parameters
    ----------
    made
        What ``choose`` returned.
    show
        Digits that are printed.
    verification
        What ``made.verify()`` returned: one more column.
    command, seed
        What made it.

    Examples
    --------
    >>> from verify.choice import choose
    >>> kernels = ["polynomial:degree=1", "ntk:relu"]
    >>> table = choice(choose("hypercube:5", {1: 1}, 8, kernels, more=False))
    >>> [column.key for column in table.columns][:4], len(table.rows)
    (['kernel', 'ridge', 'test_mse', 'own_error'], 2)
    """
    data, error = made.task.is_data, r"\mathcal{E}"
    columns = [
        Column("kernel", "kernel", "kernel"),
        Column("ridge", "ridge", r"$\delta$", "", "float64", "optimal_ridge"),
        Column(
            "test_mse",
            "held-out MSE" if data else "test MSE",
            f"${error}$",
            "",
            "float64",
            made.best.equation,
        ),
        Column("own_error", "theory's error", "theory's error"),
    ]
    if not data:
        columns.append(
            Column("regret", "regret", f"${error}/nC_*$", "", "float64", "regret")
        )
    if made.objective == "n":
        columns.append(Column("n", "n for the goal", "$n$"))
    columns.append(Column("tied", "tied", "tied"))
    measured: dict[str, Any] = {}
    if verification is not None:
        columns.append(
            Column(
                "measured",
                "measured",
                "measured",
                "",
                "standard error",
                verification.how,
            )
        )
        measured = dict(zip(verification.kernels, verification.measured, strict=True))
    rows = []
    for x in made.candidates:
        cells: list[Any] = [short_name(str(x.kernel))]
        cells += [_number(x.ridge, RIDGE_ERROR), _number(x.test_mse, FLOAT_ERROR)]
        cells.append(f"{100 * x.own_error:.2g} %")
        if not data:
            cells.append(_number(x.regret, FLOAT_ERROR))
        if made.objective == "n":
            cells.append(int(x.value) if isfinite(x.value) else "none")
        cells.append("tied" if x.tied else "")
        if verification is not None:
            seen = measured.get(str(x.kernel))
            cells.append(None if seen is None else Estimate(seen.value, seen.error))
        rows.append(tuple(cells))
    task = made.task
    what = "its labels" if data else " and ".join(_target(x) for x in task.targets)
    title = (
        f"Kernels for {what} on {task.domain}, n = {task.n}, noise {task.noise}, "
        f"{task.sampling} points; by {made.objective}."
    )
    return Table(
        tuple(columns), tuple(rows), title, show=show, command=tuple(command), seed=seed
    )


def _number(x: Any, error: float) -> Any:
    if x is None:
        return None
    if x == float("inf"):
        return "inf"
    return from_float(float(x), error)


def _target(powers: Any) -> str:
    return ",".join(f"{k}={v}" for k, v in powers.items() if v)
