"""Trained nets beside theory, and beside their kernel's regression on the same data."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from numerics import predict, spectrum
from theory import EngineError, domains, kernels
from theory.numbers import rational
from verify.networks.data_sources.sources import source_from
from verify.networks.sweeps.results import CellResult
from verify.regression.mean import Mean

SAMPLING = {"without_replacement": "distinct", "with_replacement": "replacement"}
"""The question to the theory that describes how a source draws its points."""
QUANTITIES = ("learnability", "test_mse")


@dataclass(frozen=True)
class NetsBesideTheory:
    """All nets of one architecture and training on n points with one target.

    Attributes
    ----------
    settings
        What tells this group from others, name → value.
    n, target
        Training points, and the target's name.
    nets
        Quantity → mean over the trials whose nets did not diverge.
    kernel
        Quantity → mean of ridgeless regression with the nets' tangent kernel on the same
        training and test sets; empty where theory has no such kernel.
    difference
        Quantity → mean of nets minus kernel, paired by data set.
    theory
        Quantity → its value by the theory for that kernel, at the sampling of the data;
        empty where no formula covers it.
    diverged
        Nets that are in no mean.
    """

    settings: dict[str, Any]
    n: int
    target: str
    nets: dict[str, Mean]
    kernel: dict[str, Mean]
    difference: dict[str, Mean]
    theory: dict[str, float]
    diverged: int


def beside_theory(results: Iterable[CellResult]) -> list[NetsBesideTheory]:
    """Group nets by their settings, and put theory and kernel regression beside each.

    Parameters
    ----------
    results
        Finished cells, such as ``Folder(path).results()``.

    Returns
    -------
    list of NetsBesideTheory
        By architecture and training, target and n. Settings that all groups share are
        left out of ``settings``.
    """
    groups: dict[Any, list[CellResult]] = defaultdict(list)
    for result in results:
        flat = _flat(result.settings)
        groups[tuple(flat.items()), result.settings["n"]].append(result)
    varying = _varying([dict(key) for key, _ in groups])
    found = []
    for (key, n), cells in groups.items():
        shown = {name: value for name, value in key if name in varying}
        found += list(_rows(shown, n, cells))
    return sorted(found, key=lambda row: (_order(row.settings), row.target, row.n))


def _order(settings: dict[str, Any]) -> list[tuple[float, str]]:
    """Numbers by size, words by their letters, a setting that is absent first."""
    values = [-1 if value is None else value for value in settings.values()]
    return [(x, "") if isinstance(x, int | float) else (0, str(x)) for x in values]


def _flat(settings: dict[str, Any]) -> dict[str, Any]:
    """All settings that the nets of a row share, by their names."""
    data = {f"data_{k}": v for k, v in settings["data"].items() if k != "targets"}
    named = {**settings["architecture"], **settings["training"], **data}
    named["data_targets"] = tuple(settings["data"]["targets"])
    return named | {"seed": settings["seed"]}


def _varying(all_settings: Sequence[dict[str, Any]]) -> list[str]:
    names = dict.fromkeys(name for one in all_settings for name in one)
    return [x for x in names if len({str(one.get(x)) for one in all_settings}) > 1]


def _rows(
    shown: dict[str, Any], n: int, cells: list[CellResult]
) -> Iterator[NetsBesideTheory]:
    """One row a target."""
    settings = cells[0].settings
    kernel = _kernel_of(settings)
    lost = np.concatenate([cell.diverged for cell in cells])
    nets = {q: np.concatenate([getattr(c, q) for c in cells]) for q in QUANTITIES}
    paired: dict[str, Any] = {}
    if kernel is not None:
        each = [_regression(kernel, cell) for cell in cells]
        paired = {q: np.concatenate([one[q] for one in each]) for q in QUANTITIES}
    for column, target in enumerate(settings["data"]["targets"]):
        # a target without a level of its own, such as a table's, has no theory here
        good = ~lost[:, column]
        mine = {q: x[good, column] for q, x in nets.items()}
        other = {q: x[good, column] for q, x in paired.items()}
        yield NetsBesideTheory(
            shown,
            n,
            target,
            {q: Mean.of(x) for q, x in mine.items() if len(x)},
            {q: Mean.of(x) for q, x in other.items() if len(x)},
            {q: Mean.of(mine[q] - x) for q, x in other.items() if len(x)},
            _theory(kernel, settings, target, n),
            int(lost[:, column].sum()),
        )


def _kernel_of(settings: dict[str, Any]) -> Any:
    """The tangent kernel of infinitely wide nets of this architecture, or None.

    A table of points has norms of its own, and standard parameterization another limit.
    """
    net, data = settings["architecture"], settings["data"]
    domain = _domain_of(data)
    if domain is None or net["parameterization"] != "ntk":
        return None
    norm, variance = data.get("norm"), rational(1, "input_variance")
    if norm is not None:
        # a norm such as √2 is a rounded float: its square is meant to twelve digits
        variance = rational(f"{norm * norm / int(domain.ambient):.12g}", "norm²/d")
    try:
        return kernels.ntk(
            net["activation"],
            depth=net["depth"],
            weight_variance=net["weight_variance"],
            bias_variance=net["bias_variance"],
            input_variance=variance,
        )
    except EngineError:
        return None


def _domain_of(data: dict[str, Any]) -> Any:
    return (
        None if data["domain"].startswith("table:") else domains.parse(data["domain"])
    )


def _regression(kernel: Any, cell: CellResult) -> dict[str, np.ndarray]:
    """Kernel regression on a cell's own data sets: quantity → [trial, target]."""
    settings = cell.settings
    source = source_from(settings["data"])
    examples = source.examples(settings["n"], tuple(settings["trials"]))
    learned, errors = [], []
    for x, y in zip(examples.train_inputs, examples.train_targets, strict=True):
        both = np.concatenate([x, examples.test_inputs])
        matrix = kernel.matrix(both, norms="equal")
        inner, cross = matrix[: len(x), : len(x)], matrix[len(x) :, : len(x)]
        fits = (cross @ np.linalg.lstsq(inner, y.T, rcond=None)[0]).T
        test = examples.test_targets
        learned.append((fits * test).sum(1) / (test**2).sum(1))
        errors.append(((fits - test) ** 2).mean(1))
    return {"learnability": np.array(learned), "test_mse": np.array(errors)}


@lru_cache(maxsize=64)
def _spectrum(kernel: Any, domain: Any) -> Any:
    return spectrum(kernel, domain, digits=20)


def _theory(
    kernel: Any, settings: dict[str, Any], target: str, n: int
) -> dict[str, float]:
    """The theory's numbers for one target; none where no formula covers them."""
    data = settings["data"]
    domain = _domain_of(data)
    level = target.partition(":")[2]
    if kernel is None or domain is None or not level.isdecimal():
        return {}
    sampling = SAMPLING.get(data.get("sampling", ""), "independent")
    noise = str(data.get("noise", 0))
    try:
        found = predict(
            _spectrum(kernel, domain),
            {int(level): 1},
            n,
            noise=rational(noise, "noise"),
            sampling=sampling,
        )
    except EngineError:
        return {}
    # nets are tested on labels without noise
    return {
        "learnability": float(found.target_learnability),
        "test_mse": float(found.test_mse) - float(noise),
    }
