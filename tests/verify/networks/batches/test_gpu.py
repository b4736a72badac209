"""What is done on a GPU is what is done on a CPU."""

import os
import signal
import subprocess
import sys
import time

import jax
import numpy as np
import pytest

from verify.networks import (
    Architecture,
    Folder,
    HypercubeData,
    MemoryLimitError,
    Training,
    net_key,
    run_cells,
    sweep,
    train,
)
from verify.networks.batches.memory import plan
from verify.networks.steps.precision import find_device


def _has_gpu():
    try:
        return bool(jax.devices("gpu"))
    except RuntimeError:
        return False


pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not _has_gpu(), reason="JAX sees no GPU"),
]
DATA = HypercubeData(6, ("parity:1", "parity:2", "parity:5"))
NETS = [
    (Architecture(1, 100), 5),  # held by points
    (Architecture(1, 100), 12),
    (Architecture(1, 70, "polynomial:0.3,1,0.2"), 12),  # padded, with φ(0) ≠ 0
    (Architecture(3, 48, "tanh", bias_variance=0.1), 5),
    (Architecture(2, 64, "erf", parameterization="standard"), 12),
]


def _both(net, n, training, trials=5, **options):
    examples = DATA.examples(n, tuple(range(trials)))
    keys = [[net_key(3, n, trial)] * 3 for trial in range(trials)]
    sets = examples.train_inputs, examples.train_targets, examples.test_inputs
    return (
        train(net, training, *sets, keys, device="cpu"),
        train(net, training, *sets, keys, device="gpu", **options),
    )


@pytest.mark.parametrize(("net", "n"), NETS, ids=str)
@pytest.mark.parametrize("dynamics", ["descent", "flow"])
def test_in_float64_a_gpu_takes_the_same_steps(net, n, dynamics):
    training = Training(
        dtype="float64", stop_mse=1e-4, max_steps=400, dynamics=dynamics, max_time=60
    )
    here, there = _both(net, n, training, slots=4)  # slots are refilled
    if dynamics == "descent":
        np.testing.assert_array_equal(here.steps, there.steps)
        np.testing.assert_array_equal(here.outcome, there.outcome)
        np.testing.assert_allclose(here.predictions, there.predictions, atol=1e-9)
    else:  # step sizes depend on the last bits
        np.testing.assert_allclose(here.predictions, there.predictions, atol=1e-3)


@pytest.mark.parametrize(("net", "n"), NETS[:3], ids=str)
def test_in_float32_products_keep_their_digits(net, n):
    """TF32 has 10 bits: after one step it would be off by 1e-4 and more."""
    here, there = _both(net, n, Training(max_steps=1))
    scale = np.abs(here.predictions).max()
    assert np.abs(here.predictions - there.predictions).max() < 1e-5 * scale


def test_the_plan_knows_the_memory_of_the_gpu():
    gpu = find_device("gpu")
    sizes = {"n": 256, "dim": 8, "test_points": 256, "nets": 10**6, "device": gpu}
    chosen = plan(Architecture(4, 500), Training(), **sizes)
    assert 64 <= chosen.slots
    assert chosen.bytes <= chosen.limit <= gpu.memory_stats()["bytes_limit"]
    with pytest.raises(MemoryLimitError, match="raise memory="):
        plan(Architecture(4, 500), Training(), **sizes, memory=10**6)


def test_a_gpu_that_runs_out_of_memory_says_what_to_change():
    net, examples = Architecture(3, 8192), DATA.examples(12, tuple(range(400)))
    keys = [[net_key(3, 12, trial)] * 3 for trial in range(400)]
    sets = examples.train_inputs, examples.train_targets, examples.test_inputs
    with pytest.raises(MemoryLimitError, match="lower memory="):
        train(net, Training(max_steps=1), *sets, keys, device="gpu", memory=10**15)


def test_cells_name_the_gpu_that_trained_them(tmp_path):
    cells = sweep(Architecture(2, 32), Training(), DATA, (5, 8), trials=4, block=2)
    run_cells(cells, tmp_path, device="gpu")
    assert {
        result.provenance["device"].split(":")[0]
        for result in Folder(tmp_path).results(cells)
    } <= {"gpu", "cuda"}


def test_a_killed_worker_on_a_gpu_loses_one_cell_at_most(tmp_path):
    cells = sweep(Architecture(2, 64), Training(), DATA, (5, 8, 12), trials=8, block=2)
    Folder(tmp_path).ask(cells)
    command = [sys.executable, "-m", "verify.networks.worker", str(tmp_path)]
    environment = {**os.environ, "XLA_PYTHON_CLIENT_PREALLOCATE": "false"}
    for wanted in (1, 4):
        worker = subprocess.Popen(
            [*command, "--device", "gpu", "--quiet"], env=environment
        )
        while sum(1 for _ in tmp_path.rglob("*.npz")) < wanted:
            assert worker.poll() is None
            time.sleep(0.05)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert (
        subprocess.run(
            [*command, "--device", "gpu", "--quiet"], env=environment
        ).returncode
        == 0
    )
    undisturbed = tmp_path / "undisturbed"
    run_cells(cells, undisturbed, device="gpu")
    for one, other in zip(
        Folder(tmp_path).results(cells), Folder(undisturbed).results(cells), strict=True
    ):
        np.testing.assert_allclose(one.learnability, other.learnability, atol=1e-4)
