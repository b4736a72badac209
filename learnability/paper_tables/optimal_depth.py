"""The depth at which a net puts most of its variance into functions of one degree.

The fractional variance of level k is g_k λ_k / K(1), K(1) = Σ g λ. Each comparison of two
depths is one of balls, so the depth named is proved to be the best of those tried.
"""

from itertools import product
from typing import Any

from learnability.paper_tables.settings import Settings
from learnability.table import Column, Table
from numerics import Ball, spectrum, working_precision
from numerics.numbers.ball import ball_of
from numerics.numbers.precision import bits_for
from numerics.spectra.floats.net_grid import net_grid
from theory.domains import Hypercube
from theory.kernels import ntk

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


def optimal_depth(settings: Settings) -> Table:
    """The best depth for each level, over weight and bias variances, for ReLU's NTK.

    Raises
    ------
    OutOfDomain
        When kernels are named: the table chooses them itself.
    """
    from theory.errors import OutOfDomain

    if settings.kernels:
        msg = "optimal-depth chooses its own kernels; drop --kernel"
        raise OutOfDomain(msg)
    (_, place), *more = Settings(domains=settings.domains or (DOMAIN,)).pairs()
    if more:
        msg = "optimal-depth takes one domain at a time"
        raise OutOfDomain(msg)
    levels = list(settings.levels or (k for k in LEVELS if k <= place.last_level))
    depths = tuple(settings.depths or DEPTHS)
    cases = list(product(WEIGHT_VARIANCES, BIAS_VARIANCES))
    best = _on_cube if isinstance(place, Hypercube) else _elsewhere
    found = best(place, levels, depths, settings)
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
        f"Best of the depths {', '.join(map(str, depths))} of ReLU's NTK on {place}.",
        settings.digits,
        settings.show,
        settings.command,
    )


Best = dict[tuple[str, str, int], tuple[int, Ball]]


def _on_cube(
    domain: Any, levels: list[int], depths: tuple[int, ...], settings: Settings
) -> Best:
    """(weight variance, bias variance, level) → best depth and share: one grid."""
    grid = net_grid(
        domain,
        depths,
        WEIGHT_VARIANCES,
        BIAS_VARIANCES,
        digits=settings.digits,
        progress=settings.tell,
    )
    return {
        (w, b, k): grid.best_depth(i, j, k)
        for i, w in enumerate(WEIGHT_VARIANCES)
        for j, b in enumerate(BIAS_VARIANCES)
        for k in levels
    }


def _elsewhere(
    domain: Any, levels: list[int], depths: tuple[int, ...], settings: Settings
) -> Best:
    """The same, spectrum by spectrum."""
    best: Best = {}
    cases = list(product(WEIGHT_VARIANCES, BIAS_VARIANCES, depths))
    for done, (w, b, depth) in enumerate(cases):
        settings.tell(done, len(cases), f"depth {depth}")
        kernel = ntk("relu", depth=depth, weight_variance=w, bias_variance=b)
        # the trace is known exactly: no level above those asked for is needed
        listed = None if domain.last_level.is_Integer else range(max(levels) + 1)
        s = spectrum(kernel, domain, levels=listed, digits=settings.digits)
        for k, share in fractional_variances(s, levels).items():
            if (w, b, k) not in best or share > best[w, b, k][1]:
                best[w, b, k] = (depth, share)
    return best
