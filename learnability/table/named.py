"""The tables that papers contain, each a function: what ``learnability table`` prints.

Kernels and domains are objects or text, one or several; whatever is not given has the
default of the command. Every function returns a ``Table``.
"""

from collections.abc import Callable, Sequence
from typing import Any

from learnability.table.table import Table

Progress = Callable[[int, int, str], None]


def _make(name: str, kernels: Any = (), domains: Any = (), **given: Any) -> Table:
    from learnability.paper_tables.by_name import make
    from learnability.paper_tables.settings import Settings

    def several(x: Any) -> list[Any]:
        return list(x) if isinstance(x, (list, tuple)) else [x]

    n = given.pop("n", None)
    sizes = None if n is None else several(n)
    return make(
        name,
        Settings(domains=several(domains), kernels=several(kernels), n=sizes, **given),
    )


def constant(
    kernels: Any = (),
    domains: Any = (),
    n: Any = None,
    ridge: Any = 0,
    digits: int = 30,
    show: int = 6,
) -> Table:
    """C and the overfitting coefficient over n, a pair of columns for each kernel.

    Examples
    --------
    >>> print(constant("exponential", "hypercube:3", n=[2, 4]))
    n  C            E₀
    2  0.801411(1)  1.55933(1)
    4  0.214723(1)  2.42966(1)
    """
    return _make(
        "constant", kernels, domains, n=n, ridge=ridge, digits=digits, show=show
    )


def learnability(
    kernels: Any = (),
    domains: Any = (),
    n: Any = None,
    levels: Sequence[int] | None = None,
    ridge: Any = 0,
    digits: int = 30,
    show: int = 6,
) -> Table:
    """The learnability of a mode of each level over n.

    Examples
    --------
    >>> made = learnability("exponential", "hypercube:3", n=4, levels=[0, 1])
    >>> [column.key for column in made.columns]
    ['n', 'learnability_0', 'learnability_1']
    """
    return _make(
        "learnability",
        kernels,
        domains,
        n=n,
        levels=levels,
        ridge=ridge,
        digits=digits,
        show=show,
    )


def agreement(
    kernels: Any = (),
    domains: Any = (),
    n: Any = None,
    levels: Sequence[int] | None = None,
    ridge: Any = 0,
    trials: int | None = None,
    seed: int = 0,
    show: int = 6,
    progress: Progress | None = None,
) -> Table:
    """Theory against kernel regression on random data sets, with z-scores.

    Examples
    --------
    >>> made = agreement("exponential", "hypercube:4", n=[8], levels=[1], trials=50)
    >>> [column.heading for column in made.columns][2:5]
    ['L theory', 'L measured', 'z']
    """
    return _make(
        "agreement",
        kernels,
        domains,
        n=n,
        levels=levels,
        ridge=ridge,
        trials=trials,
        seed=seed,
        show=show,
        progress=progress,
    )


def asymptotics(
    kernels: Any = (), domains: Any = (), level: int = 20, show: int = 6
) -> Table:
    """Exponents and constants of decay on spheres, with the errors they have.

    Examples
    --------
    >>> print(asymptotics("ntk:relu:depth=1", "sphere:3").rows[0][2:4])
    (Fraction(1, 2), Fraction(3, 1))
    """
    return _make("asymptotics", kernels, domains, levels=[level], show=show)


def optimal_depth(
    domain: Any = (),
    levels: Sequence[int] | None = None,
    depths: Sequence[int] | None = None,
    digits: int = 30,
    show: int = 6,
    progress: Progress | None = None,
) -> Table:
    """The depth that puts most variance into each level, over σ_w² and σ_b².

    Examples
    --------
    >>> made = optimal_depth("hypercube:6", levels=[1], depths=[1, 2], digits=10)
    >>> {row[3] for row in made.rows}
    {1}
    """
    return _make(
        "optimal-depth",
        (),
        domain,
        levels=levels,
        depths=depths,
        digits=digits,
        show=show,
        progress=progress,
    )


def theory_error(n: Any = None, progress: Progress | None = None) -> Table:
    """The theory's exact error, averaged over all data sets of small domains.

    Examples
    --------
    >>> theory_error(n=[1]).rows[0][4]
    'learnability'
    """
    return _make("theory-error", n=n, progress=progress)
