"""One block of data sets, regressed at once: the same lines in NumPy and in JAX.

Nothing is tested on sampled points: ⟨f, f̂⟩ = α·(T_K f) and ‖f̂‖² = αᵀ K² α are
integrals over the whole domain. Neighboring data sets make pairs, whose products give
bias and variance without a plug-in bias.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.extras import require
from verify.regression import draws
from verify.regression.regression_problem import WITH, RegressionProblem

EPS = float(np.finfo(np.float64).eps)
SOUND = 16 * EPS
Arrays = dict[str, Any]
NAMES = (
    "learnability",
    "test_mse",
    "train_mse",
    "gradient",
    "coefficients",
    "bias",
    "variance",
    "inverse_trace",
    "learned",
    "slack",
)


@dataclass(frozen=True)
class Data:
    """A block of data sets.

    Attributes
    ----------
    points
        Leading shape [trial, n].
    labels, wanted, smooth
        Noisy labels, what the weights are solved for, and T_K f; [trial, n, target].
    waves
        The recorded modes there, shape [trial, n, mode].
    keep
        1 for points of the data set, 0 for a repetition of an earlier one that a
        minimum-norm fit without ridge cannot tell from it; shape [trial, n].
    """

    points: Any
    labels: Any
    wanted: Any
    smooth: Any
    waves: Any
    keep: Any


def draw(problem: RegressionProblem, trials: range, seed: int) -> Data:
    """The data sets of some trials, the same on every machine."""
    place, pairs = problem.place, problem.pairs
    x = place.draw(problem.n, trials, seed, replace=problem.sampling == WITH)
    truth = np.stack([t.at(place, x) for t in problem.targets], axis=-1)
    smooth = np.stack([t.smoothed(place, pairs, x) for t in problem.targets], axis=-1)
    waves = np.stack([place.mode(k, i, x) for k, i in problem.modes], axis=-1)
    labels = truth
    if problem.noise:
        scale = float(problem.noise) ** 0.5
        labels = truth + scale * draws.noises(problem.n, trials, seed)[..., None]
    keep, wanted = np.ones(x.shape[:2]), labels
    if problem.sampling == WITH and not problem.ridge:
        same = x[:, :, None] == x[:, None, :]
        keep = 1.0 - np.any(np.tril(same, -1), axis=2)
        # least squares sees a repeated point once, with the mean of its labels
        means = (same @ labels) / same.sum(axis=2, keepdims=True)
        wanted = means * keep[..., None]
    return Data(x, labels, wanted, smooth, waves, keep)


def regress(
    problem: RegressionProblem, trials: range, seed: int, backend: str
) -> Arrays:
    """All statistics of a block of trials; their number must be even.

    Raises
    ------
    MissingExtra
        When the backend is ``jax`` and JAX is missing.
    """
    data = draw(problem, trials, seed)
    if backend == "jax":
        return _in_jax(problem, data)
    return _in_numpy(problem, data)


def _matrix(
    problem: RegressionProblem, x: Any, keep: Any, xp: Any
) -> tuple[Any, Any, Any]:
    """Codes of pairs, K, and K + δ with repeated points taken out."""
    pair = problem.place.pair(x, x, xp)
    inner = problem.pairs.kernel(pair, xp)
    mask = keep[:, :, None] * keep[:, None, :]
    eye = xp.eye(inner.shape[1])
    shifted = inner * mask + (1.0 - keep)[:, :, None] * eye
    return pair, inner, shifted + float(problem.ridge) * eye


def _in_numpy(problem: RegressionProblem, data: Data) -> Arrays:
    pair, inner, shifted = _matrix(problem, data.points, data.keep, np)
    sound = _sound(shifted)
    alpha = np.zeros_like(data.labels)
    trace = np.zeros(len(shifted))
    learned = np.zeros(len(shifted))
    wanted = data.wanted
    if sound.any():
        inverse = np.linalg.inv(shifted[sound])
        alpha[sound] = inverse @ wanted[sound]
        full = np.trace(inverse, axis1=1, axis2=2)
        trace[sound], learned[sound] = _traces(problem, full, data.keep[sound], np)
    for row in np.flatnonzero(~sound):
        alpha[row], trace[row], learned[row] = _least_norm(
            problem, shifted[row], wanted[row], data.keep[row]
        )
    return statistics(problem, data, (pair, inner), alpha, trace, learned, np)


def _traces(
    problem: RegressionProblem, full: Any, keep: Any, xp: Any
) -> tuple[Any, Any]:
    """Tr R and tr K R of the points kept."""
    ridge = float(problem.ridge)
    lost = xp.sum(1.0 - keep, axis=1)
    trace = full - lost / (1.0 + ridge)
    return trace, xp.sum(keep, axis=1) - ridge * trace


def _sound(matrices: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether Cholesky's pivots keep each matrix away from being singular."""
    size = matrices.shape[1]

    def good(factor: Any) -> Any:
        pivots = np.diagonal(factor, axis1=-2, axis2=-1) ** 2
        return pivots.min(axis=-1) > SOUND * size * pivots.max(axis=-1)

    try:
        return np.atleast_1d(good(np.linalg.cholesky(matrices)))
    except np.linalg.LinAlgError:
        pass
    found = np.zeros(len(matrices), dtype=bool)
    for row, matrix in enumerate(matrices):
        try:
            found[row] = good(np.linalg.cholesky(matrix))
        except np.linalg.LinAlgError:
            continue
    return found


def _least_norm(problem: RegressionProblem, shifted: Any, wanted: Any, keep: Any):
    """The pseudo-inverse's solution where K_DD is singular: 1/tr R is 0 there."""
    ridge = float(problem.ridge)
    kept = keep > 0
    inner = shifted[np.ix_(kept, kept)] - ridge * np.eye(int(kept.sum()))
    spectrum, vectors = np.linalg.eigh(inner)
    good = spectrum > spectrum[-1] * len(inner) * EPS
    weight = np.where(good, 1 / np.where(good, spectrum + ridge, 1.0), 0.0)
    alpha = np.zeros_like(wanted)
    alpha[kept] = vectors @ (weight[:, None] * (vectors.T @ wanted[kept]))
    null = float(np.sum(~good))
    trace = float(weight.sum()) + (null / ridge if ridge else np.inf if null else 0.0)
    return alpha, trace, float(np.sum(weight * spectrum * good))


def statistics(
    problem: RegressionProblem,
    data: Data,
    known: tuple[Any, Any],
    alpha: Any,
    trace: Any,
    learned: Any,
    xp: Any,
) -> Arrays:
    """Every statistic from the weights α, with the codes of pairs and K known."""
    pairs, place = problem.pairs, problem.place
    pair, inner = known
    power = xp.asarray([t.power for t in problem.targets])
    noise = float(problem.noise)
    square_of = pairs.square(pair, xp)
    overlap = xp.sum(alpha * data.smooth, axis=1)
    square = xp.sum(alpha * (square_of @ alpha), axis=1)
    fitted = inner @ alpha
    lam = xp.asarray([pairs.eigenvalues[k] for k, _ in problem.modes])
    first, second = alpha[0::2], alpha[1::2]
    crossed = pairs.square(place.pair(data.points[0::2], data.points[1::2], xp), xp)
    cross = xp.sum(first * (crossed @ second), axis=1)
    absolute = xp.sum(xp.abs(alpha), axis=1)
    found = {
        "learnability": overlap / power,
        "test_mse": power - 2 * overlap + square + noise,
        "train_mse": xp.mean((data.labels - fitted) ** 2, axis=1),
        "coefficients": lam * xp.einsum("bnt,bnm->btm", alpha, data.waves),
        "bias": power - overlap[0::2] - overlap[1::2] + cross,
        "variance": (square[0::2] + square[1::2]) / 2 - cross,
        "inverse_trace": trace,
        "learned": learned,
        "slack": absolute**2 * (pairs.square_error + EPS * pairs.square_at_one),
    }
    if pairs.gradient is not None:
        rough = pairs.gradient(pair, xp)
        found["gradient"] = xp.sum(alpha * (rough @ alpha), axis=1)
    return found


@lru_cache(maxsize=8)
def _compiled(problem: RegressionProblem) -> Callable[..., Any]:
    import jax
    import jax.numpy as jnp

    def run(x, labels, wanted, smooth, waves, keep):
        pair, inner, shifted = _matrix(problem, x, keep, jnp)
        factor = jnp.linalg.cholesky(shifted)
        pivots = jnp.diagonal(factor, axis1=-2, axis2=-1) ** 2
        size = shifted.shape[1]
        sound = jnp.min(pivots, axis=-1) > SOUND * size * jnp.max(pivots, axis=-1)
        inverse = jax.scipy.linalg.cho_solve(
            (factor, True), jnp.broadcast_to(jnp.eye(size), shifted.shape)
        )
        full = jnp.trace(inverse, axis1=1, axis2=2)
        trace, learned = _traces(problem, full, keep, jnp)
        data = Data(x, labels, wanted, smooth, waves, keep)
        alpha = inverse @ wanted
        known = (pair, inner)
        found = statistics(problem, data, known, alpha, trace, learned, jnp)
        return found, sound

    return jax.jit(run)


def _in_jax(problem: RegressionProblem, data: Data) -> Arrays:
    """The block in JAX, float64; data sets with a singular matrix go to NumPy."""
    require("jax", "jax", "regressions in JAX")
    import jax

    with jax.enable_x64(True):
        columns = (
            data.points,
            data.labels,
            data.wanted,
            data.smooth,
            data.waves,
            data.keep,
        )
        found, sound = _compiled(problem)(*map(jax.numpy.asarray, columns))
    result = {name: np.array(value) for name, value in found.items()}
    bad = np.flatnonzero(~np.asarray(sound))
    if len(bad):
        pairs = np.unique(bad // 2)
        rows = np.stack([2 * pairs, 2 * pairs + 1], axis=1).ravel()
        again = _in_numpy(problem, Data(*(column[rows] for column in columns)))
        for name, value in again.items():
            result[name][pairs if name in ("bias", "variance") else rows] = value
    return result
