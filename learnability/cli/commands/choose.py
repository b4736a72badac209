"""``learnability choose``."""

from typing import Any

from learnability.cli.options import Flag, OfData, Printed, Samples, Text, Values, Whole

DEFAULT_SHOW = 5
MAX_TRIALS = 100_000
EVERY = ""


def choose(
    domain: str,
    /,
    *kernels: str,
    n: Samples,
    target: list[str] | None = None,
    noise: Values = "0",
    ridge: Text = "auto",
    objective: Text | None = None,
    goal: Text | None = None,
    sampling: Text | None = None,
    time: Text | None = None,
    width: Whole | None = None,
    activations: Text = EVERY,
    depths: Values = EVERY,
    families: Text = EVERY,
    verify: Flag = False,
    nets: Flag = False,
    trials: Whole = "100",
    seed: Whole = "0",
    data: OfData = OfData(),  # noqa: B008  (frozen)
    printed: Printed = Printed(),  # noqa: B008  (frozen)
) -> int:
    """Which kernel suits a target: named ones ranked, or searched, beside the exact floor.

    An example:
    learnability choose hypercube:8 --target 2=1/2,4=1/2 -n 96

    Parameters
    ----------
    domain
        hypercube:D, sphere:D, circle, circle:M, or data:FILE.
    kernels
        As for eigenvalues; without any, activation, depth, variances, NTK or NNGP,
        kernel families and ridge are searched.
    target
        As for predict; given several times, they are several targets. On data the labels
        are the target.
    n
        Training points, one number; with --goal where the search for n begins.
    noise
        Variance σ² of the label noise.
    ridge
        auto: the best one of each kernel, below zero where that is admissible; or δ ≥ 0.
    objective
        mse at n (the default, the mean over targets); n for --goal; regret, over the
        framework's optimum; worst, the largest error of the targets.
    goal
        The MSE that the fewest points are sought for.
    sampling
        independent, distinct or replacement; distinct on finite domains unless given.
    time
        Kernels that are named, after this time of gradient flow, without ridge.
    width
        Kernels that are named, with this many random features.
    activations
        Names, joined by commas, that are searched.
    depths
        Hidden layers that are searched.
    families
        Among ntk, nngp, exponential, gaussian, laplace.
    verify
        Measure the candidates by kernel regression on shared data sets, with controls.
    nets
        Besides, train nets of finite width: the NTK candidates without ridge.
    trials
        Data sets that are measured.
    seed
        Fixes data sets.
    """
    from learnability.cli.emit import sink

    out = sink(printed)

    import sys

    from learnability.cli import inputs, lists
    from learnability.cli.invocation import command
    from learnability.cli.options import whole
    from learnability.cli.progress import progress
    from learnability.table.choice_table import choice as table
    from numerics.choice.search import ACTIVATIONS, DEPTHS, FAMILIES
    from theory.errors import OutOfDomain
    from theory.numbers import integer
    from verify.choice import choose as chosen

    domain = inputs.with_options(domain, data.label, data.norms)
    place = inputs.place(domain)
    sizes = lists.numbers(n, "n", whole=True)
    if len(sizes) != 1:
        raise OutOfDomain(f"n = {n}: a choice is made for one number of points")
    show = whole(printed.show, "--show", inputs.MAX_DIGITS) or DEFAULT_SHOW
    count = whole(trials, "--trials", MAX_TRIALS)
    chance = integer(seed, "--seed", most=2**63 - 1)
    goals: Any = None if not target else [lists.target(x, place) for x in target]
    options: dict[str, Any] = {
        "noise": noise,
        "ridge": ridge,
        "objective": objective or ("mse" if goal is None else "n"),
        "goal": goal,
        "sampling": sampling,
        "time": time,
        "width": width,
        "seed": chance,
    }
    options["activations"] = activations.split(",") if activations else ACTIVATIONS
    options["depths"] = lists.levels(depths, "--depths") if depths else DEPTHS
    options["families"] = families.split(",") if families else FAMILIES
    named = inputs.kernels(kernels, domain) if kernels else None
    with progress(quiet=printed.quiet) as report:
        made = chosen(
            place,
            goals[0] if goals and len(goals) == 1 else goals,
            sizes[0],
            named,
            progress=report,
            **options,
        )
    found = made.verify(count, chance) if verify or nets else None
    trained = made.verify_nets(seed=chance) if nets else None
    if out.format == "json":
        rows = made.records()
        if found is not None:
            rows["verification"] = found.records()
        if trained is not None:
            rows["nets"] = trained.records()
        out.give_json(rows)
    else:
        drawn = table(made, show, verification=found, command=command(), seed=chance)
        out.give(getattr(drawn, out.format)())
        if out.format == "text":
            told = [made.text, *(str(x) for x in (found, trained) if x is not None)]
            print("\n".join(told), file=sys.stdout if out.path is None else sys.stderr)
    verdicts = {str(x.verdict) for x in (found, trained) if x is not None}
    return 1 if "refuted" in verdicts else 3 if "inconclusive" in verdicts else 0
