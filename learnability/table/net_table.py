"""Trained nets as a table: the nets, their kernel's regression, and theory."""

from collections.abc import Iterable, Sequence
from typing import Any

from learnability.table.cell import Cell, Estimate
from learnability.table.content import Column
from learnability.table.table import Table

ROUNDING = "float64"
NUMBERS = (
    ("learnability", "L", r"\mathcal{L}"),
    ("test_mse", "MSE", r"\mathrm{MSE}"),
)
SOURCES = ("nets", "kernel", "theory", "nets − kernel")


def nets(results: Iterable[Any], *, command: Sequence[str] = ()) -> Table:
    """Trained nets beside theory, and beside kernel regression on the same data sets.

    Learnability and test MSE are means over trials with their standard errors; the
    difference of nets and kernel is paired by data set. Theory is that of the nets'
    tangent kernel for the sampling of the data. Where theory has no such kernel or no
    such target (tables of own points, standard parameterization) its columns are empty.

    Parameters
    ----------
    results
        Finished cells, such as ``nets.Folder(path).results()``.
    command
        The words of the command that makes the table again.

    Raises
    ------
    SettingError
        When there is no finished cell.
    """
    from verify.networks.errors import SettingError
    from verify.trained_nets.beside_theory import beside_theory

    found = beside_theory(results)
    if not found:
        raise SettingError("results: there is no finished cell")
    settings = list(found[0].settings)
    columns = [Column(name, name.replace("_", " "), _plain(name)) for name in settings]
    columns += [Column("target", "target", "target"), Column("n", "n", "$n$")]
    for key, word, letter in NUMBERS:
        for source in SOURCES:
            columns.append(
                Column(
                    f"{key}_{source.replace(' − ', '_minus_')}",
                    f"{word}, {source}",
                    source.replace("−", "$-$"),
                    uncertainty="" if source == "theory" else "standard error",
                    source="implicit_equation" if source == "theory" else "",
                    group=f"${letter}$",
                )
            )
    columns += [Column("nets", "nets", "nets"), Column("diverged", "diverged", "div.")]
    rows = tuple(_row(one, settings) for one in found)
    lost = sum(one.diverged for one in found)
    notes = ("Standard errors over data sets; nets − kernel is paired by data set.",)
    if lost:
        notes += (f"{lost} nets diverged and are in no mean.",)
    if any(not one.theory for one in found):
        notes += ("Theory is empty where it has no such kernel or target.",)
    title = "Trained nets, regression with their tangent kernel, and theory."
    return Table(tuple(columns), rows, title, show=4, command=command, notes=notes)


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _row(one: Any, settings: list[str]) -> tuple[Cell, ...]:
    cells: list[Cell] = [_word(one.settings[name]) for name in settings]
    cells += [one.target, one.n]
    for key, _, _ in NUMBERS:
        cells += [_mean(one.nets.get(key)), _mean(one.kernel.get(key))]
        cells += [_float(one.theory.get(key)), _mean(one.difference.get(key))]
    counted = next(iter(one.nets.values()), None)
    return (*cells, counted.samples if counted else 0, one.diverged)


def _word(value: Any) -> Cell:
    return value if isinstance(value, int) else str(value)


def _mean(mean: Any) -> Cell:
    """A mean with its standard error; one value alone has none and is text."""
    if mean is None or not mean.samples:
        return None
    if mean.samples < 2 or mean.error == 0:
        return f"{mean.value:.4g}"
    return Estimate(mean.value, mean.error)


def _float(value: float | None) -> Cell:
    return None if value is None else f"{value:.4g}"
