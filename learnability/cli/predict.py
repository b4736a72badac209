"""``learnability predict``."""

from learnability.cli.options import Printed, Samples, Text, Values, Whole

SPECTRUM_DIGITS = 20
DEFAULT_SHOW = 6
MAX_ROWS = 1_000_000


def predict(
    domain: str,
    /,
    *kernels: str,
    target: Text,
    n: Samples,
    ridge: Values = "0",
    noise: Values = "0",
    digits: Whole | None = None,
    printed: Printed = Printed(),  # noqa: B008  (frozen)
) -> None:
    """Learnability, bias, variance and errors of a target function, over n.

    An example:
    learnability predict hypercube:8 ntk:relu:depth=4 --target 1=1,3=1 -n log:1:255:20

    Parameters
    ----------
    domain
        hypercube:D, sphere:D, circle:M, or levels:FILE (CSV of λ,g; no kernel then).
    kernels
        As for eigenvalues.
    target
        LEVEL=POWER, joined by commas: squared coefficients, summed over the level.
    n
        Training points: 64, 1:8, log:1:256:40 (rounded down to whole numbers).
    ridge
        δ ≥ 0, absolute; a list makes a row for each.
    noise
        Variance σ² of the label noise; a list makes a row for each.
    digits
        Proved digits; float64 with its error without this option.
    """
    from learnability.cli.emit import sink

    out = sink(printed)

    import numpy as np

    from learnability.cli import inputs, lists
    from learnability.cli.invocation import command
    from learnability.cli.options import whole
    from learnability.table import prediction as table
    from learnability.table.predictions import records
    from numerics import predict as evaluate
    from theory.errors import Unsupported

    proved = whole(digits, "--digits", inputs.MAX_DIGITS)
    show = whole(printed.show, "--show", inputs.MAX_DIGITS) or DEFAULT_SHOW
    powers = lists.target(target)
    sizes = lists.numbers(n, "n", whole=True)
    ridges, noises = lists.numbers(ridge, "ridge"), lists.numbers(noise, "noise")
    rows = len(sizes) * len(ridges) * len(noises)
    if rows > MAX_ROWS:
        msg = f"{rows} combinations of n, ridge and noise; at most {MAX_ROWS} are made"
        raise Unsupported(msg)
    spectra = inputs.spectra(domain, kernels, proved or SPECTRUM_DIGITS)
    n_axis = np.array(sizes, dtype=object)[:, None, None]
    ridge_axis = np.array(ridges, dtype=object)[None, :, None]
    noise_axis = np.array(noises, dtype=object)[None, None, :]
    found = {
        label: evaluate(s, powers, n_axis, ridge_axis, noise_axis, digits=proved)
        for label, s in spectra.items()
    }
    several = len(found) > 1
    if out.format == "json":
        rows = [
            record
            for label, p in found.items()
            for record in records(p, label if several else "")
        ]
        out.give_json({"rows": rows})
        return
    made = table(
        found if several else next(iter(found.values())),
        show,
        command=command(),
    )
    out.give(getattr(made, out.format)())
