"""A long run goes on where it stopped: finished claims and counts, line by line.

Case k of a claim depends on the seed, the claim's name and k alone, so a run that was
interrupted after k cases continues with case k. A journal belongs to one version of the
code: what was tested with other formulas is not taken over.
"""

import hashlib
import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any

import numerics
import theory
import verify
from theory.errors import OutOfDomain
from verify.storage.files import read_bytes, write_atomically
from verify.verdicts.report import Report

EVERY_SECONDS = 2.0


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """A hash of the sources that decide what is tested and how."""
    digest = hashlib.sha256()
    for package in (theory, numerics, verify):
        root = Path(package.__path__[0])
        for path in sorted(root.rglob("*.py")):
            digest.update(str(path.relative_to(root)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@dataclass
class Journal:
    """A file of json lines; the last line on a claim counts.

    Raises
    ------
    OutOfDomain
        When the file is a journal of other code, or none at all.
    OSError
        When it is there and cannot be read.
    """

    path: Path
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    written: float = 0.0

    def __post_init__(self) -> None:
        self.path = Path(self.path)
        content = read_bytes(self.path)
        if content is None:
            self._append({"fingerprint": fingerprint()})
            return
        try:
            text = content.decode("utf-8")
            whole = text[: text.rfind("\n") + 1]
            entries = [json.loads(line) for line in whole.splitlines()]
            own = entries[0]["fingerprint"]
        except (ValueError, KeyError, IndexError, TypeError):
            raise OutOfDomain(
                f"journal {self.path} is not a journal of verify; choose another file"
            ) from None
        if own != fingerprint():
            raise OutOfDomain(
                f"journal {self.path} belongs to other code; remove it to start again"
            )
        if whole != text:
            write_atomically(self.path, whole.encode())
        self.known = {entry["key"]: entry for entry in entries[1:]}

    def _append(self, entry: dict[str, Any]) -> None:
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        except OSError as error:
            raise OutOfDomain(
                f"journal {self.path} cannot be written: {error.strerror}"
            ) from None

    def report(self, key: str) -> Report | None:
        """The report of a claim that is finished."""
        data = self.known.get(key, {}).get("report")
        return None if data is None else Report.from_json(data)

    def finish(self, key: str, report: Report) -> Report:
        """Keep a finished claim, and hand its report back."""
        self._append({"key": key, "report": report.to_json()})
        return report

    def reports(self, key: str) -> list[Report] | None:
        """All reports of a group, or None where it is not finished."""
        count = self.progress(key)[0]
        kept = [self.report(f"{key}:{index}") for index in range(count)]
        found = [report for report in kept if report is not None]
        return found if found and len(found) == count else None

    def finish_all(self, key: str, reports: list[Report]) -> None:
        """Keep a group of reports; their number, written last, makes them whole."""
        for index, report in enumerate(reports):
            self.finish(f"{key}:{index}", report)
        self._append({"key": key, "done": len(reports)})

    def progress(self, key: str) -> tuple[int, int, float]:
        """Cases done, effective checks and largest size of a claim that was begun."""
        entry = self.known.get(key, {})
        return entry.get("done", 0), entry.get("checks", 0), entry.get("size", 0.0)

    def keep(self, key: str, done: int, checks: int, size: float) -> None:
        """Note how far a claim has come; a few seconds' work may be repeated."""
        if monotonic() - self.written >= EVERY_SECONDS:
            self._append({"key": key, "done": done, "checks": checks, "size": size})
            self.written = monotonic()


def open_journal(path: Path | str | None) -> Journal | None:
    """The journal in a file, or None where none is kept.

    Examples
    --------
    >>> open_journal(None) is None
    True
    """
    return None if path is None else Journal(Path(path))
