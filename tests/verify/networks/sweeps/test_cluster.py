"""Many processes: joblib, a local dask cluster, one worker a device."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from verify.networks import (
    Architecture,
    DeviceError,
    Folder,
    HypercubeData,
    NetworkError,
    Training,
    sweep,
)
from verify.networks.launch import launch, main
from verify.networks.sweeps.cluster import run_distributed
from verify.networks.sweeps.results import ARRAYS

ROOT = Path(__file__).parents[4]
DATA = HypercubeData(3, ("parity:1", "parity:2"))
CELLS = sweep(
    Architecture(1, 32),
    Training(max_steps=20_000, stop_mse=0.0, learning_rate=1e-4),
    DATA, 4, trials=3, block=1,
)  # fmt: skip


def _equal_to_an_undisturbed_run(folder):
    for cell, result in zip(CELLS, Folder(folder).results(CELLS), strict=True):
        direct = cell.run()
        for name in ARRAYS:
            np.testing.assert_array_equal(getattr(direct, name), getattr(result, name))


DASK = """
import json, os, signal, sys, threading, time
from distributed import Client, LocalCluster
from verify.networks import Folder
from verify.networks.sweeps.cluster import run_distributed

if __name__ == "__main__":
    folder = Folder(sys.argv[1])
    cells = folder.asked()
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster, Client(cluster) as client:

        def kill():
            # a worker that is in the middle of a cell: the holder of a claim
            while not folder.finished():
                time.sleep(0.01)
            pid = None
            while pid not in client.run(os.getpid).values():
                for claim in (folder.path / "claims").iterdir():
                    try:
                        pid = json.loads(claim.read_text())["pid"]
                    except (FileNotFoundError, ValueError):
                        pass  # released, or being written
            os.kill(pid, signal.SIGKILL)
            print("killed", flush=True)

        threading.Thread(target=kill, daemon=True).start()
        report = run_distributed(cells, folder.path, backend="dask")
        print(report)
        assert report.missing == 0
"""


@pytest.mark.skipif(find_spec("distributed") is None, reason="needs the extra sweeps")
def test_a_dask_cluster_with_a_worker_killed_equals_an_undisturbed_run(tmp_path):
    folder = Folder(tmp_path / "cells")
    folder.ask(CELLS)
    script = tmp_path / "sweep.py"
    script.write_text(DASK)
    done = subprocess.run(
        [sys.executable, str(script), str(folder.path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr
    assert "killed" in done.stdout
    _equal_to_an_undisturbed_run(folder.path)


@pytest.mark.skipif(find_spec("joblib") is None, reason="needs the extra sweeps")
def test_joblib_gives_what_one_process_gives(tmp_path):
    report = run_distributed(CELLS[:2], tmp_path, backend="sequential")
    assert (report.trained, report.missing) == (2, 0)
    report = run_distributed(CELLS[:2], tmp_path, backend="sequential")
    assert (report.resumed, report.trained) == (2, 0)


@pytest.mark.skipif(find_spec("distributed") is None, reason="needs the extra sweeps")
def test_dask_without_a_client_is_said(tmp_path):
    with pytest.raises(NetworkError, match=r"backend = 'dask'.*Client"):
        run_distributed(CELLS, tmp_path, backend="dask")


def test_a_missing_extra_is_one_line_that_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "joblib", None)
    with pytest.raises(NetworkError, match=r"joblib is missing: pip install .*sweeps"):
        run_distributed(CELLS, tmp_path)


def test_two_workers_finish_a_sweep_and_no_cell_is_trained_twice(tmp_path, capfd):
    Folder(tmp_path).ask(CELLS)
    assert launch(tmp_path, ["cpu", "cpu"])
    trained = re.findall(r"trained (\d+) here", capfd.readouterr().err)
    assert len(trained) == 2
    assert sum(map(int, trained)) == len(CELLS)
    assert not (tmp_path / "set-aside").exists()
    _equal_to_an_undisturbed_run(tmp_path)


def test_a_device_that_cannot_be_is_named(tmp_path, capsys):
    Folder(tmp_path).ask(CELLS)
    for name in ("cpu:1", "gpu", "abacus"):
        with pytest.raises(DeviceError, match=f"device = '{name}'"):
            launch(tmp_path, ["cpu", name])
    with pytest.raises(DeviceError, match="must name one device"):
        launch(tmp_path, [])
    assert main([str(tmp_path), "tpu"]) == 2
    assert "device = 'tpu'" in capsys.readouterr().err
