"""Faults are planted without touching a file, and reports say how many are noticed."""

import subprocess
import sys

from verify.planted import noticed
from verify.planted.fault import TOP, read
from verify.planted.noticed import Noticed, kept, notes
from verify.suites import SUITES
from verify.verdicts.report import as_json, as_text

PROGRAM = """
from verify.planted.fault import Fault, plant
place = "return (self.K_D + identity"
change = "return (2 * self.K_D + identity"
plant(Fault("verify/exact/problems/problem.py", place, change, "count", "conservation"))
from verify.exact.laws.least_squares import laws
from verify.exact.testing.law import examine
print([str(examine(law, 20).verdict) for law in laws()])
"""


def test_a_process_runs_with_the_fault_and_the_file_stays_as_it_is():
    path = TOP / "verify/exact/problems/problem.py"
    before = path.read_bytes()
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.strip() == "['confirmed', 'refuted']"
    assert path.read_bytes() == before


def test_every_fault_of_a_suite_has_its_place_and_was_noticed():
    listed = read(noticed.FAULTS)
    for fault in listed:
        assert fault.noticed_by in SUITES
        fault.planted((TOP / fault.file).read_text("utf-8"))
    found = {(row.file, row.place, row.change): row for row in kept()}
    for fault in listed:
        row = found[fault.file, fault.place, fault.change]
        assert row.suite == fault.noticed_by
        assert row.claim
        assert row.example <= row.examples


def test_a_run_of_few_cases_notices_less(monkeypatch):
    rows = [
        Noticed("conservation", 9, 4, "f.py", str(k), "", claim, k)
        for k, claim in ((1, "a"), (7, "b"), (0, ""))
    ]
    monkeypatch.setattr(noticed, "kept", lambda: rows)
    assert notes(["conservation", "data"], 3) == [
        "planted faults, conservation: a run of 3 cases notices 1 of 3, "
        "measured at seed 4 with 9"
    ]
    [line] = notes(["conservation"], 7)
    assert "notices 2 of 3" in line
    assert line in as_text([], [line])
    assert "2 of 3" in as_json([], [line])
