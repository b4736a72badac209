"""``learnability reproduce``: from symbols to digits to trained nets to a verdict.

The folder of a run holds its specification, resumable cells, what was measured, one
figure, tables and a report. The same command goes on where it stopped; another
specification needs ``--overwrite``. A stored run is judged and drawn again from its
measurements.
"""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from learnability.reproduction.progress_bars import Stages

if TYPE_CHECKING:
    from verify.experiments import Experiment

SPECIFICATION = "specification.json"
MEASUREMENTS = "measurements.csv"
RUN = "run.json"
EXIT_OF_STRICT = {"confirmed": 0, "refuted": 1, "inconclusive": 3}


def run(
    name: str,
    *,
    full: bool = False,
    as_published: bool = False,
    device: str | None = None,
    output: str | Path | None = None,
    overwrite: bool = False,
    seed: int | None = None,
    stored: str | Path | None = None,
    quiet: bool = False,
    strict: bool = False,
) -> int:
    """Run an experiment by name or from a TOML file, or go on with it.

    Parameters
    ----------
    name
        A published experiment, or a file with the suffix ``.toml``.
    full
        The published sizes instead of the smallest form.
    as_published
        With the trap of the published run.
    device
        ``cpu``, ``gpu`` or ``gpu:1``; JAX's default by default.
    output
        Folder; ``./NAME`` by default.
    overwrite
        Whether a folder of another specification may be taken over.
    seed
        Fixes data sets and initial parameters.
    stored
        A folder with the measurements of a run: it is judged and drawn again, and
        nothing is run.
    quiet
        No progress and no summary.
    strict
        Exit with 1 when refuted and 3 when inconclusive.

    Returns
    -------
    int
        Exit code: 0 when the run is complete.

    Raises
    ------
    OutOfDomain
        When the name is unknown, the specification is wrong, or a folder belongs to
        another one.
    Unsupported
        When an extra is missing.
    """
    from theory import OutOfDomain

    if stored is not None:
        if full or as_published or seed is not None or device is not None:
            raise OutOfDomain(
                "--from: the stored specification says what was run; no --full, "
                "--as-published, --seed or --device with it"
            )
        return again(name, Path(stored), output, quiet=quiet, strict=strict)
    made = ["learnability", "reproduce", name]
    if name.endswith(".toml"):
        if full or as_published:
            raise OutOfDomain(
                f"{name}: --full and --as-published belong to the published experiments"
            )
        experiment = from_toml(Path(name), seed)
        larger = None
    else:
        from verify.experiments import experiment as published

        form = {"as_published": as_published, "seed": seed or 0}
        experiment = published(name, full=full, **form)
        larger = None if full else published(name, full=True, **form)
    made += ["--full"] * full + ["--as-published"] * as_published
    made += [] if seed is None else ["--seed", str(seed)]
    folder = Path(output) if output is not None else Path(experiment.name)
    return reproduce(
        experiment,
        folder,
        device=device,
        overwrite=overwrite,
        quiet=quiet,
        strict=strict,
        made=made,
        larger=larger,
    )


def from_toml(path: Path, seed: int | None = None) -> Any:
    """Read a specification of one's own; its name is the file's where it gives none.

    Raises
    ------
    OutOfDomain
        When there is no such file, it is no TOML, or a field is wrong.
    """
    from theory import OutOfDomain
    from verify.experiments import from_description
    from verify.storage.toml_files import read_toml, toml_table

    try:
        values = toml_table(read_toml(path))
    except OSError as error:
        raise OutOfDomain(f"{path}: {error.strerror or error}") from None
    except ValueError as error:
        raise OutOfDomain(f"{path}: {error}") from None
    values.setdefault("name", path.stem)
    if seed is not None:
        values["seed"] = seed
    return from_description(values, str(path))


def reproduce(
    experiment: Experiment,
    folder: Path,
    *,
    device: str | None = None,
    overwrite: bool = False,
    quiet: bool = False,
    strict: bool = False,
    made: Sequence[str] = (),
    larger: Experiment | None = None,
) -> int:
    """Run any experiment into a folder; see ``run``.

    ``larger`` is named at the end as what the full run would be.
    """
    _require("matplotlib", "figures", "the figure")
    _require("jax", "jax", "trained nets and the files of a run")
    from verify.networks.steps.precision import find_device

    find_device(device)
    for line in experiment.preflight():
        if not quiet:
            print(f"note: {line}", file=sys.stderr)
    open_folder(folder, experiment, overwrite)
    from learnability.reproduction.report import Run, as_json, write_report
    from verify.storage.files import write_atomically

    begun = time.monotonic()
    try:
        with Stages(quiet) as tell:
            measured = experiment.measure(folder / "cells", tell, device)
            tell("theory and verdicts", 0.0, "")
            findings = experiment.examine(measured)
            tell("theory and verdicts", 1.0, "done")
    except KeyboardInterrupt:
        print(
            f"finished cells are kept in {folder / 'cells'}; the same command goes on",
            file=sys.stderr,
        )
        raise
    record = Run(
        tuple(made) or ("learnability", "reproduce", experiment.name),
        version("learnability"),
        platform.python_version(),
        f"{platform.system()} {platform.machine()}",
        _devices(folder / "cells") if experiment.trains else "none",
        os.cpu_count() or 1,
        time.strftime("%Y-%m-%d", time.gmtime()),
        time.monotonic() - begun,
    )
    write_atomically(folder / MEASUREMENTS, measured.csv().encode())
    write_atomically(folder / RUN, as_json(record).encode())
    text = write_report(experiment, findings, record, folder)
    if not quiet:
        print(text)
        print(f"\nwritten to {folder}{_sep(folder)}: figure, tables, report, cells")
        if larger is not None and larger != experiment:
            print(
                "this was the small form; --full is as published: "
                + _differ(experiment, larger)
            )
    return EXIT_OF_STRICT[findings.judgement.verdict.value] if strict else 0


def again(
    name: str,
    stored: Path,
    output: str | Path | None,
    *,
    quiet: bool = False,
    strict: bool = False,
) -> int:
    """Judge and draw a stored run again, from its measurements alone.

    Raises
    ------
    OutOfDomain
        When the folder lacks a file, or holds another experiment or version.
    """
    _require("matplotlib", "figures", "the figure")
    from learnability.reproduction.report import Run, write_report
    from theory import OutOfDomain
    from verify.experiments import Measurements, from_json

    texts = {}
    for file in (SPECIFICATION, MEASUREMENTS, RUN):
        try:
            texts[file] = (stored / file).read_text("utf-8")
        except OSError as error:
            raise OutOfDomain(
                f"--from {stored}: {file}: {error.strerror or error}"
            ) from None
    experiment = from_json(texts[SPECIFICATION], str(stored / SPECIFICATION))
    if experiment.name != name and not name.endswith(".toml"):
        raise OutOfDomain(f"--from {stored} holds {experiment.name!r}, not {name!r}")
    measured = Measurements.from_csv(texts[MEASUREMENTS], str(stored / MEASUREMENTS))
    record = Run.from_json(texts[RUN], str(stored / RUN))
    folder = Path(output) if output is not None else Path(experiment.name)
    if folder.resolve() != stored.resolve():
        open_folder(folder, experiment, False)
        from verify.storage.files import write_atomically

        for file in (MEASUREMENTS, RUN):
            write_atomically(folder / file, texts[file].encode())
    findings = experiment.examine(measured)
    text = write_report(experiment, findings, record, folder)
    if not quiet:
        print(text)
        print(f"\nmade again from {stored}, nothing was run; written to {folder}")
    return EXIT_OF_STRICT[findings.judgement.verdict.value] if strict else 0


def open_folder(folder: Path, experiment: Experiment, overwrite: bool) -> None:
    """Make the folder, or see that it belongs to this experiment.

    Raises
    ------
    OutOfDomain
        When it holds something else; what differs is named.
    """
    from theory import OutOfDomain
    from verify.storage.files import write_atomically

    path = folder / SPECIFICATION
    if folder.exists() and not folder.is_dir():
        raise OutOfDomain(f"output = {folder} is a file; a folder is needed")
    if path.exists():
        found = path.read_text("utf-8")
        same = found.strip() == _pretty(experiment).strip()
        if not same and not overwrite:
            raise OutOfDomain(
                f"output = {folder} holds the results of another specification "
                f"({_what_differs(found, experiment)}); choose another folder, or pass "
                "--overwrite"
            )
        if same:
            return
    elif folder.exists() and any(folder.iterdir()) and not overwrite:
        raise OutOfDomain(
            f"output = {folder} is not empty and holds no {SPECIFICATION}; "
            "choose another folder, or pass --overwrite"
        )
    try:
        write_atomically(path, _pretty(experiment).encode())
    except OSError as error:
        raise OutOfDomain(
            f"output = {folder} cannot be written: {error.strerror or error}"
        ) from None


def _what_differs(found: str, experiment: Experiment) -> str:
    from verify.experiments import description

    try:
        old = json.loads(found)
        old = old if isinstance(old, dict) else {}
    except ValueError:
        return "it cannot be read"
    new = json.loads(json.dumps(description(experiment)))
    if old.get("format") != new["format"]:
        return f"format {old.get('format')}, this version writes {new['format']}"
    names = [key for key in sorted({*old, *new}) if old.get(key) != new.get(key)]
    return f"it differs in {', '.join(names)}"


def _differ(small: Experiment, full: Experiment) -> str:
    """What the larger form changes, field by field."""
    from verify.experiments import description

    old, new = description(small), description(full)
    words = [
        f"{key} {_short(old[key])} → {_short(new[key])}"
        for key in new
        if old.get(key) != new[key]
    ]
    return ", ".join(words)


def _short(value: Any) -> str:
    text = "all" if value is None else str(value)
    return text if len(text) < 40 else text[:36] + " …"


def _pretty(experiment: Experiment) -> str:
    from verify.experiments import description

    return json.dumps(description(experiment), indent=1, sort_keys=True) + "\n"


def _devices(cells: Path) -> str:
    """Name every device that trained nets of a run: some may have come from elsewhere."""
    from verify.networks import Folder

    place = Folder(cells, create=False)
    names = {result.provenance["device"] for result in place.results(place.asked())}
    return ", ".join(sorted(names)) or "none"


def _sep(folder: Path) -> str:
    return "" if str(folder).endswith("/") else "/"


def _require(module: str, extra: str, what: str) -> None:
    from theory import Unsupported

    if importlib.util.find_spec(module) is None:
        raise Unsupported(
            f'{what} need the extra "{extra}": pip install "learnability[{extra}]"'
        )
