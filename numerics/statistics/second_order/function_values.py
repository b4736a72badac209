"""Mean and covariance of the learned function's values at points of the domain."""

import warnings
from typing import Any

import numpy as np
from flint import arb, fmpq

from numerics.numbers.ball import ball_of
from numerics.numbers.memory_limit import require_memory
from numerics.numbers.precision import working_precision
from numerics.spectra.floats.float_spectrum import FloatSpectrum
from numerics.statistics.second_order.coefficients import METHOD, shaped
from numerics.statistics.second_order.local_errors import has_design, local_covariance
from numerics.statistics.second_order.setting import Setting, ell, program, rest
from numerics.targets.target_function import TargetFunction
from numerics.targets.zonal_functions import cosines, points_on, zonal_values
from theory import Unsupported, notation
from theory.statistics import learned_coefficients as learned

FINE = 1e-9
"""Levels are listed until the variance above them is a smaller share of all of it …"""
LISTED = 500
"""… or this many are; what is left is stated."""
WARN_ABOVE = 1e-4
WANTED = "function_mean and function_covariance"


def function_mean(p: Any, x: Any) -> np.ndarray:
    """The mean of f̂ at points, shape [cases…, point]; no last axis for a single point."""
    setting = Setting.of(p)
    domain = _domain(setting)
    points, single = points_on(domain, x)
    levels = setting.levels
    run = program("learned_function_mean", proved=setting.proved)
    found = np.empty((int(np.prod(setting.shape)), len(points)), dtype=object)
    with working_precision(setting.bits):
        parts = _parts(setting, points)
        for case in range(len(found)):
            shares = [setting.learnability(case, k) for k in levels]
            for place in range(len(points)):
                row = [part[place] for part in parts]
                value = run(_columns(setting, {ell: shares, learned.part: row}))
                found[case, place] = _entry(setting, value)
    return shaped(setting, found, () if single else (len(points),))


def function_covariance(
    p: Any, x: Any, x2: Any = None, *, local: bool | None = None
) -> np.ndarray:
    """Cov(f̂(x), f̂(x′)), shape [cases…, x, x2]; no axis for a single point.

    ``local`` None: where it can be computed, as in float64 on the known domains.
    """
    setting = Setting.of(p)
    domain = _domain(setting)
    first, one = points_on(domain, x, "x")
    second, other = (first, one) if x2 is None else points_on(domain, x2, "x2")
    if not domain.addition_theorem:
        raise Unsupported(
            f"{domain}: without an addition theorem covariances of values have no formula"
        )
    setting = _listing(setting)
    if local is None:
        local = not setting.proved and has_design(domain)
    if local and setting.proved:
        raise Unsupported(
            "local errors are computed in float64; ask for local=False, or no digits"
        )
    if local:
        rows = [
            local_covariance(_at(setting, domain), case, first, second)
            for case in range(int(np.prod(setting.shape)))
        ]
        last = (() if one else (len(first),)) + (() if other else (len(second),))
        return shaped(setting, np.array(rows), last)
    s: Any = setting.sharp if setting.proved else setting.floats
    levels = (
        [x.index for x in s.levels] if setting.proved else [int(k) for k in s.index]
    )
    counts = (
        [fmpq(x.multiplicity) for x in s.levels] if setting.proved else s.multiplicity
    )
    cases = int(np.prod(setting.shape))
    shape = (cases, len(first), len(second))
    require_memory(
        16 * len(levels) * shape[1] * shape[2], f"covariances of {shape[1]} points"
    )
    found = np.empty(shape, dtype=object)
    with working_precision(setting.bits):
        t = cosines(domain, first, second, proved=setting.proved)
        zonal = np.stack(zonal_values(domain, levels, t), axis=-1)
        place = {k: i for i, k in enumerate(levels)}
        none = fmpq(0) if setting.proved else 0.0
        parts = [
            np.full((len(v), len(levels)), none, dtype=zonal.dtype)
            for v in (first, second)
        ]
        for array, points in zip(parts, (first, second), strict=True):
            for k, row in zip(setting.levels, _parts(setting, points), strict=True):
                array[:, place[k]] = row
        for case in range(cases):
            common = setting.case(case)
            shares, left = setting.learnabilities(case, levels)
            open_ = _left_open(setting, case, common, shares, counts)
            fixed = {ell: shares, rest: left, notation.g: counts}
            run = program("learned_function_covariance", proved=setting.proved)
            if not setting.proved:
                arrays = {
                    name: np.asarray(v, dtype=np.float64) for name, v in fixed.items()
                }
                arrays |= {notation.levels: len(levels), learned.zonal: zonal}
                arrays[learned.part] = parts[0][:, None, :]
                arrays[learned.other_part] = parts[1][None, :, :]
                found[case] = run(common | arrays)
                continue
            for a, b in np.ndindex(shape[1:]):
                at = {learned.zonal: list(zonal[a, b]), learned.part: list(parts[0][a])}
                at |= {
                    learned.other_part: list(parts[1][b]),
                    notation.levels: len(levels),
                }
                value = run({**common, **fixed, **at}) + open_
                found[case, a, b] = _entry(setting, value)
    last = (() if one else shape[1:2]) + (() if other else shape[2:])
    return shaped(setting, found, last)


def _at(setting: Setting, domain: Any) -> Setting:
    """The setting with a target that knows its domain."""
    if setting.target.domain is not None:
        return setting
    goal = TargetFunction(dict(setting.target.powers), domain)
    return Setting(setting.prediction, setting.spectrum, goal)


def _domain(setting: Setting) -> Any:
    s = setting.spectrum
    source = s.source if isinstance(s, FloatSpectrum) else s
    domain = setting.target.domain or (None if source is None else source.domain)
    if domain is None:
        raise Unsupported(f"{WANTED}: a spectrum of given levels has no points")
    return domain


def _parts(setting: Setting, points: np.ndarray) -> list[Any]:
    goal = setting.target
    return [goal.at_level(k, points, proved=setting.proved) for k in setting.levels]


def _columns(setting: Setting, columns: dict[Any, list[Any]]) -> dict[Any, Any]:
    count = {notation.levels: len(setting.levels)}
    if setting.proved:
        return count | columns
    return count | {name: np.asarray(v, dtype=float) for name, v in columns.items()}


def _entry(setting: Setting, value: Any) -> Any:
    return ball_of(value, METHOD) if setting.proved else float(value)


def _listing(setting: Setting) -> Setting:
    """The setting with so many levels that what lies above them does not matter."""
    while True:
        s = setting.spectrum
        if isinstance(s, FloatSpectrum) or s.is_complete or s.kernel is None:
            return setting
        wanted = FINE if setting.digits is None else 10.0 ** -(setting.digits + 2)
        last = s.levels[-1].index
        if last >= LISTED or _share_above(setting, s) <= wanted:
            return setting
        setting = Setting(
            setting.prediction, s.extend(min(2 * last + 10, LISTED)), setting.target
        )


def _share_above(setting: Setting, s: Any) -> float:
    """At most this share of Σ g L² lies above the levels listed: Σ g λ²/C² by L ≤ λ/C."""
    p = setting.prediction
    worst = 0.0
    square = float(s.tail_square)
    for n, C, E0 in zip(p.n.flat, p.C.flat, p.E0.flat, strict=True):
        c, learned_squares = float(C), float(n) * (1 - 1 / float(E0))
        if 0 < c < np.inf and learned_squares > 0:
            worst = max(worst, square / c**2 / learned_squares)
    return worst


def _left_open(
    setting: Setting, case: int, common: Any, shares: Any, counts: Any
) -> Any:
    """A ball around 0 with what the levels above can add to a covariance."""
    s = setting.spectrum
    tail = s.tail if isinstance(s, FloatSpectrum) else None
    C = setting.prediction.C.flat[case]
    if setting.proved:
        sharp = setting.sharp
        if sharp.is_complete or C.is_infinite or C.sign == 0:
            return 0
        ratio = common[notation.test_mse] / common[notation.n]
        bound = ratio * sharp.tail_square.at(setting.bits) / C.at(setting.bits) ** 2
        return arb(0, abs(bound).upper())
    if not isinstance(s, FloatSpectrum) and not s.is_complete:
        square = float(s.tail_square)
    elif tail is not None:
        square = tail.mass * tail.mean
    else:
        return 0.0
    if not 0 < float(C) < np.inf:
        return 0.0
    listed = float(np.sum(np.asarray(counts, dtype=float) * np.square(shares)))
    share = square / float(C) ** 2 / listed if listed else np.inf
    if share > WARN_ABOVE:
        warnings.warn(
            f"covariances at n = {setting.prediction.n.flat[case]} leave out levels above "
            f"{LISTED if isinstance(s, FloatSpectrum) else s.levels[-1].index}, up to "
            f"{100 * share:.2g} % of the variance",
            stacklevel=4,
        )
    return 0.0
