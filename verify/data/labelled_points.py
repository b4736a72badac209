"""A data set is M points with labels, and whatever is wrong with it is said at the door."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from theory import OutOfDomain
from theory.errors import meant
from verify.data.labels import targets_of
from verify.data.reading.frames import columns_of_frame, is_frame

MAX_MATRIX_BYTES = 1 << 29
LARGEST = 1e100
SCALES = ("raw", "centered", "standardized")
DUPLICATES = ("refuse", "drop", "keep")
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DataSet:
    """M different points with targets on them; make one with ``data_set``.

    Attributes
    ----------
    name
        Where it comes from.
    points
        Inputs after scaling, shape [M, d].
    targets
        Labels as functions on the points, shape [target, M]; None where there are none.
    target_names
        One name for each target.
    scale
        ``raw``, ``centered`` or ``standardized`` features.
    remarks
        What was done to the data and what is odd about them, in sentences.
    label
        The name of the column that is the label, where it has one.
    """

    name: str
    points: Floats
    targets: Floats | None
    target_names: tuple[str, ...]
    scale: str
    remarks: tuple[str, ...] = field(default=())
    label: str | None = None

    @property
    def size(self) -> int:
        """M, the number of points."""
        return len(self.points)

    @property
    def dimension(self) -> int:
        """d, the number of features."""
        return self.points.shape[1]

    def take(self, rows: NDArray[np.int64]) -> "DataSet":
        """The data set of some of the points."""
        targets = None if self.targets is None else self.targets[:, rows]
        return replace(self, points=self.points[rows], targets=targets)

    def __str__(self) -> str:
        kept = "no labels" if self.targets is None else ", ".join(self.target_names)
        head = f"{self.name}: {self.size} points of dimension {self.dimension}, {kept}"
        return "\n".join([head, *(f"  {remark}" for remark in self.remarks)])


def data_set(
    x: Any,
    labels: Any = None,
    *,
    name: str = "data",
    task: str | None = None,
    scale: str = "raw",
    duplicates: str = "refuse",
    columns: tuple[str, ...] | None = None,
    label: str | int | None = None,
) -> DataSet:
    """Points and labels, checked before any work.

    Parameters
    ----------
    x
        Inputs, shape [M, d], finite numbers; or a frame, whose columns have names.
    labels
        One for each point: numbers, or names of classes, also one-hot; or columns of
        several targets, [M, target], or targets [target, M].
    name
        How messages call it.
    task
        How labels become targets: ``values`` (centered, mean square 1), ``given`` (as
        they are), ``classes`` (±1 for each class against the others; one target for two
        classes), ``parity`` (even 1, odd −1), or ``A against B`` (the points of two
        classes only, ±1). By default ``values`` for numbers with decimals or more than
        20 different ones, else ``classes``.
    scale
        ``raw``; ``centered``: every feature has mean 0; ``standardized``: and variance
        1, constant features left out.
    duplicates
        What becomes of equal points, whose kernel matrix is singular: ``refuse``,
        ``drop`` all but the first, or ``keep``.
    columns
        Names of the features, for messages.
    label
        With a frame and no ``labels``: the column that is the label.

    Raises
    ------
    OutOfDomain
        Naming the first row or column that is wrong: NaN or infinite entries, too large
        ones, zero rows, duplicate rows, nothing but constant columns, fewer than two
        rows, labels that are missing, constant, or of another length, or so many points
        that their kernel matrix would not fit.

    Examples
    --------
    >>> print(data_set([[1, 0], [0, 1], [1, 1]], [1.5, 2.5, 0]))
    data: 3 points of dimension 2, values
      targets: centered, mean square 1
    """
    _known("scale", scale, SCALES)
    _known("duplicates", duplicates, DUPLICATES)
    said: tuple[str, ...] = ()
    if is_frame(x):
        found = columns_of_frame(x, label, None, name)
        x, columns, said = found.x, found.names, found.remarks
        labels = found.y if labels is None else labels
    elif label is not None:
        raise OutOfDomain(f"{name}: label = {label!r} is for frames; pass labels")
    points = _matrix(x, name, columns)
    targets, names, rows, remarks = targets_of(labels, task, len(points), name)
    remarks = (*said, *remarks)
    if rows is not None:
        points = points[rows]
    check_size(len(points), name)
    constant = np.flatnonzero(np.ptp(points, axis=0) == 0)
    if len(constant) == points.shape[1] and len(points) > 1:
        raise OutOfDomain(
            f"{name}: every column is constant, so all points are the same"
        )
    if len(constant):
        listed = ", ".join(_column(j, columns) for j in constant[:5])
        more = f" and {len(constant) - 5} more" if len(constant) > 5 else ""
        done = "left out" if scale == "standardized" else "kept"
        remarks = (*remarks, f"constant columns {done}: {listed}{more}")
    points = _scaled(points, scale, constant)
    if scale != "raw":
        remarks = (*remarks, f"features: {scale}")
    zero = np.flatnonzero(~points.any(axis=1))
    if len(zero):
        raise OutOfDomain(
            f"{name}: row {zero[0] + 1} is zero{' after scaling' * (scale != 'raw')} "
            f"({len(zero)} such rows); a point without direction has no cosine"
        )
    title = _title(said, labels)
    found = DataSet(name, points, targets, names, scale, tuple(remarks), title)
    return _without_duplicates(found, duplicates)


def check_size(points: int, name: str) -> None:
    """Refuse fewer than two points, and more than whose kernel matrix fits.

    Raises
    ------
    OutOfDomain
        With the bytes that would be needed, and how many points fit.
    """
    if points < 2:
        raise OutOfDomain(f"{name}: {points} row(s); at least 2 points are needed")
    needed = 8 * points**2
    if needed > MAX_MATRIX_BYTES:
        most = int((MAX_MATRIX_BYTES / 8) ** 0.5)
        raise OutOfDomain(
            f"{name}: the kernel matrix of {points} points needs {needed / 2**30:.1f} "
            f"GiB; at most {MAX_MATRIX_BYTES / 2**30:g} GiB are taken. Take at most "
            f"{most} points (points = {most})"
        )


def _known(argument: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise OutOfDomain(
            f"{argument} = {value!r} is unknown (known: {', '.join(known)})"
            f"{meant(value, known)}"
        )


def _column(index: int, columns: tuple[str, ...] | None) -> str:
    return columns[index] if columns else str(index + 1)


def _title(said: tuple[str, ...], labels: Any) -> str | None:
    """The label's name: of a frame's column, or of a series."""
    found = [
        text.removeprefix("label: ") for text in said if text.startswith("label: ")
    ]
    name = getattr(labels, "name", None)
    return found[0] if found else None if name is None else str(name)


def _matrix(x: Any, name: str, columns: tuple[str, ...] | None) -> Floats:
    if hasattr(x, "toarray"):
        raise OutOfDomain(f"{name}: the points are sparse; pass them as .toarray()")
    given = getattr(x, "dtype", None)
    if getattr(given, "kind", "") == "c":
        raise OutOfDomain(f"{name}: the points are complex; real numbers are needed")
    try:
        raw = np.asarray(x)
        if raw.dtype.kind == "c":
            raise TypeError("they are complex")
        points = np.array(raw, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise OutOfDomain(
            f"{name}: the points are not an array of numbers ({error})"
        ) from None
    if points.ndim != 2 or points.shape[1] == 0:
        raise OutOfDomain(
            f"{name}: points must be an array [M, d], not of shape {points.shape}"
        )
    if len(points) < 2:
        raise OutOfDomain(f"{name}: {len(points)} row(s); at least 2 points are needed")
    broken = np.argwhere(~np.isfinite(points) | (np.abs(points) > LARGEST))
    if len(broken):
        row, column = broken[0]
        value = points[row, column]
        fault = "is not a finite number" if not np.isfinite(value) else "is too large"
        raise OutOfDomain(
            f"{name}: row {row + 1}, column {_column(column, columns)}: {value} {fault} "
            f"({len(broken)} such entries)"
        )
    return points


def _scaled(points: Floats, scale: str, constant: NDArray[np.int64]) -> Floats:
    if scale == "raw":
        return points
    centered = points - points.mean(axis=0)
    if scale == "centered":
        return centered
    kept = np.setdiff1d(np.arange(points.shape[1]), constant)
    return centered[:, kept] / points[:, kept].std(axis=0)


def _without_duplicates(data: DataSet, duplicates: str) -> DataSet:
    _, first, where, counts = np.unique(
        data.points, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    extra = data.size - len(first)
    if not extra:
        return data
    group = int(np.argmax(counts > 1))
    one, other = np.flatnonzero(np.ravel(where) == group)[:2] + 1
    said = f"rows {one} and {other} are the same point ({extra} duplicate rows)"
    if duplicates == "refuse":
        raise OutOfDomain(
            f"{data.name}: {said}, so the kernel matrix is singular; "
            "duplicates = 'drop' keeps the first of each"
        )
    if duplicates == "keep":
        return replace(data, remarks=(*data.remarks, said))
    kept = data.take(np.sort(first))
    check_size(kept.size, data.name)
    return replace(kept, remarks=(*data.remarks, f"{extra} duplicate rows dropped"))
