"""The theory's exact error over n, on domains whose data sets can all be enumerated."""

from typing import Any

from learnability.figure.style import COLORS, HEIGHT_INCHES, WIDTH_INCHES, pyplot, style
from learnability.paper_tables.by_name import theory_error as table_of
from learnability.paper_tables.settings import Settings
from learnability.table import Table

PANELS = {
    "learnability": "largest error of $\\mathcal{L}$",
    "mse": "largest error of MSE",
}


def theory_error(settings: Settings) -> tuple[Any, Table]:
    """The largest |theory − truth| over levels, against n; one line for each case.

    Raises
    ------
    OutOfDomain
        When a domain or a kernel is named: the enumerated cases are fixed.
    """
    pyplot()
    table = table_of(settings)
    largest: dict[tuple[str, str, str], dict[int, float]] = {}
    for domain, kernel, n, _, statistic, _, _, gap in table.rows:
        curve = largest.setdefault((str(domain), str(kernel), str(statistic)), {})
        error = abs(float(gap))  # type: ignore[arg-type]  # a ball
        curve[int(n)] = max(curve.get(int(n), 0.0), error)  # type: ignore[call-overload, arg-type]  # a whole number
    cases = list(dict.fromkeys(key[:2] for key in largest))
    plt = pyplot()
    with plt.rc_context(style()):
        figure, axes = plt.subplots(
            1, 2, figsize=(WIDTH_INCHES, HEIGHT_INCHES), layout="constrained"
        )
        for axis, (statistic, label) in zip(axes, PANELS.items(), strict=True):
            for color, (domain, kernel) in zip(COLORS, cases, strict=False):
                curve = largest[domain, kernel, statistic]
                name = f"{domain}, {kernel.removeprefix('expr:')}"
                axis.plot(
                    list(curve),
                    list(curve.values()),
                    marker="o",
                    markersize=3,
                    color=color,
                    label=name.replace("**", "^").replace("*", ""),
                )
            axis.set(yscale="log", xlabel=r"training points $n$", ylabel=label)
        handles, names = axes[0].get_legend_handles_labels()
        figure.legend(
            handles, names, loc="outside lower center", ncols=2, frameon=False
        )
        plt.close(figure)
    return figure, table
