"""How many planted faults a run of a suite would notice.

    python -m verify.planted.noticed conservation theorems

plants every fault of ``suites.toml`` in a process of its own, runs the suite there, and
keeps in ``noticed.csv`` which claim was refuted, and by which random case. Reports of
``learnability verify`` read that file: a run with as many cases would have noticed it.
"""

import argparse
import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from verify.planted.fault import TOP, Fault, plant, read

HERE = Path(__file__).parent
FAULTS, KEPT = HERE / "suites.toml", HERE / "noticed.csv"
EXAMPLES = 5
PLACE = re.compile(r"example (\d+) of")


@dataclass(frozen=True, slots=True)
class Noticed:
    """What became of one fault in one suite.

    Attributes
    ----------
    suite, examples, seed
        The run: random cases for every claim, and their seed.
    file, place, change
        The fault.
    claim
        The first claim that was refuted; empty where none was.
    example
        Which of its cases refuted it, from 1.
    """

    suite: str
    examples: int
    seed: int
    file: str
    place: str
    change: str
    claim: str
    example: int


def run_with(number: int, examples: int, seed: int) -> str:
    """In a process of its own: plant a fault, run its suite, say what was refuted."""
    fault = read(FAULTS)[number]
    plant(fault)
    from verify.suites import Request, run
    from verify.verdicts.verdict import Verdict

    asked = Request(examples=examples, seed=seed)
    for report in run(fault.noticed_by, asked):
        if report.verdict is Verdict.REFUTED:
            found = PLACE.search(report.effect)
            return json.dumps([report.name, int(found.group(1)) if found else 1])
    return json.dumps(["", 0])


def measured(suites: Iterable[str], examples: int, seed: int = 0) -> list[Noticed]:
    """What becomes of every fault that concerns some suites; each is a process.

    Raises
    ------
    RuntimeError
        When a run with a fault broke off, so that nothing was judged.
    """
    chosen, found = set(suites), []
    for number, fault in enumerate(read(FAULTS)):
        if fault.noticed_by not in chosen:
            continue
        code = (
            "from verify.planted.noticed import run_with; "
            f"print(run_with({number}, {examples}, {seed}))"
        )
        ended = subprocess.run(
            [sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True
        )
        if ended.returncode:
            raise RuntimeError(f"{fault.words}: {ended.stderr[-800:]}")
        claim, example = json.loads(ended.stdout.splitlines()[-1])
        place = (fault.file, fault.place, fault.change)
        row = Noticed(fault.noticed_by, examples, seed, *place, claim, example)
        found.append(row)
        print(f"{row.suite:14} {claim or 'NOT NOTICED':32} {fault.words}", flush=True)
    return found


def kept() -> list[Noticed]:
    """What the last measurement found; faults that the list no longer has are left out."""
    if not KEPT.is_file():
        return []
    listed = {(f.file, f.place, f.change) for f in read(FAULTS)}
    rows = csv.DictReader(io.StringIO(KEPT.read_text("utf-8")))
    found = []
    for row in rows:
        numbers = {name: int(row[name]) for name in ("examples", "seed", "example")}
        found.append(Noticed(**{**row, **numbers}))
    return [row for row in found if (row.file, row.place, row.change) in listed]


def notes(suites: Iterable[str], examples: int) -> list[str]:
    """A line for each suite that faults are planted for.

    Examples
    --------
    >>> notes(["networks"], 10)
    []
    >>> notes(["conservation"], 100)[0].startswith("planted faults, conservation: ")
    True
    """
    rows, lines = kept(), []
    for suite in suites:
        own = [row for row in rows if row.suite == suite]
        if not own:
            continue
        seen = sum(bool(row.claim) and row.example <= examples for row in own)
        lines.append(
            f"planted faults, {suite}: a run of {examples} cases notices {seen} of "
            f"{len(own)}, measured at seed {own[0].seed} with {own[0].examples}"
        )
    return lines


def keep(rows: list[Noticed], replaced: set[str]) -> None:
    """Write the rows in place of those of the same suites."""
    from verify.storage.files import write_atomically

    memory = io.StringIO()
    writer = csv.DictWriter(memory, list(Noticed.__slots__), lineterminator="\n")
    writer.writeheader()
    old = [row for row in kept() if row.suite not in replaced]
    writer.writerows(asdict(row) for row in old + rows)
    write_atomically(KEPT, memory.getvalue().encode())


def suites_with_faults() -> dict[str, list[Fault]]:
    """Suite → the faults planted for it."""
    found: dict[str, list[Fault]] = {}
    for fault in read(FAULTS):
        found.setdefault(fault.noticed_by, []).append(fault)
    return found


def main(given: list[str] | None = None) -> int:
    """Measure and keep; exit code 1 if a fault was not noticed."""
    parser = argparse.ArgumentParser(prog="python -m verify.planted.noticed")
    parser.add_argument("suites", nargs="*", help="all that faults are planted for")
    parser.add_argument("--examples", type=int, default=EXAMPLES)
    asked = parser.parse_args(given)
    suites = set(asked.suites or suites_with_faults())
    rows = measured(suites, asked.examples)
    keep(rows, suites)
    seen = sum(bool(row.claim) for row in rows)
    print(f"{seen} of {len(rows)} planted faults noticed; kept in {KEPT.name}")
    return int(seen < len(rows))


if __name__ == "__main__":
    sys.exit(main())
