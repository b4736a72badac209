"""Collects what the benchmarks find into one table and one figure in the docs."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
START = "<!-- table: made by the command above -->"
ROWS: list[dict] = []
CURVES: dict[str, list[tuple[str, list, list]]] = {}


@pytest.fixture
def rows():
    return ROWS


@pytest.fixture
def curves():
    return CURVES


def pytest_addoption(parser):
    parser.addoption(
        "--write-docs", action="store_true", help="rewrite docs/benchmarks.md's table"
    )


def _machine() -> str:
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [x for x in info.read_text().splitlines() if x.startswith("model name")]
        cpu = names[0].partition(":")[2].strip() if names else cpu
    libraries = ", ".join(
        f"{x} {version(x)}" for x in ("numpy", "scipy", "python-flint", "mpmath", "jax")
    )
    return (
        f"{cpu}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; "
        f"Python {platform.python_version()}, {libraries}"
    )


def _seconds(x: float) -> str:
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if x >= scale or unit == "µs":
            return f"{x / scale:.3g} {unit}"
    return ""


def _table() -> str:
    lines = [
        f"Machine: {_machine()}.",
        "",
        "| task | method | correct digits | CPU time | peak memory | time over ours |",
        "|---|---|---|---|---|---|",
    ]
    for row in ROWS:
        ours = next(x for x in ROWS if x["task"] == row["task"] and x["ours"])
        digits = (
            row["digits"] if isinstance(row["digits"], str) else f"{row['digits']:.1f}"
        )
        if digits in ("0.0", "-0.0"):
            digits = "none"
        lines.append(
            f"| {row['task']} | {row['method']} | {digits} | {_seconds(row['time'])} | "
            f"{row['memory'] / 2**20:.2f} MiB | {row['time'] / ours['time']:.3g} |"
        )
    return "\n".join(lines)


def _figure() -> None:
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt
    from matplotlib.ticker import NullFormatter

    figure, axes = plt.subplots(1, len(CURVES), figsize=(3.1 * len(CURVES), 2.7))
    for axis, (label, lines) in zip(axes, CURVES.items(), strict=True):
        for name, xs, ys in lines:
            axis.plot(xs, ys, marker="o", markersize=3, label=name)
        axis.set(xscale="log", yscale="log", xlabel=label, ylabel="CPU seconds")
        points = lines[0][1]
        axis.set_xticks(points, [f"{x:,}" for x in points])
        axis.xaxis.set_minor_formatter(NullFormatter())
        least = min(min(ys) for _, _, ys in lines)
        axis.set_ylim(least / 3, 8 * max(max(ys) for _, _, ys in lines))
        axis.legend(frameon=False, fontsize=7, loc="upper left")
    figure.tight_layout()
    figure.savefig(DOCS / "figures" / "benchmarks.png", dpi=110)
    plt.close(figure)


def pytest_sessionfinish(session):
    if not ROWS:
        return
    table = _table()
    print("\n" + table)
    if session.config.getoption("--write-docs"):
        page = DOCS / "benchmarks.md"
        head = page.read_text().partition(START)[0]
        page.write_text(f"{head}{START}\n\n{table}\n")
        if CURVES:
            _figure()
