"""Labels become targets: functions on the points, one row for each."""

from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from theory import OutOfDomain

MANY_CLASSES = 20
SMALLEST, LARGEST = 1e-100, 1e100
MOST_EXACT = 2.0**53
"""Numbers above it are whole in float64 whatever they were."""
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
    values: Any = _array(labels, name)
    if values.ndim == 2 and values.shape[0] == size and 1 in values.shape:
        values = values.ravel()
    if values.ndim == 2 and values.shape[1] == size:
        return _given(values, name)
    if values.ndim == 2 and values.shape[0] == size:
        return _several(values, task, name)
    if values.ndim != 1 or len(values) != size:
        raise OutOfDomain(f"{name}: labels of shape {values.shape} for {size} points")
    numeric = values.dtype.kind in "biuf"
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
        whole = not numeric or (
            np.all(values == np.round(values.astype(float)))
            and np.max(np.abs(values.astype(float))) <= MOST_EXACT
        )
        task = "classes" if whole and len(classes) <= MANY_CLASSES else "values"
    if task in {"values", "given", "parity"} and not numeric:
        raise OutOfDomain(
            f"{name}: task = {task!r} needs numbers, and labels are names of classes"
        )
    return _by_task(values, classes, task, name)


def _by_task(values: np.ndarray, classes: np.ndarray, task: str, name: str) -> Parts:
    if task == "values":
        said = "targets: centered, mean square 1"
        return _standard(values, name)[None], ("values",), None, (said,)
    if task == "given":
        return _within(values.astype(float)[None], name), ("given",), None, ()
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


def _array(labels: Any, name: str) -> np.ndarray:
    """Labels as an array: of numbers where all of them are, whatever its type was."""
    if hasattr(labels, "toarray"):
        raise OutOfDomain(f"{name}: the labels are sparse; pass them as .toarray()")
    values = np.asarray(labels)
    if values.dtype.kind == "c":
        raise OutOfDomain(f"{name}: the labels are complex; real numbers are needed")
    if values.dtype.kind != "O":
        return values
    flat = values.ravel().tolist()
    for row, value in enumerate(flat):
        if isinstance(value, complex | np.complexfloating):
            raise OutOfDomain(f"{name}: the label of row {row + 1} is complex")
    numbers = [isinstance(x, Real) or _is_rational(x) for x in flat]
    if all(numbers) and flat:
        return np.array([float(x) for x in flat]).reshape(values.shape)
    words = [isinstance(x, str) for x in flat]
    if any(words) and any(numbers):
        row = min(numbers.index(True), words.index(True)) + abs(
            numbers.index(True) - words.index(True)
        )
        raise OutOfDomain(
            f"{name}: the label of row {row + 1} is {flat[row]!r:.60}, while others are "
            f"{'words' if numbers[row] else 'numbers'}"
        )
    return values


def _is_rational(x: Any) -> bool:
    return hasattr(x, "__float__") and not isinstance(x, str | np.ndarray)


def _standard(values: np.ndarray, name: str) -> NDArray[np.float64]:
    """Centered and of mean square 1, at any scale that float64 holds."""
    x = values.astype(np.float64)
    size = float(np.max(np.abs(x)))
    x = x / size if size else x
    centered = x - x.mean()
    size = float(np.max(np.abs(centered)))
    if not size > 4 * np.finfo(np.float64).eps:
        raise OutOfDomain(
            f"{name}: the labels differ by rounding only, so there is nothing to learn"
        )
    centered = centered / size
    return centered / np.sqrt(np.mean(centered**2))


def _within(targets: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    """Targets whose squares float64 holds."""
    size = float(np.max(np.abs(targets)))
    if not SMALLEST <= size <= LARGEST:
        raise OutOfDomain(
            f"{name}: targets as large as {size:.3g} have squares beyond float64; "
            "task = 'values' brings them to mean square 1"
        )
    return targets


def _several(values: np.ndarray, task: str | None, name: str) -> Parts:
    """Columns as targets: one-hot columns are classes, others are values.

    Raises
    ------
    OutOfDomain
        When they are no finite numbers, one is constant, or the task is for one label.
    """
    if values.dtype.kind not in "biuf":
        raise OutOfDomain(
            f"{name}: labels of shape {values.shape} must be numbers, a column for each "
            "target"
        )
    x = values.astype(np.float64)
    if not np.all(np.isfinite(x)):
        row = int(np.argmin(np.all(np.isfinite(x), axis=1)))
        raise OutOfDomain(f"{name}: a label of row {row + 1} is missing or not finite")
    constant = np.flatnonzero(np.ptp(x, axis=0) == 0)
    if len(constant):
        raise OutOfDomain(
            f"{name}: target {constant[0]} is constant, so there is nothing to learn"
        )
    names = tuple(f"target {k}" for k in range(x.shape[1]))
    one_hot = bool(np.all((x == 0) | (x == 1)) and np.all(x.sum(axis=1) == 1))
    if task == "classes" or (task is None and one_hot):
        if not one_hot:
            raise OutOfDomain(
                f"{name}: task = 'classes': labels of shape {values.shape} are not one-hot"
            )
        names = tuple(f"class {k} against the rest" for k in range(x.shape[1]))
        return 2 * x.T - 1, names, None, ("labels: one-hot",)
    if task == "given":
        return _within(x.T, name), names, None, ()
    if task not in (None, "values"):
        raise OutOfDomain(
            f"{name}: task = {task!r} needs one label for each point, not "
            f"{x.shape[1]}; 'values' and 'given' take several"
        )
    scaled = np.array([_standard(column, name) for column in x.T])
    return scaled, names, None, ("targets: centered, mean square 1",)


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
    names = tuple(f"target {k}" for k in range(len(targets)))
    return _within(targets, name), names, None, ()


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
