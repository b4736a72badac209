"""Sweeps whose workers are killed −9 many times, one process and a local dask cluster."""

import os
import random
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from verify.networks import Architecture, Folder, HypercubeData, Training, sweep
from verify.networks.sweeps.results import ARRAYS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]
ROOT = Path(__file__).parents[4]
DATA = HypercubeData(4, ("parity:1", "parity:2", "parity:4"))
CELLS = sweep(
    (Architecture(1, 32), Architecture(2, 24, "tanh")),
    Training(max_steps=4000, stop_mse=1e-9),
    DATA, (3, 5, 8), trials=4, block=1,
)  # fmt: skip
DASK = """
import os, random, signal, sys, threading, time
from verify.networks import Folder
from verify.networks.sweeps.cluster import on_devices, run_distributed

if __name__ == "__main__":
    folder, chance, over = Folder(sys.argv[1]), random.Random(7), threading.Event()
    with on_devices(["cpu", "cpu"]) as client:

        def kill():
            kills = 0
            while not over.is_set() and kills < 12:
                seen = len(folder.finished())
                while len(folder.finished()) == seen and not over.is_set():
                    time.sleep(0.01)
                time.sleep(chance.random())
                pids = list(client.run(os.getpid, on_error="ignore").values())
                if pids and not over.is_set():
                    os.kill(chance.choice(pids), signal.SIGKILL)
                    kills += 1
                    print("killed", flush=True)

        thread = threading.Thread(target=kill)
        thread.start()
        report = run_distributed(folder.asked(), folder.path, client)
        over.set()
        thread.join()
        print(report)
        assert report.missing == 0
"""


@pytest.fixture
def environment(tmp_path):
    """Settings that let a killed worker come back quickly."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "JAX_COMPILATION_CACHE_DIR": str(tmp_path / "compiled"),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        # a worker that dies often is not to blame for its task
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "100",
    }


def _is_undisturbed(path):
    for cell, result in zip(CELLS, Folder(path).results(CELLS), strict=True):
        direct = cell.run()
        for name in ARRAYS:
            np.testing.assert_array_equal(getattr(direct, name), getattr(result, name))
    assert not list(path.glob("set-aside/*"))


def test_one_process_killed_at_any_moment(tmp_path, environment):
    path, chance, kills = tmp_path / "sweep", random.Random(5), 0
    folder = Folder(path)
    folder.ask(CELLS)
    command = [sys.executable, "-m", "verify.networks.worker", str(path), "--quiet"]
    while kills < 20:
        seen = len(folder.finished())
        worker = subprocess.Popen(command, env=environment)
        # a moment while it starts, or after it has finished a cell or more
        if chance.random() < 0.8:
            while worker.poll() is None and len(folder.finished()) == seen:
                time.sleep(0.005)
        time.sleep(0.3 * chance.random())
        if worker.poll() is not None:
            assert worker.returncode == 0
            break
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        kills += 1
    assert kills >= 5
    assert subprocess.run(command, env=environment).returncode == 0
    _is_undisturbed(path)


@pytest.mark.skipif(find_spec("distributed") is None, reason="needs dask")
def test_a_dask_cluster_whose_workers_are_killed_again_and_again(tmp_path, environment):
    path = tmp_path / "sweep"
    Folder(path).ask(CELLS)
    script = tmp_path / "cluster.py"
    script.write_text(DASK)
    done = subprocess.run(
        [sys.executable, script, path], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.count("killed") >= 3
    _is_undisturbed(path)
