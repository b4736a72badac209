"""Labels become targets: functions on the points, one row for each."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from theory import OutOfDomain

MANY_CLASSES = 20
TASKS = ("values", "given", "classes", "parity", "A against B")
Parts = tuple[
    NDArray[np.float64] | None,
    tuple[str, ...],
    NDArray[np.int64] | None,
    tuple[str, ...],
]


def targets_of(labels: Any, task: str | None, size: int, name: str) -> Parts:
    """Targets [target, M], their names, the rows they are for (None: all), remarks.

    Raises
    ------
    OutOfDomain
        When labels are missing, of another length, constant, or unfit for the task.

    Examples
    --------
    >>> targets_of(["a", "b", "b"], None, 3, "data")[0]
    array([[ 1., -1., -1.]])
    """
    if labels is None:
        if task is not None:
            raise OutOfDomain(
                f"{name}: task = {task!r} needs labels, and there are none"
            )
        return None, (), None, ()
    values = np.asarray(labels)
    if values.ndim == 2 and values.shape[1] == size:
        return _given(values, name)
    if values.ndim != 1 or len(values) != size:
        raise OutOfDomain(f"{name}: labels of shape {values.shape} for {size} points")
    numeric = np.issubdtype(values.dtype, np.number) or values.dtype == bool
    if not numeric:
        values = _words(values, name)
    elif not np.all(np.isfinite(values.astype(float))):
        row = int(np.argmin(np.isfinite(values.astype(float))))
        raise OutOfDomain(
            f"{name}: the label of row {row + 1} is missing or not finite"
        )
    classes = np.unique(values)
    if len(classes) < 2:
        raise OutOfDomain(
            f"{name}: every label is {classes[0]}, so there is nothing to learn"
        )
    if task is None:
        whole = not numeric or np.all(values == np.round(values.astype(float)))
        task = "classes" if whole and len(classes) <= MANY_CLASSES else "values"
    if task in {"values", "given", "parity"} and not numeric:
        raise OutOfDomain(
            f"{name}: task = {task!r} needs numbers, and labels are names of classes"
        )
    return _by_task(values, classes, task, name)


def _by_task(values: np.ndarray, classes: np.ndarray, task: str, name: str) -> Parts:
    if task == "values":
        centered = values.astype(float) - values.astype(float).mean()
        scaled = centered / np.sqrt(np.mean(centered**2))
        return scaled[None], ("values",), None, ("targets: centered, mean square 1",)
    if task == "given":
        return values.astype(float)[None], ("given",), None, ()
    if task == "parity":
        if not np.all(values == np.round(values.astype(float))):
            raise OutOfDomain(f"{name}: task = 'parity' needs whole numbers as labels")
        signs = np.where(values.astype(np.int64) % 2, -1.0, 1.0)
        if np.ptp(signs) == 0:
            raise OutOfDomain(
                f"{name}: task = 'parity': all labels have the same parity"
            )
        return signs[None], ("even 1, odd -1",), None, ()
    if task == "classes":
        chosen = classes[:1] if len(classes) == 2 else classes
        rows = [np.where(values == label, 1.0, -1.0) for label in chosen]
        return np.array(rows), tuple(f"{c} against the rest" for c in chosen), None, ()
    first, word, second = task.partition(" against ")
    if not word:
        raise OutOfDomain(
            f"{name}: task = {task!r} is unknown (known: {', '.join(TASKS)})"
        )
    known = {_spell(c): c for c in classes}
    for label in (first, second):
        if label not in known:
            listed = ", ".join(list(known)[:20])
            raise OutOfDomain(
                f"{name}: task = {task!r}: no label {label!r} (known: {listed})"
            )
    if first == second:
        raise OutOfDomain(f"{name}: task = {task!r}: the two classes must differ")
    here = values == known[first]
    rows = np.flatnonzero(here | (values == known[second]))
    return np.where(here, 1.0, -1.0)[None, rows], (task,), rows, ()


def _given(values: np.ndarray, name: str) -> Parts:
    try:
        targets = values.astype(np.float64)
    except (TypeError, ValueError):
        targets = np.full(values.shape, np.nan)
    if not np.all(np.isfinite(targets)):
        raise OutOfDomain(f"{name}: targets must be finite numbers")
    if not np.all(np.any(targets != 0, axis=1)):
        raise OutOfDomain(
            f"{name}: a target vanishes on every point, so there is nothing to learn"
        )
    return targets, tuple(f"target {k}" for k in range(len(targets))), None, ()


def _words(values: np.ndarray, name: str) -> np.ndarray:
    words = np.array(["" if v is None else str(v).strip() for v in values])
    empty = np.flatnonzero(words == "")
    if len(empty):
        raise OutOfDomain(
            f"{name}: the label of row {empty[0] + 1} is missing ({len(empty)} such rows)"
        )
    return words


def _spell(label: Any) -> str:
    """A class as people write it: 3 for 3.0."""
    if isinstance(label, str):
        return label
    number = float(label)
    return str(int(number)) if number.is_integer() else str(number)
