"""Net-steps per second of the batched trainer against loops over single nets.

Baselines, in the same run and on the same nets:

(a) one net at a time, a Python loop around a jitted step (compiled once per shape,
    buffers donated, the loss returned by the step and read every 10 steps: as lean as
    such a loop can be);
(p) the same, arranged as published loops are: a jitted gradient whose loss evaluates the
    initial function again at every step, a jitted update, a jitted loss every 10 steps;
(b) loop (a), compiled again for every net (of 300 steps), as published code does;
floor: FLOPs of a step (forward, gradients of weights, signals back to all layers but the
    first) over the measured rate of matrix products, or bytes (weights read twice and
    written once) over the measured memory bandwidth.

After the steps come whole nets: drawn, trained for 300 steps and seen on the 256 test
points, against the loops (a) and (b) doing the same.

Two clocks are read: the time of all cores that the process used, summed, which other
programs on the machine disturb little, and the best time on the wall.

    python benchmarks/networks/throughput.py [--seconds 3] [--device cpu] [--json FILE]
        [--depths 1 4] [--points 6 64 256]
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from verify.networks import Architecture, HypercubeData, Training, net_key, train
from verify.networks.batches.memory import plan
from verify.networks.model.net import apply, initialize
from verify.networks.steps.precision import arithmetic, find_device

WIDTH, DIM = 500, 8
STEPS = Training(learning_rate=1e-3, stop_mse=0.0, max_steps=100)
NET_STEPS = 300
"""Steps of a whole net: a usual number with the default learning rate at small n."""


class Cost(NamedTuple):
    """Seconds of one call: of all cores together on average, and the best on the wall."""

    cores: float
    wall: float

    def per(self, count: float, less: Cost | None = None) -> Cost:
        """Return the share of one of ``count``, after taking off another cost."""
        other = less or Cost(0.0, 0.0)
        return Cost(
            (self.cores - other.cores) / count, (self.wall - other.wall) / count
        )


def cost(
    seconds: float, work: Callable[[], object], least: int = 3, warm: bool = False
) -> Cost:
    """Repeat a call for some seconds, and so often at least."""
    if not warm:
        work()
    walls: list[float] = []
    end, cores = time.perf_counter() + seconds, time.process_time()
    while len(walls) < least or time.perf_counter() < end:
        begin = time.perf_counter()
        work()
        walls.append(time.perf_counter() - begin)
    return Cost((time.process_time() - cores) / len(walls), min(walls))


def product_cost(seconds: float) -> Cost:
    """Return the cost of one FLOP in a large float32 matrix product."""
    size = 2000 if jax.devices()[0].platform == "cpu" else 8192
    a = jnp.ones((size, size))
    product = jax.jit(lambda a: a @ a)
    return cost(seconds, lambda: product(a).block_until_ready()).per(2.0 * size**3)


def byte_cost(seconds: float) -> Cost:
    """Return the cost of a byte in a sum of arrays that no cache holds (3 passes)."""
    count = 2**26 if jax.devices()[0].platform == "cpu" else 2**30
    a, b = jnp.ones(count), jnp.ones(count)
    add = jax.jit(lambda a, b: a + b)
    return cost(seconds, lambda: add(a, b).block_until_ready()).per(3.0 * 4 * count)


def flops(net: Architecture, n: int) -> float:
    """Return the floating-point operations of one step of one net."""
    first = net.fans(DIM)[0]
    # the first layer sends no signal further back
    return 6.0 * n * net.count(DIM) - 2.0 * n * first[0] * first[1]


def step_of(net: Architecture):
    def loss(parameters, x, goal):
        return jnp.mean((apply(net, parameters, x) - goal) ** 2)

    def step(parameters, x, goal):
        value, gradient = jax.value_and_grad(loss)(parameters, x, goal)
        moved = jax.tree.map(lambda p, g: p - 1e-3 * g, parameters, gradient)
        return moved, value

    return jax.jit(step, donate_argnums=0)


def loop(net: Architecture, x, goal, step, steps: int):
    parameters = initialize(net, DIM, jax.random.key(0))
    for index in range(steps):
        parameters, value = step(parameters, x, goal)
        if index % 10 == 0:
            float(value)
    return jax.block_until_ready(parameters)


def published(net: Architecture, x, goal, steps: int):
    """Return a loop as published code has it, but compiled once."""
    first = initialize(net, DIM, jax.random.key(0))

    def centered(parameters, x):
        return apply(net, parameters, x) - apply(net, first, x)

    def loss(parameters, x, y):
        return jnp.mean((centered(parameters, x) - y) ** 2)

    gradient, value = jax.jit(jax.grad(loss)), jax.jit(loss)
    update = jax.jit(
        lambda parameters, g: jax.tree.map(lambda p, d: p - 1e-3 * d, parameters, g)
    )

    def run() -> None:
        parameters = first
        for index in range(steps):
            parameters = update(parameters, gradient(parameters, x, goal))
            if index % 10 == 0:
                float(value(parameters, x, goal))
        jax.block_until_ready(parameters)

    return run


@contextmanager
def _no_cache() -> Iterator[None]:
    """Compile in earnest, whatever is stored on disk."""
    jax.config.update("jax_enable_compilation_cache", False)
    try:
        yield
    finally:
        jax.config.update("jax_enable_compilation_cache", True)


class Nets(NamedTuple):
    """Nets that fill the slots of a device, and how they are trained here."""

    net: Architecture
    inputs: np.ndarray
    targets: np.ndarray
    test: np.ndarray
    keys: list[list[jax.Array]]
    slots: int
    device: str

    @classmethod
    def filling(cls, net: Architecture, n: int, device: str) -> Nets:
        """Return four nets a trial, 960 at most on a CPU."""
        where = find_device(device)
        sizes = {"n": n, "dim": DIM, "test_points": 256, "nets": 10**6}
        slots = plan(net, STEPS, **sizes, device=where).slots
        trials = max(1, (min(slots, 960) if where.platform == "cpu" else slots) // 4)
        data = HypercubeData(DIM, ("parity:0", "parity:1", "parity:3", "parity:8"))
        examples = data.examples(n, tuple(range(trials)))
        keys = [[net_key(0, n, trial)] * 4 for trial in range(trials)]
        sets = examples.train_inputs, examples.train_targets, examples.test_inputs
        return cls(net, *sets, keys, slots, device)

    @property
    def number(self) -> int:
        """The number of nets."""
        return 4 * len(self.keys)

    def repeated(self, times: int) -> Nets:
        """Return more trials with the same data."""
        return self._replace(
            inputs=np.tile(self.inputs, (times, 1, 1)),
            targets=np.tile(self.targets, (times, 1, 1)),
            keys=self.keys * times,
        )

    def train(self, steps: int) -> object:
        """Train all nets for so many steps."""
        return train(
            self.net,
            replace(STEPS, max_steps=steps),
            self.inputs,
            self.targets,
            self.test,
            self.keys,
            lambda_max=np.ones(len(self.keys)),
            device=self.device,
            slots=self.slots,
        )


def measure(depth: int, n: int, seconds: float, device: str) -> dict[str, Any]:
    net = Architecture(depth, WIDTH)
    nets, where = Nets.filling(net, n, device), find_device(device)
    # a difference of two lengths takes drawing, loading and reading out of the step
    more = 40 if depth > 1 else 2000 if n < 20 else 200
    short = cost(seconds, lambda: nets.train(20))
    ours = cost(seconds, lambda: nets.train(20 + more)).per(
        more * nets.number, less=short
    )
    # slots are filled twice where that is quick
    several = nets.repeated(2 if depth == 1 else 1)
    whole = cost(seconds / 2, lambda: several.train(NET_STEPS), 1, depth > 1)
    whole = whole.per(several.number)
    x = jnp.asarray(nets.inputs[0], jnp.float32)
    goal = jnp.asarray(nets.targets[0, 0], jnp.float32)
    test = jnp.asarray(nets.test, jnp.float32)
    count = 30 if depth > 1 else 300
    with arithmetic("float32", where):
        compiled, seen = step_of(net), jax.jit(lambda p, x: apply(net, p, x))

        def one_net(step, steps: int) -> None:
            seen(loop(net, x, goal, step, steps), test).block_until_ready()

        a = cost(seconds, lambda: loop(net, x, goal, compiled, count)).per(count)
        p = cost(seconds, published(net, x, goal, count)).per(count)
        alone = cost(seconds, lambda: one_net(compiled, NET_STEPS))
        with _no_cache():
            compilation = cost(0.0, lambda: loop(net, x, goal, step_of(net), 1))
    return {
        "depth": depth,
        "n": n,
        "slots": nets.slots,
        "ours": ours,
        "loop": a,
        "published": p,
        "compilation": compilation,
        "whole": whole,
        "whole_loop": alone,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--depths", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--points", type=int, nargs="+", default=[6, 64, 256])
    options = parser.parse_args()
    with arithmetic("float32", find_device(options.device)):
        flop, byte = product_cost(options.seconds), byte_cost(options.seconds)
    for name, one, unit in (("products", flop, "GFLOP/s"), ("memory", byte, "GB/s")):
        each, wall = 1e-9 / one.cores, 1e-9 / one.wall
        print(f"{name} {each:.3g} {unit} a core, {wall:.3g} {unit} on the wall")
    kind = find_device(options.device).device_kind
    print(f"device {kind}, jax {jax.__version__}")
    print("ratios by the time of all cores | by the best time on the wall")
    print("us a net-step, over a, p, b, of floor: FLOPs, bytes; ms a net, over a, b")
    print("depth   n slots")
    rows = []
    for depth in options.depths:
        for n in options.points:
            row = measure(depth, n, options.seconds, options.device)
            net = Architecture(depth, WIDTH)
            for clock in Cost._fields:
                ours, a, p, compilation, whole, alone = (
                    getattr(row[name], clock)
                    for name in (
                        *("ours", "loop", "published", "compilation"),
                        *("whole", "whole_loop"),
                    )
                )
                least = flops(net, n) * getattr(flop, clock)
                moved = 3 * 4 * net.count(DIM) * getattr(byte, clock)
                row[clock] = {
                    "microseconds": 1e6 * ours,
                    "over_a": a / ours,
                    "over_p": p / ours,
                    "over_b": (a + compilation / NET_STEPS) / ours,
                    "flops": ours / least,
                    "bytes": ours / moved,
                    "whole": 1e3 * whole,
                    "whole_over_a": alone / whole,
                    "whole_over_b": (alone + compilation) / whole,
                }
            rows.append(row)
            print(f"{depth:5} {n:3} {row['slots']:5}  {_line(row)}", flush=True)
    if options.json:
        record = {
            "device": kind,
            "jax": jax.__version__,
            "flags": os.environ.get("XLA_FLAGS", ""),
            "date": time.strftime("%Y-%m-%d"),
            "flop": flop,
            "byte": byte,
            "rows": rows,
        }
        options.json.write_text(json.dumps(record, indent=1) + "\n")


def _line(row: dict[str, Any]) -> str:
    """Return the ratios of a row, by one clock and the other."""
    parts = []
    for clock in Cost._fields:
        us, a, p, b, work, moved, ms, over_a, over_b = row[clock].values()
        parts.append(
            f"{us:9.3f} {a:6.1f} {p:6.1f} {b:8.1f} {work:6.2f} {moved:6.2f};"
            f" {ms:8.3f} {over_a:6.1f} {over_b:8.1f}"
        )
    return " | ".join(parts)


if __name__ == "__main__":
    main()
