"""``predict`` on data: the learning curve, what regression measures, and what to do."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from learnability.cli import inputs, lists
from learnability.cli.emit import Sink
from learnability.cli.invocation import command
from learnability.cli.options import Printed
from learnability.cli.progress import progress
from learnability.table import prediction as table
from learnability.table.predictions import records
from numerics import Prediction
from theory.errors import OutOfDomain
from theory.numbers import rational

AUTO = "auto"


def predict_on_data(
    out: Sink,
    domain: str,
    kernels: Sequence[str],
    n: str,
    ridge: str,
    trials: int | None,
    seed: int,
    goal: str | None,
    show: int,
    printed: Printed,
) -> None:
    """Print the prediction for the labels of a data set, the mean over targets.

    Raises
    ------
    OutOfDomain
        When the data, a kernel, n, the ridge or the goal is malformed.
    """
    from verify.data.advice import best_ridge, examples_needed

    place = inputs.place(domain)
    sizes = lists.numbers(n, "n", whole=True)
    ridges = None if ridge == AUTO else lists.numbers(ridge, "ridge")
    if trials == 1:
        raise OutOfDomain(
            "--measure = 1: at least 2 data sets are needed for a standard error"
        )
    if goal is not None:
        rational(goal, "--goal", least=0)
    found, needed = {}, {}
    chosen = inputs.kernels(kernels, domain)
    with progress(quiet=printed.quiet) as report:
        for done, kernel in enumerate(chosen):
            if report is not None:
                report(done, len(chosen), f"eigensystem of {kernel}")
            s = place.eigensystem(kernel)
            if ridges is None:
                best = [rational(str(best_ridge(s, int(x))), "ridge") for x in sizes]
                axes = np.array(sizes, object), np.array(best, object)
            else:
                axes = (
                    np.array(sizes, dtype=object)[:, None],
                    np.array(ridges, dtype=object)[None, :],
                )
            p = s.predict(*axes, target="mean")
            if trials is not None:
                p = _measured(s, p, trials, seed, report)
            found[str(kernel)] = p
            if goal is not None:
                delta = AUTO if ridges is None else ridges[0]
                needed[str(kernel)] = examples_needed(s, goal, delta)
    several = len(found) > 1
    if out.format == "json":
        rows = [
            row for label, p in found.items() for row in records(p, label * several)
        ]
        made: dict[str, Any] = {"data": place.facts, "rows": rows}
        if needed:
            made["needed"] = [
                {"kernel": label, "n": x.n, "claimed": x.claimed, "goal": goal}
                for label, x in needed.items()
            ]
        out.give_json(made)
        return
    shown = table(
        found if several else next(iter(found.values())),
        show,
        command=command(),
        seed=None if trials is None else seed,
    )
    out.give(getattr(shown, out.format)())
    if printed.quiet:
        return
    said = [place.understood().replace("\n", ";")]
    said += [f"{label}: {x}" for label, x in needed.items()]
    last = max(int(x) for x in sizes)
    if ridges is not None:
        for label, kernel in zip(found, chosen, strict=True):
            delta = best_ridge(place.eigensystem(kernel), last)
            said.append(
                f"{label}: the ridge to use at n = {last} is {delta:g} by theory"
            )
    if any(not np.all(p.claimed) for p in found.values()):
        most = place.data.size // 8
        said.append(
            f"n above M/8 = {most} is not claimed: theory is known to be biased there, "
            "--measure shows by how much"
        )
    for text in said:
        print(f"learnability: {text}", file=sys.stderr)


def _measured(s: Any, p: Prediction, trials: int, seed: int, report: Any) -> Prediction:
    """The error on held-out points of regression on random data sets, for every case."""
    means, errors = np.empty(p.n.shape), np.empty(p.n.shape)
    for done, place in enumerate(np.ndindex(p.n.shape)):
        size, delta = int(p.n[place]), p.ridge[place]
        if report is not None:
            report(done, p.n.size, f"{trials} data sets of n = {size}")
        run = s.measure(size, delta, trials=trials, seed=seed)
        each = run.held_out_mse.mean(axis=1)
        means[place] = each.mean()
        errors[place] = each.std(ddof=1) / np.sqrt(trials)
    return replace(p, measured=means, measured_error=errors)
