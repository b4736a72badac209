"""The figures that papers contain, each a function that returns a Matplotlib figure.

They are what ``learnability figure NAME`` writes. Kernels and domains are objects or
text; whatever is not given has the default of the command. Names of kernels and figures
are those of ``learnability.paper_tables``.

>>> picture = conservation("exponential", "hypercube:3", n=[1, 4, 7])
>>> picture.savefig("bars.pdf")                                    # doctest: +SKIP
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def _draw(name: str, kernels: Any, domains: Any, **given: Any) -> "Figure":
    from learnability.figure.drawings import draw
    from learnability.paper_tables.settings import Settings

    def several(x: Any) -> list[Any]:
        return list(x) if isinstance(x, (list, tuple)) else [x]

    n = given.pop("n", None)
    sizes = None if n is None else several(n)
    settings = Settings(
        domains=several(domains), kernels=several(kernels), n=sizes, **given
    )
    return draw(name, settings)[0]


def learning_curves(
    kernel: Any = (),
    domain: Any = (),
    n: Any = None,
    levels: Sequence[int] | None = None,
    ridge: Any = 0,
) -> "Figure":
    """Learnability and test MSE of single-level targets against n, in theory.

    Examples
    --------
    >>> len(learning_curves("exponential", "hypercube:3", levels=[1]).axes)
    2
    """
    return _draw("learning-curves", kernel, domain, n=n, levels=levels, ridge=ridge)


def spectra(
    kernels: Any = (), domains: Any = (), levels: Sequence[int] | None = None
) -> "Figure":
    """Eigenvalues against the level, one line for each kernel.

    Examples
    --------
    >>> len(spectra(["exponential", "laplace"], "hypercube:3").axes[0].lines)
    2
    """
    return _draw("spectra", kernels, domains, levels=levels)


def conservation(
    kernel: Any = (), domain: Any = (), n: Any = None, ridge: Any = 0
) -> "Figure":
    """The conserved sum as stacked bars: what each level takes of n.

    Examples
    --------
    >>> len(conservation("exponential", "hypercube:3", n=[1, 4]).axes[0].patches)
    8
    """
    return _draw("conservation", kernel, domain, n=n, ridge=ridge)


def heatmap(
    kernel: Any = (),
    domain: Any = (),
    n: Any = None,
    levels: Sequence[int] | None = None,
    ridge: Any = 0,
) -> "Figure":
    """Learnability over level and n, as colors.

    Examples
    --------
    >>> heatmap("exponential", "hypercube:3", n=[1, 4]).axes[0].images[0].get_array().shape
    (4, 2)
    """
    return _draw("heatmap", kernel, domain, n=n, levels=levels, ridge=ridge)


def phase_diagram(
    kernel: Any = (), domain: Any = (), n: Any = None, level: int = 3, ridge: Any = 0
) -> "Figure":
    r"""Learnability of one mode over σ_w² and σ_b², at one n; both are its own grid.

    Examples
    --------
    >>> phase_diagram("nngp:relu:depth=1", "hypercube:3", n=4, level=1).axes[0].get_xlabel()
    '$\\sigma_w^2$'
    """
    return _draw("phase-diagram", kernel, domain, n=n, levels=[level], ridge=ridge)


def theory_error() -> "Figure":
    """The theory's exact error against n, on enumerated domains."""
    return _draw("theory-error", (), ())
