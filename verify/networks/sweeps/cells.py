"""A cell: the smallest piece of a sweep that is trained, saved and resumed as one.

Its digest is the SHA-256 of everything that determines its numbers. Positions in a
sweep, devices and dates are no part of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import jax
import numpy as np

from verify.networks.batches.trainer import net_key, train
from verify.networks.data_sources.examples import DataSource
from verify.networks.data_sources.sources import source_from
from verify.networks.errors import SettingError, whole
from verify.networks.model.net import Architecture
from verify.networks.model.training_rule import Training
from verify.networks.sweeps.results import CellResult

FORMAT = 1
"""Version of what a cell's numbers mean; a new one means new digests."""


def canonical(value: Any) -> str:
    """Return the one JSON text of a description.

    Examples
    --------
    >>> canonical({"b": 1, "a": [0.5]})
    '{"a":[0.5],"b":1}'
    """
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=True
    )


def sha256_of(value: Any) -> str:
    """Return the SHA-256 of a description's canonical JSON."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


@dataclass(frozen=True)
class Cell:
    """Nets of one architecture on n points, for a block of trials and all targets.

    Parameters
    ----------
    architecture : Architecture
        The net.
    training : Training
        How it's trained.
    data : DataSource
        What it learns: `HypercubeData`, `CircleData`, `SphereData`, `TableData`.
    n : int
        Number of training points.
    trials : tuple of int
        Which trials; each fixes a training set and initial parameters.
    seed : int
        Seed of the initial parameters, from 0 to 2³² − 1.
    lambda_max : tuple of float, optional
        λ_max of the analytic kernel matrix of each trial, which sets the learning
        rate. Kept to 6 digits, so that two machines' rounding gives one digest. By
        default each net's own kernel at initialization is used.
    member : int
        Which member of an ensemble: same data, other initial parameters.

    Raises
    ------
    SettingError
        If a setting is out of range.

    Examples
    --------
    >>> from verify.networks.data_sources.domain_data import HypercubeData
    >>> data = HypercubeData(3, ("parity:1",))
    >>> cell = Cell(Architecture(1, 32), Training(), data, n=4, trials=(0, 1))
    >>> cell == Cell.from_description(cell.description)
    True
    >>> len(cell.digest)
    64
    """

    architecture: Architecture
    training: Training
    data: DataSource
    n: int
    trials: tuple[int, ...]
    seed: int = 0
    lambda_max: tuple[float, ...] | None = None
    member: int = 0

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "n", whole("n", self.n, 1))
        trials = tuple(whole("trial", t, 0, 2**32 - 1) for t in self.trials)
        if not trials or len(set(trials)) != len(trials):
            raise SettingError(
                f"trials = {self.trials!r}: must be one or more different numbers"
            )
        put(self, "trials", trials)
        put(self, "seed", whole("seed", self.seed, 0, 2**32 - 1))
        put(self, "member", whole("member", self.member, 0, 2**32 - 1))
        if self.lambda_max is not None:
            top = tuple(float(f"{float(x):.6g}") for x in self.lambda_max)
            if len(top) != len(trials) or not all(0 < x < float("inf") for x in top):
                raise SettingError(
                    f"lambda_max = {self.lambda_max!r}: must be {len(trials)} finite "
                    f"numbers > 0, one for each trial"
                )
            put(self, "lambda_max", top)

    def __eq__(self, other: object) -> bool:
        """Cells are equal if they give the same numbers."""
        return isinstance(other, Cell) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    @cached_property
    def description(self) -> dict[str, Any]:
        """Everything that determines the result, as JSON can hold it."""
        return {
            "format": FORMAT,
            "architecture": asdict(self.architecture),
            "training": asdict(self.training),
            "data": self.data.description,
            "n": self.n,
            "trials": list(self.trials),
            "seed": self.seed,
            "lambda_max": None if self.lambda_max is None else list(self.lambda_max),
            "member": self.member,
        }

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the description: the cell's name in a folder."""
        return sha256_of(self.description)

    @classmethod
    def from_description(
        cls,
        description: dict[str, Any],
        table: Callable[[str], tuple[Any, Any]] | None = None,
    ) -> Cell:
        """Rebuild a cell on any machine.

        Parameters
        ----------
        description : dict
            As `description` gives it.
        table : callable, optional
            Returns the points and values of a table by its digest.

        Raises
        ------
        SettingError
            If it is of another format, or nothing known.
        """
        if description.get("format") != FORMAT:
            raise SettingError(
                f"format = {description.get('format')!r}: this version reads cells of "
                f"format {FORMAT}"
            )
        top = description["lambda_max"]
        return cls(
            Architecture(**description["architecture"]),
            Training(**description["training"]),
            source_from(description["data"], table),
            n=description["n"],
            trials=tuple(description["trials"]),
            seed=description["seed"],
            lambda_max=None if top is None else tuple(top),
            member=description["member"],
        )

    def keys(self) -> list[list[jax.Array]]:
        """Return the random key of each net, [trials][targets]."""
        if self.training.shared_initialization:
            count = len(self.data.targets)
            return [
                [net_key(self.seed, self.n, t, None, self.member)] * count
                for t in self.trials
            ]
        # the target's name and not its position, so that adding one changes nothing
        numbers = [int(sha256_of(name)[:8], 16) for name in self.data.targets]
        return [
            [net_key(self.seed, self.n, t, number, self.member) for number in numbers]
            for t in self.trials
        ]

    @property
    def cost(self) -> float:
        """Roughly proportional to the time of a step of all nets; for estimates."""
        width, depth = self.architecture.width, self.architecture.depth
        parameters = width * width * (depth - 1) + 32 * width
        nets = len(self.trials) * len(self.data.targets)
        return float(nets * parameters * (self.n + 16))

    def run(
        self,
        *,
        device: str | None = None,
        memory: int | None = None,
        progress: Callable[[int, int], object] | None = None,
    ) -> CellResult:
        """Train the cell's nets here and now, without any folder.

        Parameters
        ----------
        device : str, optional
            See `find_device`.
        memory : int, optional
            Bytes that may be used.
        progress : callable, optional
            Called with the number of finished nets and of all nets.

        Returns
        -------
        CellResult
            The results.
        """
        examples = self.data.examples(self.n, self.trials)
        trained = train(
            self.architecture,
            self.training,
            examples.train_inputs,
            examples.train_targets,
            examples.test_inputs,
            self.keys(),
            lambda_max=None if self.lambda_max is None else np.array(self.lambda_max),
            device=device,
            memory=memory,
            progress=progress,
        )
        return CellResult.of(self.description, trained, examples, device)


def sweep(
    architectures: Architecture | Iterable[Architecture],
    training: Training,
    data: DataSource,
    n: int | Iterable[int],
    *,
    trials: int,
    block: int = 10,
    seed: int = 0,
    members: int = 1,
    lambda_max: Callable[[int, tuple[int, ...]], Sequence[float]] | None = None,
) -> list[Cell]:
    """Cut a sweep into cells.

    Parameters
    ----------
    architectures : Architecture or iterable of Architecture
        The nets.
    training : Training
        How they are trained.
    data : DataSource
        What they learn.
    n : int or iterable of int
        Numbers of training points.
    trials : int
        Number of trials, numbered from 0.
    block : int
        Trials in a cell. Blocks start at multiples of it, so that more trials later
        reuse all full blocks.
    seed : int
        Seed of the initial parameters.
    members : int
        Size of an ensemble for each trial.
    lambda_max : callable, optional
        (n, trials) ↦ λ_max of the analytic kernel matrix of each trial.

    Returns
    -------
    list of Cell
        Ordered by architecture, n, trial block, member.

    Examples
    --------
    >>> from verify.networks.data_sources.domain_data import HypercubeData
    >>> data = HypercubeData(3, ("parity:1",))
    >>> cells = sweep(Architecture(1, 8), Training(), data, (2, 4), trials=5, block=2)
    >>> [(cell.n, cell.trials) for cell in cells[:3]]
    [(2, (0, 1)), (2, (2, 3)), (2, (4,))]
    """
    whole("trials", trials, 1)
    whole("block", block, 1)
    whole("members", members, 1)
    nets = [architectures] if isinstance(architectures, Architecture) else architectures
    sizes = [n] if isinstance(n, int | np.integer) else list(n)
    blocks = [
        tuple(range(first, min(first + block, trials)))
        for first in range(0, trials, block)
    ]
    cells = []
    for net in nets:
        for size in sizes:
            for which in blocks:
                top = None
                if lambda_max is not None:
                    top = tuple(float(x) for x in lambda_max(size, which))
                cells += [
                    Cell(net, training, data, size, which, seed, top, member)
                    for member in range(members)
                ]
    return cells
