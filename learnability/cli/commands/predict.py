"""``learnability predict``."""

from typing import Any

from learnability.cli.options import OfData, Printed, Samples, Text, Values, Whole

SPECTRUM_DIGITS = 20
DEFAULT_SHOW = 6
MAX_ROWS = 1_000_000
MAX_TRIALS = 1_000_000


def predict(
    domain: str,
    /,
    *kernels: str,
    n: Samples,
    target: Text | None = None,
    ridge: Values = "0",
    noise: Values = "0",
    time: Values | None = None,
    rule: Text = "flow",
    width: Values | None = None,
    sampling: Text = "independent",
    digits: Whole | None = None,
    measure: Whole | None = None,
    seed: Whole = "0",
    goal: Text | None = None,
    data: OfData = OfData(),  # noqa: B008  (frozen)
    printed: Printed = Printed(),  # noqa: B008  (frozen)
) -> None:
    """Learnability, bias, variance and errors of a target function, over n.

    An example:
    learnability predict hypercube:8 ntk:relu:depth=4 --target 1=1,3=1 -n log:1:255:20

    Parameters
    ----------
    domain
        hypercube:D, sphere:D, circle:M, data:FILE, or levels:FILE (CSV of λ,g; no
        kernel then).
    kernels
        As for eigenvalues.
    target
        LEVEL=POWER, joined by commas: squared coefficients, summed over the level; or a
        function, expr:sign(x1+x2+x3), of theta on the circle; or values:FILE. On data
        the labels are the target.
    n
        Training points: 64, 1:8, log:1:256:40 (rounded down to whole numbers).
    ridge
        δ ≥ 0, absolute; a list makes a row for each. On data also auto: the one that
        theory predicts to be best at each n.
    noise
        Variance σ² of the label noise; a list makes a row for each.
    time
        How long is trained: time of gradient flow, steps or rounds; a list makes a row
        for each.
    rule
        flow, descent:rate=R, heavy_ball:rate=R,momentum=B, tikhonov:ridge=D,
        distillation:ridge=D, weight_decay:decay=D; or sgd:rate=R,batch=M without time,
        where n counts samples seen.
    width
        Random features that stand for the kernel, drawn once; a list makes a row for
        each.
    sampling
        independent: the published equation; distinct: n different points of a finite
        domain; replacement: draws that may repeat.
    digits
        Proved digits; float64 with its error without this option.
    measure
        Random data sets, an even number: the theory's error as measured by kernel
        regression stands beside every row. On data: the error on held-out points.
    seed
        Seed of what is measured.
    goal
        On data: an error on held-out points; how many examples it takes is said.
    """
    from learnability.cli.emit import sink

    out = sink(printed)

    import sys

    import numpy as np

    from learnability.cli import inputs, lists
    from learnability.cli.invocation import command
    from learnability.cli.options import whole
    from learnability.cli.progress import progress
    from learnability.table import prediction as table
    from learnability.table.predictions import measured_errors, records
    from numerics import predict as evaluate
    from numerics.targets.target_reading import read_target
    from theory.errors import OutOfDomain, Unsupported
    from theory.numbers import integer

    domain = inputs.with_options(domain, data.label, data.norms)
    proved = whole(digits, "--digits", inputs.MAX_DIGITS)
    trials = whole(measure, "--measure", MAX_TRIALS)
    if trials is not None and domain.startswith("levels:"):
        raise OutOfDomain(
            f"domain {domain!r} has no points, so nothing can be measured on it"
        )
    show = whole(printed.show, "--show", inputs.MAX_DIGITS) or DEFAULT_SHOW
    if inputs.is_data(domain):
        from learnability.cli.on_data import predict_on_data

        others = {
            "--noise": (noise, "0"),
            "--time": (time, None),
            "--width": (width, None),
            "--target": (target, None),
        }
        others |= {"--digits": (digits, None), "--sampling": (sampling, "independent")}
        for name, (value, usual) in others.items():
            if value != usual:
                raise OutOfDomain(
                    f"{name} = {value}: on data the labels are the target, as they are; "
                    "n distinct points are drawn, in float64"
                )
        chance = integer(seed, "--seed", most=2**63 - 1)
        predict_on_data(
            out, domain, kernels, n, ridge, trials, chance, goal, show, printed
        )
        return
    if target is None or goal is not None:
        missing = "--target is missing, such as --target 1=1"
        raise OutOfDomain(
            missing if target is None else f"--goal = {goal} is for data:FILE"
        )
    powers = lists.target(target)
    sizes = lists.numbers(n, "n", whole=True)
    ridges, noises = lists.numbers(ridge, "ridge"), lists.numbers(noise, "noise")
    times = None if time is None else lists.numbers(time, "time")
    widths = None if width is None else lists.numbers(width, "width", whole=True)
    rows = len(sizes) * len(ridges) * len(noises) * len(times or [0])
    rows *= len(widths or [0])
    if rows > MAX_ROWS:
        raise Unsupported(
            f"{rows} combinations of n, ridge, noise, width and time; at most {MAX_ROWS} are made"
        )
    is_function = isinstance(powers, str)
    if is_function:
        powers = read_target(powers, _domain_of(domain), "--target")
        if not printed.quiet:
            print(f"learnability: {_told(powers)}", file=sys.stderr)
    spectra = inputs.spectra(domain, kernels, proved or SPECTRUM_DIGITS)
    listed = [sizes, ridges, noises, widths or [0], times or [0]]
    *axes, width_axis, time_axis = np.meshgrid(
        *(np.array(x, dtype=object) for x in listed), indexing="ij"
    )
    asked: dict[str, Any] = {"rule": rule, "sampling": sampling}
    if widths is not None:
        asked["width"] = width_axis
    if times is not None:
        asked["time"] = time_axis
    with progress(quiet=printed.quiet) as report:
        found = {
            label: evaluate(s, powers, *axes, **asked, digits=proved, progress=report)
            for label, s in spectra.items()
        }
    several = len(found) > 1
    measured = None
    chance = integer(seed, "--seed", most=2**63 - 1)
    if trials is not None:
        measured = {
            label if several else "": measured_errors(
                one, spectra[label].kernel, domain, powers, trials, chance
            )
            for label, one in found.items()
        }
    if out.format == "json":
        rows = []
        for label, p in found.items():
            name = label if several else ""
            here = records(p, name)
            for record, seen in zip(here, (measured or {}).get(name, ()), strict=False):
                record["test_mse_measured"] = repr(seen.value)
                record["test_mse_measured_error"] = repr(seen.error)
            rows += here
        told = {str(k): str(v) for k, v in powers.items()}
        out.give_json({"rows": rows} | ({"target": told} if is_function else {}))
        return
    made = table(
        found if several else next(iter(found.values())),
        show,
        measured=measured,
        command=command(),
        seed=None if measured is None else chance,
    )
    out.give(getattr(made, out.format)())
    if out.format == "text" and not printed.quiet:
        for label, p in found.items():
            for remark in p.remarks:
                start = f"{label}: " if several else ""
                print(f"learnability: {start}{remark}", file=sys.stderr)


def _domain_of(text: str) -> Any:
    """The domain of a target that is a function; levels of a file have no points."""
    from learnability.cli import inputs

    return None if text.startswith("levels:") else inputs.place(text)


def _told(target: Any) -> str:
    """The level powers of a function, and what is left out of them."""
    rest = ""
    if target.left_out:
        rest = f"; {target.left_out:.2g} of it lies higher and counts at the last level"
    return f"target {target.label or 'of values'}: power by level {target.text}{rest}"
