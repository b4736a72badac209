"""A data set by its name, or from a file of the user's."""

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

import numpy as np

from theory import OutOfDomain
from theory.numbers import integer
from verify.data.bundled import BUNDLED, read_bundled
from verify.data.files import SUFFIXES, read_file
from verify.data.labelled_points import DataSet, check_size, data_set


def load_data(
    source: str | Path,
    *,
    task: str | None = None,
    label: str | int | None = "last",
    scale: str | None = None,
    duplicates: str = "refuse",
    points: int | None = None,
    seed: int = 0,
) -> DataSet:
    """The data set of that name, or in that file, checked before any work.

    Parameters
    ----------
    source
        ``digits``, ``wine``, ``breast_cancer``, ``diabetes`` (scikit-learn's), or a
        file .csv, .npy or .npz (arrays ``x`` and ``y``).
    task
        How labels become targets, see ``data_set``; by default ``parity`` for digits.
    label
        The label's column in a .csv or .npy file: ``last``, a name, a number counted
        from 0, or None where the file has no labels. An .npz file has its array ``y``.
    scale
        ``raw``, ``centered`` or ``standardized``; by default ``raw`` for digits and
        files, ``standardized`` for the other bundled sets.
    duplicates
        ``refuse``, ``drop`` or ``keep`` equal points.
    points
        Take this many of the points at random, without replacement.
    seed
        Fixes which.

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
    if str(source) in BUNDLED:
        name = str(source)
        x, labels, columns = read_bundled(name)
        task = BUNDLED[name].task if task is None else task
        scale = BUNDLED[name].scale if scale is None else scale
    else:
        path = Path(source)
        if path.suffix.lower() not in SUFFIXES:
            near = get_close_matches(str(source), BUNDLED, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise OutOfDomain(
                f"data = {str(source)!r} is neither a bundled set ({', '.join(BUNDLED)}) "
                f"nor a file {', '.join(SUFFIXES)}{hint}"
            )
        x, labels, columns = read_file(path, label)
        name = path.name
    chosen, most = None, len(x)
    if points is not None:
        count = integer(points, "points", least=2, most=most)
        chosen = np.sort(np.random.default_rng(seed).permutation(most)[:count])
        x = x[chosen]
        labels = None if labels is None else labels[..., chosen]
    elif task is None or " against " not in task:
        check_size(len(x), name)
    found = data_set(
        x,
        labels,
        name=name,
        task=task,
        scale=scale or "raw",
        duplicates=duplicates,
        columns=columns or None,
    )
    if chosen is None:
        return found
    said = f"{len(chosen)} of {most} points, chosen with seed {seed}"
    return replace(found, remarks=(*found.remarks, said))
