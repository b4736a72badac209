"""Many processes: a local dask cluster, one worker a device, SLURM."""

import os
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
from verify.networks.sweeps import cluster
from verify.networks.sweeps.cluster import on_devices, on_slurm, run_distributed
from verify.networks.sweeps.results import ARRAYS
from verify.networks.worker import main

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


needs_dask = pytest.mark.skipif(
    find_spec("distributed") is None, reason="needs the extra sweeps"
)
DASK = """
import os, signal, sys, threading, time
from verify.networks import Folder
from verify.networks.sweeps.cluster import on_devices, run_distributed

if __name__ == "__main__":
    folder = Folder(sys.argv[1])
    cells = folder.asked()
    with on_devices(["cpu", "cpu"]) as client:

        def kill():
            # a worker that is in the middle of its second cell or its third
            while not folder.finished():
                time.sleep(0.01)
            pid = next(iter(client.run(os.getpid).values()))
            os.kill(pid, signal.SIGKILL)
            print("killed", flush=True)

        threading.Thread(target=kill, daemon=True).start()
        report = run_distributed(cells, folder.path, client)
        print(report)
        assert report.missing == 0
"""


@needs_dask
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


@needs_dask
def test_each_cell_is_trained_once_on_the_workers_of_a_client(tmp_path, capsys):
    Folder(tmp_path).ask(CELLS)
    assert main([str(tmp_path), "--devices", "cpu", "cpu"]) == 0
    assert f"trained {len(CELLS)} here" in capsys.readouterr().err
    assert main([str(tmp_path)]) == 0
    assert f"found {len(CELLS)} finished" in capsys.readouterr().err
    assert not (tmp_path / "set-aside").exists()
    _equal_to_an_undisturbed_run(tmp_path)


def test_a_client_that_is_none_is_named(tmp_path):
    with pytest.raises(NetworkError, match=r"client = 'dask': must be a distributed"):
        run_distributed(CELLS, tmp_path, "dask")


@needs_dask
def test_a_scheduler_that_does_not_answer_is_named(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(cluster, "ANSWER_WITHIN", 0.5)
    Folder(tmp_path).ask(CELLS)
    assert main([str(tmp_path), "--scheduler", "tcp://127.0.0.1:9"]) == 2
    assert "scheduler = 'tcp://127.0.0.1:9'" in capsys.readouterr().err


@pytest.mark.parametrize("module", ["distributed", "dask_jobqueue"])
def test_a_missing_extra_is_one_line_that_says_what_to_install(module, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    start = on_devices(["cpu"]) if module == "distributed" else on_slurm(2)
    said = rf"{module} is missing: pip install .*sweeps"
    with pytest.raises(NetworkError, match=said), start:
        pass


@pytest.mark.skipif(find_spec("dask_jobqueue") is None, reason="needs dask-jobqueue")
def test_a_slurm_job_runs_one_worker_with_the_options_given(monkeypatch):
    from dask_jobqueue import SLURMCluster

    asked = []
    monkeypatch.setattr(SLURMCluster, "scale", lambda _, jobs: asked.append(jobs))
    with on_slurm(3, walltime="04:00:00", queue="gpu") as client:
        script = client.cluster.job_script()
        # here, because some versions ask for 0 jobs once more when they close
        assert asked == [3]
    assert "#SBATCH -p gpu" in script
    assert "#SBATCH -t 04:00:00" in script
    assert "--nworkers 1" in script or "--nthreads 1" in script


def test_a_device_that_cannot_be_is_named(tmp_path, capsys):
    Folder(tmp_path).ask(CELLS)
    for name in ("cpu:1", "gpu", "abacus"):
        with pytest.raises(DeviceError, match=f"device = '{name}'"):
            on_devices(["cpu", name]).__enter__()
    with pytest.raises(DeviceError, match="must name one device"):
        on_devices([]).__enter__()
    assert main([str(tmp_path), "--devices", "tpu"]) == 2
    assert "device = 'tpu'" in capsys.readouterr().err
