"""The depth at which a net puts most of its variance into functions of one degree.

The fractional variance of level k is g_k λ_k / K(1), K(1) = Σ g λ. Each comparison of two
depths is one of balls, so the depth named is proved to be the best of those tried.
"""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

from learnability.subjects import several
from learnability.table.table import Column, Table
from learnability.wording import domain_words
from numerics import Ball, spectrum, working_precision
from numerics.numbers.ball import ball_of
from numerics.numbers.precision import bits_for
from numerics.spectra.floats.net_grid import net_grid
from theory.kernels import ntk

Progress = Callable[[int, int, str], None]
DOMAIN = "hypercube:128"
DEPTHS = (1, 2, 4, 8, 16, 32, 64, 128)
WEIGHT_VARIANCES = ("2", "3")
BIAS_VARIANCES = ("0", "0.1", "1")
LEVELS = tuple(range(1, 9))


def fractional_variances(s: Any, levels: Any) -> dict[int, Ball]:
    """The share g λ / Σ g λ of each level asked for.

    Examples
    --------
    >>> s = spectrum("polynomial:degree=2", "hypercube:4")
    >>> fractional_variances(s, [2])[2].contains("3/4")
    True
    """
    bits = bits_for(s.asked) + 64
    with working_precision(bits):
        parts = {x.index: x.eigenvalue.at(bits) * x.multiplicity for x in s.levels}
        total = sum(parts.values(), s.tail_mass.at(bits))
        return {
            k: ball_of(parts[s.level(k).index] / total, "fractional variance")
            for k in levels
        }


def optimal_depth(
    domain: Any = DOMAIN,
    *,
    levels: Sequence[int] | None = None,
    depths: Sequence[int] | None = None,
    digits: int = 30,
    show: int = 6,
    command: Sequence[str] = (),
    progress: Progress | None = None,
) -> Table:
    """The best depth for each level, over weight and bias variances, for ReLU's NTK.

    Parameters
    ----------
    domain
        One domain, as an object or text.
    levels
        Levels; 1 to 8 by default, as far as the domain has them.
    depths
        Depths that are compared.
    digits, show
        Digits that are proved, and digits that are printed.
    command, progress
        Words for the caption; called with (done, total, what).

    Examples
    --------
    >>> made = optimal_depth("hypercube:6", levels=[1], depths=[1, 2], digits=10)
    >>> {row[3] for row in made.rows}
    {1}
    """
    from theory.domains import parse

    place = parse(domain) if isinstance(domain, str) else domain
    levels = several(levels if levels is not None else
                     [k for k in LEVELS if k <= place.last_level])  # fmt: skip
    depths = tuple(several(depths if depths is not None else DEPTHS))
    tell = progress or (lambda *_: None)
    cases = list(product(WEIGHT_VARIANCES, BIAS_VARIANCES))
    best = _on_cube if place.is_cube else _elsewhere
    found = best(place, levels, depths, digits, tell)
    body = [
        (weights, biases, k, *found[weights, biases, k])
        for weights, biases in cases
        for k in levels
    ]
    return Table(
        (
            Column("weight_variance", "σ_w²", r"$\sigma_w^2$"),
            Column("bias_variance", "σ_b²", r"$\sigma_b^2$"),
            Column("level", "k", "$k$"),
            Column("depth", "best depth", "best depth"),
            Column(
                "fractional_variance",
                "fractional variance",
                r"$g_k \lambda_k / K(1)$",
                "",
                "proved radius",
                "eigenvalues",
            ),
        ),
        tuple(body),
        f"Best of the depths {', '.join(map(str, depths))} of ReLU's NTK, {domain_words(place)}.",
        digits,
        show,
        command,
    )


Best = dict[tuple[str, str, int], tuple[int, Ball]]


def _on_cube(
    domain: Any, levels: list[int], depths: tuple[int, ...], digits: int, tell: Progress
) -> Best:
    """(weight variance, bias variance, level) → best depth and share: one grid."""
    grid = net_grid(
        domain,
        depths,
        WEIGHT_VARIANCES,
        BIAS_VARIANCES,
        digits=digits,
        progress=tell,
    )
    return {
        (w, b, k): grid.best_depth(i, j, k)
        for i, w in enumerate(WEIGHT_VARIANCES)
        for j, b in enumerate(BIAS_VARIANCES)
        for k in levels
    }


def _elsewhere(
    domain: Any, levels: list[int], depths: tuple[int, ...], digits: int, tell: Progress
) -> Best:
    """The same, spectrum by spectrum."""
    best: Best = {}
    cases = list(product(WEIGHT_VARIANCES, BIAS_VARIANCES, depths))
    for done, (w, b, depth) in enumerate(cases):
        tell(done, len(cases), f"depth {depth}")
        kernel = ntk("relu", depth=depth, weight_variance=w, bias_variance=b)
        # the trace is known exactly: no level above those asked for is needed
        listed = None if domain.last_level.is_Integer else range(max(levels) + 1)
        s = spectrum(kernel, domain, levels=listed, digits=digits)
        for k, share in fractional_variances(s, levels).items():
            if (w, b, k) not in best or share > best[w, b, k][1]:
                best[w, b, k] = (depth, share)
    return best
