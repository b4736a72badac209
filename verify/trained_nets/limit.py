"""Wide nets against kernel regression: they follow the NTK, and not the NNGP.

Nets and kernels are paired on the same data sets, and descent on a kernel stops by the
rule that stops the nets, so what is compared is not blurred by chance or by stopping. The
target is one that both kernels learn half of, and by 0.1 differently.
"""

import numpy as np

from numerics.kernel_matrices.entries import kernel_matrix
from theory import kernels
from verify.networks import Architecture, Cell, HypercubeData, Training
from verify.networks.model.linearized import linearized_descent, steps_to_stop
from verify.networks.sweeps.results import learnability
from verify.suites import Request
from verify.trained_nets.measured import Claim, Found
from verify.verdicts.agreement import Agreement, equivalence
from verify.verdicts.verdict import Verdict

TRIALS = 24
MARGIN = 0.02
"""Allowed mean difference in learnability, fixed beforehand."""

_NET = Architecture(2, 512, "relu")
_DATA = HypercubeData(5, ("parity:1",))
_N = 12


def _differences(request: Request) -> dict[str, np.ndarray]:
    """Return L of nets − L of a kernel, paired [trials]."""
    trials = tuple(range(max(2, request.examples or TRIALS)))
    examples = _DATA.examples(_N, trials)
    options = {
        "depth": _NET.depth,
        "weight_variance": int(_NET.weight_variance),
        "bias_variance": str(_NET.bias_variance),
    }
    points = examples.test_inputs
    tables = {
        "NTK": kernel_matrix(
            kernels.ntk(_NET.activation, **options), points, norms="equal"
        ),
        "NNGP": kernel_matrix(
            kernels.nngp(_NET.activation, **options), points, norms="equal"
        ),
    }
    indices = examples.indices
    if indices is None:
        raise TypeError("a hypercube's training points are among its test points")
    top = tuple(
        float(np.linalg.eigvalsh(tables["NTK"][np.ix_(rows, rows)])[-1])
        for rows in indices
    )
    cell = Cell(_NET, Training(), _DATA, _N, trials, request.seed, top)
    result = cell.run(device=request.device)
    found: dict[str, np.ndarray] = {}
    for name, table in tables.items():
        off = np.empty_like(result.learnability)
        for t, rows in enumerate(indices):
            square, cross = table[np.ix_(rows, rows)], table[:, rows]
            rate = Training().rate(_N, float(np.linalg.eigvalsh(square)[-1]))
            for j, y in enumerate(examples.train_targets[t]):
                steps = steps_to_stop(square, y, rate)
                f = linearized_descent(square, cross, y, rate, [steps])[0]
                known = learnability(f, examples.test_targets[j])
                off[t, j] = result.learnability[t, j] - known
        found[name] = off.mean(axis=1)
    return found


def _effect(agreement: Agreement) -> str:
    return (
        f"paired difference in L {agreement.difference:+.4f} ± "
        f"{agreement.halfwidth:.4f} (z = {agreement.z:.1f}), margin {agreement.margin}, "
        f"detectable {agreement.detectable:.4f}, {agreement.samples} data sets"
    )


def _follow(request: Request) -> Found:
    found = equivalence(_differences(request)["NTK"], MARGIN)
    return Found(found.verdict, found.samples, _effect(found))


def _differ(request: Request) -> Found:
    found = equivalence(_differences(request)["NNGP"], MARGIN)
    turned = {
        Verdict.CONFIRMED: Verdict.REFUTED,
        Verdict.REFUTED: Verdict.CONFIRMED,
        Verdict.INCONCLUSIVE: Verdict.INCONCLUSIVE,
    }
    return Found(turned[found.verdict], found.samples, _effect(found))


CLAIMS = (
    Claim(
        "networks/ntk",
        f"nets of width {_NET.width} learn what kernel regression with the NTK learns",
        _follow,
    ),
    Claim(
        "networks/nngp",
        f"nets of width {_NET.width} do not learn what the NNGP learns: the comparison "
        "can tell kernels apart",
        _differ,
    ),
)
