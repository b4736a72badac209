"""Sweeps: interrupted with kill −9, shared by workers, equal to undisturbed runs."""

import os
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pytest

from verify.networks import (
    Architecture,
    Cell,
    DeviceError,
    Folder,
    HypercubeData,
    MemoryLimitError,
    TableData,
    Training,
    run_cells,
    sweep,
)
from verify.networks.sweeps.locks import Locks
from verify.networks.sweeps.results import ARRAYS
from verify.networks.worker import main

DATA = HypercubeData(3, ("parity:1", "parity:2"))
QUICK = sweep(
    Architecture(1, 8), Training(max_steps=20), DATA, (2, 4), trials=2, block=1
)
# Cells of about a second each once compiled: long enough to be killed in
SLOW = sweep(
    Architecture(1, 64),
    Training(max_steps=40_000, stop_mse=0.0, learning_rate=1e-4),
    DATA, 4, trials=4, block=1,
)  # fmt: skip
ROOT = Path(__file__).parents[3]


def _worker(folder):
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "verify.networks.worker", str(folder)],
        cwd=ROOT, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def _any_is_locked(folder):
    for path in (folder.path / "locks").glob("*.lock"):
        with Locks(folder.path).taken(path.stem) as ours:
            if not ours:
                return True
    return False


def _same(one, other):
    """Bit for bit: a cell is trained from its start, whatever was killed before."""
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_a_sweep_killed_again_and_again_equals_an_undisturbed_one(tmp_path):
    folder = Folder(tmp_path / "killed")
    folder.ask(SLOW)
    kills = done = 0
    while done < len(SLOW) - 1 and kills < 3:
        worker = _worker(folder.path)
        # kill it in the middle of a cell: when it holds the lock on a further one
        while len(folder.finished()) == done and worker.poll() is None:
            time.sleep(0.01)
        while not _any_is_locked(folder) and worker.poll() is None:
            time.sleep(0.001)
        time.sleep(0.03 * kills)
        kills += worker.poll() is None
        worker.send_signal(signal.SIGKILL)
        _, errors = worker.communicate()
        assert worker.returncode in (0, -signal.SIGKILL), errors
        done = len(folder.finished())
    assert kills >= 1
    report = run_cells(SLOW, folder.path)
    assert report.missing == 0
    assert report.resumed == done
    for cell, result in zip(SLOW, folder.results(SLOW), strict=True):
        _same(cell.run(), result)
    assert not _any_is_locked(folder)


def test_a_second_worker_in_the_process_leaves_held_cells_alone(tmp_path):
    with Locks(tmp_path).taken(QUICK[1].digest):
        report = run_cells(QUICK, tmp_path, wait=False)
    assert (report.trained, report.missing) == (3, 1)
    report = run_cells(QUICK, tmp_path, wait=False)
    assert (report.resumed, report.trained, report.missing) == (3, 1, 0)


def test_ctrl_c_keeps_what_is_finished_and_frees_the_lock(tmp_path):
    def stop(progress):
        if progress.finished == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_cells(QUICK, tmp_path, progress=stop)
    assert len(Folder(tmp_path).finished()) == 2
    assert not _any_is_locked(Folder(tmp_path))
    assert run_cells(QUICK, tmp_path).resumed == 2


def test_progress_counts_cells_and_estimates_the_time_left(tmp_path):
    seen = []
    run_cells(QUICK, tmp_path, progress=seen.append)
    counts = [p.finished for p in seen]
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (0, 4)
    assert seen[0].seconds_left is None
    middle = next(p for p in seen if p.finished == 2)
    assert middle.seconds_left > 0
    assert seen[-1].seconds_left == 0
    assert "2 of 4 cells" in str(middle)


def test_time_that_is_out_leaves_the_rest_for_later(tmp_path):
    report = run_cells(QUICK, tmp_path, max_seconds=0)
    assert (report.trained, report.missing) == (0, 4)


def test_the_same_cell_twice_is_one_cell(tmp_path):
    assert run_cells([*QUICK, *QUICK], tmp_path).total == 4


def test_errors_release_the_claim(tmp_path):
    with pytest.raises(MemoryLimitError, match="10 are allowed"):
        run_cells(QUICK, tmp_path, memory=10)
    with pytest.raises(DeviceError, match="device = 'abacus': there is none"):
        run_cells(QUICK, tmp_path, device="abacus")
    assert not _any_is_locked(Folder(tmp_path))


def test_the_command_trains_what_the_folder_asks_for(tmp_path, capsys):
    table = TableData(np.eye(3), [[1.0, 2.0, 3.0]], ("a",))
    cell = Cell(Architecture(1, 8), Training(max_steps=5), table, n=2, trials=(0,))
    Folder(tmp_path).ask([cell])
    handler = signal.getsignal(signal.SIGTERM)
    try:
        assert main([str(tmp_path), "--quiet"]) == 0
        assert capsys.readouterr().err == ""
        assert main([str(tmp_path)]) == 0
        assert "1 of 1 cells" in capsys.readouterr().err
        assert main([str(tmp_path / "none")]) == 2
        assert "none is no folder of results" in capsys.readouterr().err
        assert not (tmp_path / "none").exists()
        Folder(tmp_path / "empty")
        assert main([str(tmp_path / "empty")]) == 2
        assert "has no sweep" in capsys.readouterr().err
        assert main([str(tmp_path), "--device", "abacus"]) == 2
        assert "device = 'abacus': there is none" in capsys.readouterr().err
        assert main([str(tmp_path), "--max-seconds", "-1"]) == 2
        assert "max_seconds = -1" in capsys.readouterr().err
    finally:
        signal.signal(signal.SIGTERM, handler)


def test_the_command_says_in_a_line_what_it_set_aside(tmp_path, capsys):
    Folder(tmp_path).ask(QUICK[:1])
    Folder(tmp_path).file(QUICK[0].digest).write_bytes(b"no cell")
    handler = signal.getsignal(signal.SIGTERM)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            assert main([str(tmp_path), "--quiet"]) == 0
    finally:
        signal.signal(signal.SIGTERM, handler)
    (line,) = capsys.readouterr().err.splitlines()
    assert "was set aside as" in line


def test_a_worker_needs_neither_sympy_nor_flint_nor_scipy(tmp_path):
    Folder(tmp_path).ask(QUICK[:1])
    code = (
        "import sys\n"
        "for name in ('sympy', 'flint', 'mpmath', 'xarray', 'distributed', 'rich'):\n"
        "    sys.modules[name] = None\n"
        "from verify.networks.worker import main\n"
        f"sys.exit(main([{str(tmp_path)!r}, '--quiet']))"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=ROOT)
    assert done.returncode == 0


def test_importing_the_package_loads_no_jax():
    code = (
        "import sys, verify.networks as networks\n"
        "networks.sample_indices\n"
        "print('jax' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout == "False\n", done.stderr


def test_sigterm_is_an_interruption(tmp_path):
    Folder(tmp_path).ask(SLOW)
    worker = _worker(tmp_path)
    while not _any_is_locked(Folder(tmp_path)) and worker.poll() is None:
        time.sleep(0.01)
    time.sleep(0.3)
    worker.send_signal(signal.SIGTERM)
    _, errors = worker.communicate(timeout=60)
    assert worker.returncode == 130, errors
    assert not _any_is_locked(Folder(tmp_path))
    assert os.listdir(tmp_path / "sweeps")
