"""A data set by its name, or from a file of the user's."""

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

import numpy as np

from theory import OutOfDomain
from theory.numbers import integer
from verify.data.labelled_points import DataSet, check_size, data_set
from verify.data.reading.bundled import BUNDLED, read_bundled
from verify.data.reading.files import SUFFIXES, read_file


def load_data(
    source: str | Path,
    *,
    task: str | None = None,
    label: str | int | None = "last",
    scale: str | None = None,
    duplicates: str | None = None,
    points: int | None = None,
    seed: int = 0,
    features: Sequence[str | int] | None = None,
    header: bool | None = None,
    separator: str | None = None,
    decimal: str | None = None,
) -> DataSet:
    """The data set of that name, or in that file, checked before any work.

    Parameters
    ----------
    source
        ``digits``, ``wine``, ``breast_cancer``, ``diabetes``, ``iris``, ``linnerud``
        (scikit-learn's), or a file: text (.csv, .tsv, .txt, .dat, .data), .npy, .npz
        (arrays ``x`` and ``y``), or .parquet where pandas reads it.
    task
        How labels become targets, see ``data_set``; by default ``parity`` for digits.
    label
        The label's column: ``last``, a name, a number counted from 0, or None where the
        file has no labels; in an .npz file the array of labels, by default ``y``.
    scale
        ``raw``, ``centered`` or ``standardized``; by default ``raw`` for digits and
        files, ``standardized`` for the other bundled sets.
    duplicates
        ``refuse``, ``drop`` or ``keep`` equal points; ``refuse`` by default, but
        ``drop`` for iris.
    points
        Take this many of the points at random, without replacement.
    seed
        Fixes which.
    features
        The columns that are features, by name or number; all others by default, without
        one that counts the rows. In an .npz file the array of points.
    header, separator, decimal
        Of a text file, where it does not say so itself: whether its first row holds
        names, what stands between columns, and the decimal mark.

    Raises
    ------
    OutOfDomain
        When there is no such set or file, or something is wrong with it; see
        ``data_set`` for what.
    MissingExtra
        When a bundled set is asked for and scikit-learn is not installed.

    Examples
    --------
    >>> digits = load_data("digits", task="3 against 8")
    >>> digits.size, digits.dimension, digits.target_names
    (357, 64, ('3 against 8',))
    """
    said: tuple[str, ...] = ()
    title: str | None = None
    if str(source) in BUNDLED:
        name = str(source)
        if label != "last":
            raise OutOfDomain(
                f"label = {label!r}: {name} is a bundled set with labels of its own"
            )
        x, labels, columns = read_bundled(name)
        task = BUNDLED[name].task if task is None else task
        scale = BUNDLED[name].scale if scale is None else scale
        duplicates = duplicates or BUNDLED[name].duplicates
    else:
        path = Path(source).expanduser()
        if path.suffix.lower() not in SUFFIXES:
            near = get_close_matches(str(source), BUNDLED, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise OutOfDomain(
                f"data = {str(source)!r} is neither a bundled set ({', '.join(BUNDLED)}) "
                f"nor a file {', '.join(SUFFIXES)}{hint}"
            )
        words = task is not None and (task == "classes" or " against " in task)
        given = read_file(
            path, label, features, header, separator, decimal, words=words
        )
        x, labels, columns, said = given.x, given.y, given.names, given.remarks
        name, title = path.name, given.label
    chosen, most = None, len(x)
    if points is not None:
        count = integer(points, "points", least=2, most=most)
        chosen = np.sort(np.random.default_rng(seed).permutation(most)[:count])
        x = x[chosen]
        labels = None if labels is None else _rows(np.asarray(labels), chosen, most)
    elif task is None or " against " not in task:
        check_size(len(x), name)
    found = data_set(
        x,
        labels,
        name=name,
        task=task,
        scale=scale or "raw",
        duplicates=duplicates or "refuse",
        columns=columns or None,
    )
    if chosen is not None:
        said = (*said, f"{len(chosen)} of {most} points, chosen with seed {seed}")
    return replace(found, remarks=(*said, *found.remarks), label=title)


def _rows(labels: np.ndarray, chosen: np.ndarray, most: int) -> np.ndarray:
    """The labels of some points: of shapes [M], [M, target] or [target, M]."""
    return labels[chosen] if len(labels) == most else labels[..., chosen]
