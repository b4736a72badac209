"""Plant every fault of the list, one at a time, and run the test that must fail.

    python -m tests.planted_faults                   all of them
    python -m tests.planted_faults --seconds 120     a sample, for two minutes
    python -m tests.planted_faults --only regression/mean

Exit code 0 if every fault was noticed, 1 if one was not, 2 if the list is out of date:
a place that the code no longer has, a test that does not exist.
"""

import argparse
import contextlib
import importlib
import io
import os
import random
import sys
import tempfile
import time
import traceback
from pathlib import Path

import pytest

from tests.planted_faults.listed import faults, problems
from verify.planted.fault import TOP, BadFault, Fault, plant

PARTS = ("numpy", "scipy.stats", "scipy.linalg", "sympy", "flint", "mpmath")
"""Imported once; every process that has a fault starts from there."""
ORDER = ("theory", "numerics", "verify", "learnability")
NOTICED, UNNOTICED = int(pytest.ExitCode.TESTS_FAILED), int(pytest.ExitCode.OK)
LOST = 99


class FirstFailure:
    """Keeps the id of the first test that failed, and why."""

    def __init__(self) -> None:
        self.name = ""

    def pytest_runtest_logreport(self, report) -> None:
        """Called by pytest after each part of a test."""
        if report.failed and not self.name:
            self.name = report.nodeid


def arguments(test: str, folder: str) -> list[str]:
    """What pytest is called with; failures are wanted, so none is shown."""
    plain = ("-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:xdist")
    return [test, "-x", "-q", "--no-header", "--tb=line", "--run-slow", *plain,
            "--timeout=60", "--basetemp", folder]  # fmt: skip


def child(fault: Fault, pipe: int) -> int:
    """In a process of its own: plant the fault, run the test, say which one failed."""
    os.chdir(TOP)
    said = io.StringIO()
    first = FirstFailure()
    with (
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
        tempfile.TemporaryDirectory() as folder,
    ):
        try:
            plant(fault)
        except (BadFault, OSError) as error:
            os.write(pipe, str(error).encode())
            return LOST
        code = int(pytest.main(arguments(fault.noticed_by, folder), [first]))
    if code == NOTICED and not first.name:
        code = LOST  # nothing ran: a module or a test could not be imported
    words = first.name if code == NOTICED else said.getvalue()[-1500:]
    os.write(pipe, words.encode())
    return code


def prepare(package: str) -> None:
    """Import once what lies below a package, so that its faults need not.

    Faults of packages below cannot be planted afterwards.
    """
    for part in (*PARTS, *ORDER[: min(ORDER.index(package), 2)]):
        importlib.import_module(part)


def run(fault: Fault) -> tuple[int, str]:
    """The exit code of pytest with the fault, and the test that failed or what was said."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        code = LOST
        try:
            code = child(fault, writing)
        except BaseException:
            os.write(writing, traceback.format_exc().encode())
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        words = pipe.read()
    _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status), words


def main(given: list[str] | None = None) -> int:
    """Run the faults that were asked for; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.planted_faults")
    parser.add_argument("--seconds", type=float, help="stop after so long")
    parser.add_argument("--seed", help="of the order; the date by default")
    parser.add_argument("--only", default="", help="part of a file's name or a kind")
    parser.add_argument("--list", type=Path, help="a list of faults of your own")
    asked = parser.parse_args(given)
    listed = faults(asked.list)
    chosen = [f for f in listed if asked.only in f.file or asked.only in f.kind]
    seed = asked.seed or time.strftime("%Y-%m-%d")
    if asked.seconds:
        random.Random(seed).shuffle(chosen)
    else:
        chosen.sort(key=lambda fault: ORDER.index(fault.file.split("/")[0]))
    wrong = 2 if (lost := problems(listed)) else 0
    for line in lost:
        print(f"out of date  {line}", flush=True)
    prepare(ORDER[0])
    start, noticed, tried = time.monotonic(), 0, 0
    for fault in chosen:
        before = time.monotonic()
        if asked.seconds and before - start > asked.seconds:
            break
        if not asked.seconds:
            prepare(fault.file.split("/")[0])
        code, words = run(fault)
        tried += 1
        noticed += code == NOTICED
        name = {NOTICED: "noticed", UNNOTICED: "NOT NOTICED"}.get(code, "out of date")
        wrong = max(wrong, {NOTICED: 0, UNNOTICED: 1}.get(code, 2))
        took = time.monotonic() - before
        print(f"{name:11}  {took:5.1f} s  {fault.words}\n{'':13}by {words}", flush=True)
    order = f", order of seed {seed}" if asked.seconds else ""
    print(f"{noticed} of {tried} planted faults noticed, {len(listed)} listed{order}")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
