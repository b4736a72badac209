"""Predictions of the theory: every statistic of a target, over n, ridge and noise.

``digits=None`` computes in float64 with an error statement; ``digits=D`` encloses every
number. Both evaluate the statistics that ``theory.statistics`` defines.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from sympy import Rational

from numerics.implicit_equation.float_solver import RELATIVE_ERROR
from numerics.implicit_equation.roots import require_decided
from numerics.numbers.precision import MOST_DIGITS
from numerics.spectra import refinement
from numerics.spectra.floats.float_spectrum import FloatSpectrum, float64_array
from numerics.spectra.spectrum import Spectrum
from numerics.statistics.parameter_grid import Grid
from numerics.statistics.prediction import Prediction
from numerics.statistics.questions.evaluation import Columns, evaluation_of
from numerics.statistics.remarks import Context
from numerics.statistics.sharpened_floats import completed, sharpened
from numerics.targets.target_reading import read_target
from theory import OutOfDomain, Unsupported
from theory.numbers import integer
from theory.numbers import rational as exact_rational
from theory.statistics import STATISTICS
from theory.statistics.questions import QUESTIONS

Progress = Callable[[int, int, str], None]
MAX_BYTES = 8 << 30
MOST_LEVEL = 1000
"""Levels of an infinite spectrum are listed up to here for a target's sake."""
ANNOUNCED = 1 << 28


def predict(
    s: Any,
    target: Any,
    n: Any,
    ridge: Any = 0,
    noise: Any = 0,
    *,
    time: Any = None,
    rule: Any = "flow",
    width: Any = None,
    sampling: Any = "independent",
    digits: int | None = None,
    progress: Progress | None = None,
    ask: Mapping[str, Any] | None = None,
) -> Prediction:
    """Learnability, bias, variance and errors of a target, by the eigenlearning theory.

    The formulas are an approximation (see ``formulas["test_mse"].status``); the numbers
    are accurate values of the formulas.

    Parameters
    ----------
    s
        The kernel's spectrum, of enclosures or of floats; or a list of them.
    target
        Level → power, the sum of squared coefficients over the level's modes; text such
        as "1=1,3=1/2" or "expr:sign(x1 + x2 + x3)"; a function of a point; what
        ``level_powers`` made; an array of powers, shape [level]; or a list of targets.
    n, ridge, noise
        Training points, ridge δ and noise variance σ²: numbers, sequences of exact
        numbers, or arrays of NumPy's integers or float64, broadcast against each other.
        Without ridge and with more points than modes, the limit δ → 0⁺ is given.
    sampling
        How points are drawn: "independent", as the published equation takes them;
        "distinct", n different points of a finite domain, with the number of classes in
        place of n where the kernel is even or odd; "replacement", as many distinct
        points as n draws meet. Means are taken over the law of such numbers.
    time, rule
        How long is trained, and by which rule: ``time`` is broadcast like n; with it the
        ridge must be 0. "flow" is gradient flow of half the summed squared error;
        "descent:rate=1/100", "heavy_ball:rate=…,momentum=…", "tikhonov:ridge=…",
        "distillation:ridge=…" and "weight_decay:decay=…" are others; or a function
        h(s, τ) of complex arrays, analytic around the eigenvalues s of K_DD, h(0) = 1.
        "sgd:rate=…,batch=…" is online gradient descent, where n counts the samples seen
        and there is no time.
    width
        Random features, drawn once, in place of the kernel: whole numbers, broadcast like
        n, also with a time. C is then theirs, and κ, three parts of the variance and the
        error of an ensemble stand beside the statistics.
    ask
        Other registered questions, name → value (``theory.statistics.questions``).
    digits
        Proved digits, or None for float64.
    progress
        Called with (done, total, what) during long work.

    Returns
    -------
    Prediction
        Arrays of the broadcast shape; with a list of spectra C and all statistics have
        a leading axis for it, with a list of targets the statistics one after that.

    Raises
    ------
    OutOfDomain
        When a level does not exist, the target has no power, an argument is negative or
        float32, shapes do not broadcast, or n distinct points exceed the domain.
    Disagreement
        When it is open, without ridge, whether n reaches the number of modes.
    Unsupported
        When the arrays would take more than 8 GiB, numbers leave float64, or no formula
        covers what is asked.

    Examples
    --------
    >>> from numerics import Spectrum
    >>> p = predict(Spectrum.from_levels([(1, 4)]), {0: 1}, [0, 1, 2, 4])
    >>> p.test_mse
    array([1.  , 0.75, 0.5 , 0.  ])
    >>> predict(Spectrum.from_levels([(1, 20)]), {0: 1}, [30, 60], noise="1/10").test_mse
    array([0.3 , 0.15])
    >>> two = [Spectrum.from_levels([(1, 4)]), Spectrum.from_levels([(1, 8)])]
    >>> predict(two, {0: 1}, [1, 2, 4]).test_mse
    array([[0.75 , 0.5  , 0.   ],
           [0.875, 0.75 , 0.5  ]])
    """
    several = isinstance(s, list | tuple)
    spectra = [completed(x) for x in (s if several else [s])]
    many = isinstance(target, list | tuple)
    targets = list(target) if many else [target]
    if not spectra or not targets:
        what = "spectra" if not spectra else "targets"
        raise OutOfDomain(f"the list of {what} is empty")
    targets = [_read(spectra, x) for x in targets]
    spectra = [_listing(x, targets) for x in spectra]
    asked, every = _asked(time, rule, width, sampling, ask or {})
    grid = Grid.of(n=n, ridge=ridge, noise=noise, **every)
    if digits is not None:
        digits = integer(digits, "digits", least=1, most=MOST_DIGITS)
    evaluation = evaluation_of(asked)
    wanted = [[_target(x, y) for y in targets] for x in spectra]
    levels = _levels(targets)
    _announce(grid, len(spectra), len(targets), len(levels), progress)
    states = [
        evaluation.state(x, powers, grid, asked)
        for x, powers in zip(spectra, wanted, strict=True)
    ]
    parts = []
    for x, powers, state in zip(spectra, wanted, states, strict=True):
        if digits is None:
            part = _floats(evaluation, x, powers, levels, grid, state, progress)
        else:
            part = _proved(evaluation, x, powers, levels, grid, digits, state, progress)
        parts.append(part)
    questions = [QUESTIONS[name] for name in asked]
    return replace(
        _joined(parts, levels, grid, digits, several, many, questions),
        equation=", ".join(dict.fromkeys(state.equation for state in states)),
        asked={
            x.name: grid.given[x.name] if x.per_case else asked[x.name]
            for x in questions
        },
        without_meaning=frozenset().union(*(x.without_meaning for x in questions)),
        context=Context(tuple(spectra), tuple(targets), several, many, predict),
    )


def _asked(
    time: Any, rule: Any, width: Any, sampling: Any, ask: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The questions that are asked, their values read; and those that are broadcast."""
    given = {"sampling": sampling}
    given |= _training(time, rule)
    given |= {} if width is None else {"width": width}
    for name in ask:
        if name in ("sampling", "time", "rule", "width"):
            raise OutOfDomain(f"ask: {name!r} is an argument of its own")
    asked = {}
    for name, value in {**given, **ask}.items():
        found = QUESTIONS[name].read(value)
        if not (
            type(found) is type(QUESTIONS[name].neutral)
            and found == QUESTIONS[name].neutral
        ):
            asked[name] = found
    return asked, {name: x for name, x in asked.items() if QUESTIONS[name].per_case}


def _training(time: Any, rule: Any) -> dict[str, Any]:
    """``time`` and ``rule`` as questions; gradient flow without a time is no rule at all."""
    if time is not None:
        return {"time": time, "rule": rule}
    return {} if isinstance(rule, str) and rule == "flow" else {"rule": rule}


def _floats(evaluation, s, powers, levels, grid: Grid, state: Any, progress) -> Columns:
    def columns(fast: FloatSpectrum) -> Columns:
        arrays = [_array(fast, x) for x in powers]
        return evaluation.floats(fast, arrays, levels, grid, state, progress)

    return sharpened(s, grid, columns)


def _array(s: FloatSpectrum, powers: dict[int, Rational] | np.ndarray) -> np.ndarray:
    if isinstance(powers, np.ndarray):
        return powers
    found = np.zeros(len(s))
    for k, power in powers.items():
        found[s.position(k)] = float(power)
    return found


def _proved(
    evaluation, s, powers, levels, grid: Grid, digits: int, state, progress
) -> Columns:
    if isinstance(s, FloatSpectrum):
        raise Unsupported(
            f"digits = {digits}: a float64 spectrum proves none; pass the spectrum of "
            "enclosures (spectrum(kernel, domain)), or digits=None"
        )
    if evaluation.proved is None:
        raise Unsupported(
            f"digits = {digits}: what is asked is computed in float64 only"
        )
    exact = grid.exact()
    s = refinement.counted(s, max(exact["n"].flat))
    if s.is_open:
        reached = [
            delta == 0 and size > 0 and size >= s.modes
            for size, delta in zip(exact["n"].flat, exact["ridge"].flat, strict=True)
        ]
        if any(reached):
            worst = max(
                x for x, hit in zip(exact["n"].flat, reached, strict=True) if hit
            )
            require_decided(s, worst, grid.places(np.array(reached)))
    return evaluation.proved(s, powers, levels, grid, digits, state, progress)


def _joined(
    parts, levels, grid: Grid, digits, several: bool, many: bool, questions
) -> Prediction:
    def stacked(arrays: list[np.ndarray]) -> np.ndarray:
        shaped = [x.reshape(grid.shape) for x in arrays]
        return np.stack(shaped) if several else shaped[0]

    def over_targets(name: str, of: str = "statistics") -> np.ndarray:
        rows = []
        for part in parts:
            shaped = [x[name].reshape(grid.shape) for x in getattr(part, of)]
            rows.append(np.stack(shaped) if many else shaped[0])
        return np.stack(rows) if several else rows[0]

    given = grid.given if digits is None else grid.exact()
    names = [*STATISTICS, *(name for x in questions for name in x.adds)]
    absolute = {
        name: over_targets(name, "absolute")
        for name in (parts[0].absolute[0] if parts[0].absolute else ())
    }
    return Prediction(
        n=given["n"],
        ridge=given["ridge"],
        noise=given["noise"],
        C=stacked([part.C for part in parts]),
        learnability={k: stacked([p.learnability[k] for p in parts]) for k in levels},
        statistics={name: over_targets(name) for name in names},
        digits=digits,
        relative_error=0.0
        if digits is not None
        else float(max([RELATIVE_ERROR, *(np.max(p.error) for p in parts)])),
        spectra=len(parts) if several else None,
        targets=len(parts[0].statistics) if many else None,
        absolute_error=absolute,
    )


def _levels(targets: Sequence[Any]) -> list[int]:
    """All levels that the targets name, in order."""
    found: dict[int, None] = {}
    for target in targets:
        if isinstance(target, Mapping):
            found |= dict.fromkeys(integer(k, "target level") for k in target)
    return list(found)


def float_problem(s: Any, target: Any) -> tuple[FloatSpectrum, np.ndarray]:
    """A spectrum in float64 that lists the target's levels, and its powers, [level].

    Raises
    ------
    OutOfDomain
        When it is no spectrum, or the target has no power or no such level.

    Examples
    --------
    >>> float_problem(Spectrum.from_levels([(1, 4), ("1/2", 2)]), {1: 3})[1].tolist()
    [0.0, 3.0]
    """
    whole = completed(s)
    wanted = _read([whole], target)
    whole = _listing(whole, [wanted])
    fast = whole if isinstance(whole, FloatSpectrum) else whole.floats()
    return fast, _array(fast, _target(whole, wanted))


def _read(spectra: Sequence[Any], target: Any) -> Any:
    """A target by its levels; powers of levels that a given array lists stay one."""
    if isinstance(target, np.ndarray):
        return target
    where = {domain_of(s) for s in spectra}
    if len(where) > 1 and not isinstance(target, Mapping):
        named = ", ".join(str(x) for x in where)
        raise OutOfDomain(
            f"target: a function of points of several domains ({named}); ask one by one"
        )
    domain = where.pop() if len(where) == 1 else None
    return read_target(target, domain)


def domain_of(s: Any) -> Any:
    """The domain of a spectrum; None where only levels were given."""
    source = s.source if isinstance(s, FloatSpectrum) else s
    return None if source is None else source.domain


def _listing(s: Any, targets: Sequence[Any]) -> Any:
    """The spectrum with all levels of the targets listed, where it can list more."""
    if isinstance(s, FloatSpectrum):
        return s
    highest = max((max(x) for x in targets if isinstance(x, Mapping)), default=0)
    if s.levels[-1].index < highest <= MOST_LEVEL and s.is_contiguous:
        return s.extend(highest)
    return s


def _target(
    s: Spectrum | FloatSpectrum, target: Any
) -> dict[int, Rational] | np.ndarray:
    if isinstance(target, np.ndarray):
        return _powers(s, target)
    for level in target:
        _ = s.position(level) if isinstance(s, FloatSpectrum) else s.level(level)
    return dict(target.powers)


def _powers(s: Spectrum | FloatSpectrum, target: np.ndarray) -> Any:
    array = float64_array(target, "target")
    count = len(s) if isinstance(s, FloatSpectrum) else len(s.levels)
    if array.shape != (count,):
        raise OutOfDomain(
            f"target has shape {array.shape}; the spectrum has {count} levels"
        )
    if array.min() < 0:
        worst = int(np.argmin(array))
        raise OutOfDomain(f"target[{worst}] = {array[worst]:g} must be at least 0")
    if not array.any():
        raise OutOfDomain(
            "target: its power is 0 in every level, so nothing can be learned"
        )
    if isinstance(s, FloatSpectrum):
        return array
    indices = (x.index for x in s.levels)
    return {k: exact_rational(x, "target") for k, x in zip(indices, array, strict=True)}


def _announce(grid: Grid, spectra: int, targets: int, levels: int, progress) -> None:
    """Refuse what does not fit; say how much memory large results take."""
    cases = int(np.prod(grid.shape, dtype=np.float64))
    needed = 8 * cases * spectra * (1 + levels + len(STATISTICS) * targets)
    size = f"{cases} cases of {spectra} spectra and {targets} targets"
    if needed > MAX_BYTES:
        raise Unsupported(
            f"{size} take {needed / 2**30:.1f} GiB of results; at most "
            f"{MAX_BYTES >> 30} GiB are made at once: call predict for parts of them"
        )
    if progress is not None and needed > ANNOUNCED:
        progress(0, 1, f"{size}: {needed / 2**30:.2f} GiB of results")
