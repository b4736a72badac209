"""Net-steps per second of the batched trainer against loops over single nets.

Baselines, in the same run and on the same nets:

(a) one net at a time, a Python loop around a jitted step (compiled once per shape,
    buffers donated, the loss read every 10 steps: as lean as such a loop can be);
(b) the same loop, compiled again for every net (of 300 steps), as published code does;
floor: the larger of FLOPs over the measured rate of matrix products and bytes over
the measured memory bandwidth (weights read twice and written once a step).

    python benchmarks/networks/throughput.py [--seconds 3] [--device cpu] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from verify.networks import Architecture, HypercubeData, Training, net_key, train
from verify.networks.memory import plan
from verify.networks.net import apply, initialize
from verify.networks.precision import arithmetic, find_device

WIDTH, DIM = 500, 8
STEPS = Training(learning_rate=1e-3, stop_mse=0.0, max_steps=100)


def best(seconds: float, work) -> float:
    """Return the least time of one call of ``work``, repeated for some seconds."""
    work()
    times, end = [], time.perf_counter() + seconds
    while not times or time.perf_counter() < end:
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)


def product_rate(seconds: float) -> float:
    """Return FLOP/s of a large float32 matrix product."""
    size = 2000 if jax.devices()[0].platform == "cpu" else 8192
    a = jnp.ones((size, size))
    product = jax.jit(lambda a: a @ a)
    return 2 * size**3 / best(seconds, lambda: product(a).block_until_ready())


def bandwidth(seconds: float) -> float:
    """Return bytes/s of a sum of two arrays that no cache holds (two reads, one write)."""
    a, b = jnp.ones(2**26), jnp.ones(2**26)
    add = jax.jit(lambda a, b: a + b)
    return 3 * 4 * 2**26 / best(seconds, lambda: add(a, b).block_until_ready())


def floor(net: Architecture, n: int, rate: float, traffic: float) -> float:
    """Return the least seconds of one step of one net."""
    weights = net.count(DIM)
    return max(6 * n * weights / rate, 3 * 4 * weights / traffic)


def step_of(net: Architecture):
    def loss(parameters, x, goal):
        return jnp.mean((apply(net, parameters, x) - goal) ** 2)

    def step(parameters, x, goal):
        value, gradient = jax.value_and_grad(loss)(parameters, x, goal)
        moved = jax.tree.map(lambda p, g: p - 1e-3 * g, parameters, gradient)
        return moved, value

    return jax.jit(step, donate_argnums=0)


def loop(net: Architecture, x, goal, step, steps: int) -> None:
    parameters = initialize(net, DIM, jax.random.key(0))
    for index in range(steps):
        parameters, value = step(parameters, x, goal)
        if index % 10 == 0:
            float(value)
    jax.block_until_ready(parameters)


def measure(depth: int, n: int, seconds: float, device: str) -> dict[str, float]:
    net = Architecture(depth, WIDTH)
    data = HypercubeData(DIM, ("parity:0", "parity:1", "parity:3", "parity:8"))
    where = find_device(device)
    slots = plan(
        net, STEPS, n=n, dim=DIM, test_points=256, nets=10**6, device=where
    ).slots
    slots = min(slots, 960)
    trials = max(1, slots // 4)
    examples = data.examples(n, tuple(range(trials)))
    keys = [[net_key(0, n, trial)] * 4 for trial in range(trials)]
    nets = 4 * trials

    def batched(steps: int) -> float:
        training = replace(STEPS, max_steps=steps)
        run = lambda: train(
            net,
            training,
            examples.train_inputs,
            examples.train_targets,
            examples.test_inputs,
            keys,
            lambda_max=np.ones(trials),
            device=device,
            slots=slots,
        )
        return best(seconds, run)

    # a difference of two lengths takes drawing, loading and reading out of the step
    short, long = (20, 420) if depth == 1 else (20, 120)
    ours = (batched(long) - batched(short)) / ((long - short) * nets)
    x = jnp.asarray(examples.train_inputs[0], jnp.float32)
    goal = jnp.asarray(examples.train_targets[0, 0], jnp.float32)
    with arithmetic("float32", where):
        compiled = step_of(net)
        a = best(seconds, lambda: loop(net, x, goal, compiled, 100)) / 100
        begin = time.perf_counter()
        fresh = step_of(net)
        loop(net, x, goal, fresh, 1)
        compilation = time.perf_counter() - begin
    return {
        "depth": depth,
        "n": n,
        "slots": slots,
        "ours": ours,
        "loop": a,
        "compilation": compilation,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--steps-per-net", type=int, default=300)
    options = parser.parse_args()
    with arithmetic("float32", find_device(options.device)):
        rate, traffic = product_rate(options.seconds), bandwidth(options.seconds)
    print(f"products {rate / 1e9:.0f} GFLOP/s, memory {traffic / 1e9:.1f} GB/s")
    print("depth   n slots  ms/net-step  over (a)  over (b)  over floor")
    rows = []
    for depth in (1, 4):
        for n in (6, 64, 256):
            row = measure(depth, n, options.seconds, options.device)
            least = floor(Architecture(depth, WIDTH), n, rate, traffic)
            recompiled = row["loop"] + row["compilation"] / options.steps_per_net
            row |= {
                "over_a": row["loop"] / row["ours"],
                "over_b": recompiled / row["ours"],
                "over_floor": row["ours"] / least,
            }
            rows.append(row)
            print(
                f"{depth:5} {n:3} {row['slots']:5}  {1e3 * row['ours']:11.4f} "
                f"{row['over_a']:9.1f} {row['over_b']:9.1f} {row['over_floor']:11.2f}",
                flush=True,
            )
    if options.json:
        record = {"products": rate, "bandwidth": traffic, "rows": rows}
        options.json.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
