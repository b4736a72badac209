"""All published experiments one after the other, with one page that sums them up."""

import json
import time
from pathlib import Path
from typing import Any

SUMMARY = "summary.md"
FAILED = 4
"""Exit code where an experiment stopped with an error and the others went on."""


def run_all(
    output: str | Path | None = None,
    *,
    full: bool = False,
    as_published: bool = False,
    device: str | None = None,
    overwrite: bool = False,
    seed: int | None = None,
    quiet: bool = False,
    strict: bool = False,
) -> int:
    """Run every published experiment into a folder of its own; resumable.

    An experiment that is finished with the same specification is not run again; one that
    was interrupted goes on. The page is written anew after each of them.

    Parameters
    ----------
    output
        The folder of all; ./all/ by default.
    full, as_published, device, overwrite, seed, quiet, strict
        As for one experiment.

    Returns
    -------
    int
        0 when all are complete, 4 when one failed; with ``strict`` 1 where one is refuted
        and 3 where one is inconclusive.

    Raises
    ------
    OutOfDomain
        When the folder is a file, or holds results of another specification.
    """
    from learnability.reproduction.reproduce import EXIT_OF_STRICT, run
    from theory.errors import EngineError, OutOfDomain
    from verify.experiments import experiment
    from verify.experiments.catalog import CATALOG

    folder = Path("all" if output is None else output)
    if folder.exists() and not folder.is_dir():
        raise OutOfDomain(f"output = {folder} is a file; a folder is needed")
    rows: list[tuple[str, str, str, str]] = []
    codes = []
    for name, entry in CATALOG.items():
        place, begun = folder / name, time.monotonic()
        form = {"as_published": as_published and bool(entry.trap), "seed": seed or 0}
        done = _is_finished(place, experiment(name, full=full, **form))
        problem = ""
        if not done:
            try:
                run(
                    name,
                    full=full,
                    as_published=form["as_published"],
                    device=device,
                    output=place,
                    overwrite=overwrite,
                    seed=seed,
                    quiet=quiet,
                )
            except EngineError as error:
                problem = str(error)
        verdict = "failed" if problem else _verdict(place)
        took = "kept" if done else f"{time.monotonic() - begun:.0f} s"
        rows.append((name, verdict, took, problem or entry.says))
        codes.append(FAILED if problem else EXIT_OF_STRICT.get(verdict, 0) * strict)
        _write(folder / SUMMARY, rows, len(CATALOG), full)
    if not quiet:
        print((folder / SUMMARY).read_text("utf-8"))
    return FAILED if FAILED in codes else 1 if 1 in codes else max(codes, default=0)


def _is_finished(place: Path, wanted: Any) -> bool:
    """Whether a run of the same specification has its verdict already."""
    from verify.experiments import description

    try:
        found = json.loads((place / "specification.json").read_text("utf-8"))
        verdict = json.loads((place / "verdict.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    same = found == json.loads(json.dumps(description(wanted)))
    return same and isinstance(verdict, dict) and "verdict" in verdict


def _verdict(place: Path) -> str:
    return str(json.loads((place / "verdict.json").read_text("utf-8"))["verdict"])


def _write(
    path: Path, rows: list[tuple[str, str, str, str]], total: int, full: bool
) -> None:
    from verify.storage.files import write_atomically

    lines = [
        f"# All experiments, {'as published' if full else 'in their small form'}",
        "",
        f"{len(rows)} of {total}; `learnability reproduce all` goes on where it stopped.",
        "",
        "| experiment | verdict | time | what it shows |",
        "| --- | --- | --- | --- |",
    ]
    for name, verdict, took, says in rows:
        text = says.replace("|", "/").replace("\n", " ")
        lines.append(f"| [{name}]({name}/report.md) | {verdict} | {took} | {text} |")
    write_atomically(path, ("\n".join(lines) + "\n").encode())
