"""Kernel regression of an experiment, one resumable file for each n and kernel."""

import hashlib
import io
import json
import warnings
import zipfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from theory import Kernel
from theory.domains import Hypercube
from verify.experiments.specification import Experiment
from verify.networks.data import Source
from verify.networks.domains import CircleData, HypercubeData
from verify.networks.folder import SetAsideWarning, write_atomically
from verify.sampling.gram import gram
from verify.sampling.regression import Regression, kernel_regression

FORMAT = 1
FIELDS = ("learnability", "test_mse", "train_mse", "lambda_max", "condition", "rank")


def data_of(experiment: Experiment) -> Source:
    """The data source that kernel regression and nets share, for paired comparisons.

    Examples
    --------
    >>> from verify.experiments.specification import fig1
    >>> data_of(fig1()).targets
    ('parity:0', 'parity:1', 'parity:3', 'parity:8')
    """
    place = experiment.place
    if isinstance(place, Hypercube):
        names = tuple(f"parity:{k}" for k in experiment.targets)
        return HypercubeData(int(place.d), names, experiment.seed)
    names = tuple(f"cos:{k}" for k in experiment.targets)
    return CircleData(int(place.points), names, experiment.seed)


@lru_cache(maxsize=4)
def domain_matrix(kernel: Kernel, domain: str) -> np.ndarray:
    """The kernel matrix of the whole domain, in the order of its data source."""
    probe = Experiment("probe", "", domain, 1, targets=(0,), sizes=(1,))
    everything = data_of(probe).examples(1, (0,)).test_inputs
    return gram(kernel, everything)


def run_kernel_cell(
    experiment: Experiment,
    kernel: Kernel,
    n: int,
    trials: int,
    folder: Path,
    progress: Callable[[int, int], object] | None = None,
) -> Regression:
    """Kernel regression at one n: from the folder where it is there, else computed.

    A file that cannot be read, or answers another question, is set aside with the
    suffix ``.set-aside``, which a warning says, and computed again.
    """
    source = data_of(experiment)
    settings = {
        "format": FORMAT,
        "kernel": str(kernel),
        "data": source.description,
        "n": n,
        "trials": trials,
    }
    text = json.dumps(settings, sort_keys=True)
    path = folder / f"kernel-{hashlib.sha256(text.encode()).hexdigest()}.npz"
    found = _load(path, settings)
    if found is not None:
        return found
    examples = source.examples(n, tuple(range(trials)))
    assert examples.indices is not None
    result = kernel_regression(
        domain_matrix(kernel, experiment.domain),
        examples.indices,
        examples.test_targets,
        progress=progress,
    )
    memory = io.BytesIO()
    arrays: dict[str, Any] = {name: getattr(result, name) for name in FIELDS}
    np.savez(memory, allow_pickle=False, json=np.array(text), **arrays)
    write_atomically(path, memory.getvalue())
    return result


def _load(path: Path, settings: dict[str, Any]) -> Regression | None:
    if not path.exists():
        return None
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as archive:
            if json.loads(str(archive["json"])) == settings:
                return Regression(*(archive[name] for name in FIELDS))
        reason = "it answers another question"
    except (ValueError, KeyError, zipfile.BadZipFile, EOFError) as error:
        reason = f"it cannot be read ({error})"
    aside = path.with_suffix(".npz.set-aside")
    path.rename(aside)
    warnings.warn(
        f"{path}: {reason}; kept as {aside.name}", SetAsideWarning, stacklevel=3
    )
    return None
