"""Everything that the explorer shows of one answer of the theory, as plain values."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from learnability.cli import inputs, lists
from learnability.explore.question import ExplorerQuery
from numerics import (
    FloatSpectrum,
    Prediction,
    Spectrum,
    constant,
    predict,
    spectrum,
)
from theory import Chain, Kernel, formulas
from theory.errors import (
    EngineError,
    NoConvergence,
    NotEvaluable,
    OutOfDomain,
    Unsupported,
)
from theory.notation import t
from theory.numbers import integer, rational
from theory.printing import latex

DIGITS = 12
CONSTANT_DIGITS = (10, 6, 3)
CURVE_POINTS = {True: 40, False: 14}
MOST_POINTS = 1000
SHOWN_LEVELS = 9
CHART_LEVELS = 26
STATISTICS = {
    "test MSE": "test_mse",
    "bias": "bias",
    "variance": "variance",
    "train MSE": "train_mse",
    "overfitting coefficient": "E0",
    "learnability of the target": "target_learnability",
}
HELD_OUT = "held-out MSE"


@dataclass(frozen=True)
class ShownLevel:
    """One eigenlevel: its eigenvalue, its learnability, and g L, what it takes of n."""

    level: int
    multiplicity: str
    eigenvalue: str
    learnability: float
    taken: float


@dataclass(frozen=True)
class ErrorCurve:
    """Error and learnability of the target at those n where the theory has them."""

    n: tuple[float, ...]
    error: tuple[float, ...]
    learnability: tuple[float, ...]


@dataclass(frozen=True)
class Answer:
    """What the theory says.

    Attributes
    ----------
    question
        With the n that was answered.
    remarks
        What was answered in place of what was asked.
    C, constant
        C as a float, and with its proved digits.
    statistics
        Name → value at n.
    levels
        The first levels with a positive eigenvalue.
    rest, ridge_share
        What higher levels take of n, and the ridge; with the levels' shares they make n.
    eigenvalues
        Level and eigenvalue, for the chart.
    curve
        The learning curve.
    formula
        K(t) in LaTeX; a deep kernel as its chain of layers.
    """

    question: ExplorerQuery
    remarks: tuple[str, ...]
    C: float
    constant: str
    statistics: dict[str, float]
    levels: tuple[ShownLevel, ...]
    rest: float
    ridge_share: float
    eigenvalues: tuple[tuple[int, float], ...]
    curve: ErrorCurve
    formula: str

    @property
    def error_name(self) -> str:
        """The statistic that the learning curve shows."""
        return HELD_OUT if HELD_OUT in self.statistics else "test MSE"

    @property
    def tex(self) -> str:
        """The kernel, and the theory's statements with their numbers, for a paper."""
        mantissa, e, exponent = self.constant.partition("e")
        number = rf"{mantissa} \times 10^{{{exponent}}}" if e else mantissa
        error = f"{self.statistics['test MSE']:.6g}"
        lines = [
            self.formula,
            formulas["implicit_equation"].latex(),
            rf"C = {number}",
            formulas["test_mse"].latex() + rf" = {error}",
        ]
        body = " \\\\\n".join(lines)
        return f"\\begin{{gather*}}\n{body}\n\\end{{gather*}}\n"


def answer(question: ExplorerQuery) -> Answer:
    """Ask the theory; n is lowered to what the kernel's modes allow.

    Raises
    ------
    EngineError
        In one sentence, when a part of the question is malformed.

    Examples
    --------
    >>> found = answer(ExplorerQuery("hypercube:4", "exponential", "1=1", 5))
    >>> round(sum(level.taken for level in found.levels), 9)
    5.0
    """
    with warnings.catch_warnings():
        # what a warning says of the n that is asked becomes a remark
        warnings.simplefilter("ignore")
        return _answer(question)


def _answer(question: ExplorerQuery) -> Answer:
    if question.place.startswith("levels:"):
        raise OutOfDomain("the explorer needs a domain of points, such as hypercube:8")
    domain = inputs.place(question.place)
    kernels = inputs.kernels([question.kernel.strip()], question.place)
    if len(kernels) > 1:
        raise OutOfDomain(
            f"kernel {question.kernel!r} names {len(kernels)}; one is asked"
        )
    asked = replace(
        question,
        n=integer(question.n, "n", least=1),
        ridge=str(rational(question.ridge, "ridge", least=0)),
        noise=str(rational(question.noise, "noise", least=0)),
    )
    if asked.on_data:
        return _on_data(asked, domain, kernels[0])
    goal = {k: str(v) for k, v in lists.target(asked.target, domain).items()}
    s = _spectrum(kernels[0], domain)

    def at(n: Any, powers: dict[int, Any] | None = None) -> Prediction:
        if powers is None:
            return predict(s, goal, n, asked.ridge, asked.noise)
        return predict(s, powers, n, asked.ridge)

    ridged = rational(asked.ridge, "ridge") != 0
    most = None if ridged or s.modes == np.inf else int(s.modes) - 1
    n, p, remarks = _possible(asked.n, most, str(kernels[0]), at)
    c, constant = _constant(s, p, n, asked.ridge)
    share = float(rational(asked.ridge, "ridge")) / c if ridged else 0.0
    names = str(kernels[0]), str(domain)
    curve = _curve(*names, tuple(goal.items()), asked.ridge, asked.noise)
    answered = replace(asked, n=n)
    return _made(answered, remarks, kernels[0], s, p, at, constant, c, share, curve)


def _on_data(asked: ExplorerQuery, domain: Any, kernel: Kernel) -> Answer:
    """The same for the labels of a data set, of which n distinct points are drawn."""
    if rational(asked.noise, "noise") != 0:
        raise OutOfDomain(f"noise = {asked.noise}: on data the labels have their own")
    eigensystem = domain.eigensystem(kernel)
    s = spectrum(kernel, domain, digits=DIGITS)

    def at(n: Any, powers: dict[int, Any] | None = None) -> Prediction:
        if powers is None:
            return eigensystem.predict(n, asked.ridge, target="mean")
        return predict(s, powers, n, asked.ridge, sampling="distinct")

    ridged = rational(asked.ridge, "ridge") != 0
    most = (
        eigensystem.size - 1 if ridged else min(eigensystem.size, eigensystem.rank) - 1
    )
    n, p, remarks = _possible(asked.n, most, str(kernel), at)
    if n > eigensystem.size // 8:
        remarks += (
            f"Agreement with regression is claimed up to n = M/8 = {eigensystem.size // 8}.",
        )
    c = _float(p.C)
    positive = eigensystem.eigenvalues[eigensystem.eigenvalues > 0]
    share = max(0.0, n - float(np.sum(positive / (positive + c)))) if ridged else 0.0
    curve = _points(at, _sizes(most, CURVE_POINTS[True]), "held_out_mse")
    question = replace(asked, n=n)
    return _made(question, remarks, kernel, s, p, at, f"{c:.10g}", c, share, curve)


def _made(
    question: ExplorerQuery,
    remarks: tuple[str, ...],
    kernel: Kernel,
    s: Spectrum | FloatSpectrum,
    p: Prediction,
    at: Callable[..., Prediction],
    constant: str,
    c: float,
    share: float,
    curve: ErrorCurve,
) -> Answer:
    every = _positive(s)
    few = len(every) <= SHOWN_LEVELS + 3
    shown = every if few else every[:SHOWN_LEVELS]
    single = at(question.n, {k: 1 for k, *_ in shown}).learnability
    levels = tuple(
        ShownLevel(k, f"{g:g}", text, _float(single[k]), _float(single[k]) * g)
        for k, g, _, text in shown
    )
    statistics = {name: _float(getattr(p, x)) for name, x in STATISTICS.items()}
    if question.on_data:
        statistics = {HELD_OUT: _float(p.held_out_mse)} | statistics
    written = kernel(t)
    chain = isinstance(written, Chain)
    return Answer(
        question=question,
        remarks=remarks,
        C=c,
        constant=constant,
        statistics=statistics,
        levels=levels,
        rest=max(0.0, question.n - share - sum(x.taken for x in levels)),
        ridge_share=share,
        eigenvalues=tuple((k, value) for k, _, value, _ in every),
        curve=curve,
        formula=written.latex() if chain else f"K(t) = {latex(written)}",
    )


def _spectrum(kernel: Kernel | str, domain: Any) -> Spectrum | FloatSpectrum:
    """Enclosed eigenvalues, or those of float64 where the dual is a number."""
    try:
        return spectrum(kernel, domain, digits=DIGITS)
    except (NotEvaluable, Unsupported):
        return spectrum(kernel, domain, digits=None)


def _positive(s: Spectrum | FloatSpectrum) -> list[tuple[int, float, float, str]]:
    """Level, multiplicity, eigenvalue and its decimal, of the first positive ones."""
    if isinstance(s, Spectrum):
        found = [
            (
                x.index,
                float(x.multiplicity),
                float(x.eigenvalue),
                x.eigenvalue.decimal(6)[0],
            )
            for x in s.levels[: 2 * CHART_LEVELS]
            if x.eigenvalue.sign
        ]
    else:
        rows = zip(s.index, s.multiplicity, s.eigenvalue, strict=True)
        found = [(int(k), float(g), float(x), f"{x:.6g}") for k, g, x in rows if x > 0]
    return found[:CHART_LEVELS]


def _possible(
    n: int, most: int | None, kernel: str, at: Callable[..., Prediction]
) -> tuple[int, Prediction, tuple[str, ...]]:
    """The n that is answered: below the number of modes, and where C is a float.

    With the prediction there, and what is to be said of it.

    Raises
    ------
    OutOfDomain
        When a kernel of one mode is asked without a ridge.
    """
    remarks = []
    if most is not None and n > most:
        if most < 1:
            raise OutOfDomain(f"{kernel} has one mode here, so n ≥ 1 needs a ridge")
        remarks.append(
            f"n = {most} is answered, not {n}: at most that many points leave "
            f"something to learn for {kernel}."
        )
        n = most
    try:
        at(n)
    except NoConvergence:
        low, high = 0, n  # C falls with n: below some n it is a float
        while high - low > 1:
            middle = (low + high) // 2
            try:
                at(middle)
                low = middle
            except NoConvergence:
                high = middle
        if low == 0:
            raise
        remarks.append(
            f"n = {low} is answered, not {n}: beyond it float64 has no C for {kernel}; "
            "the command line has it with --digits."
        )
        n = low
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        p = at(n)
    remarks += [f"{warning.message}." for warning in heard]
    return n, p, tuple(remarks)


@lru_cache(maxsize=128)
def _curve(
    kernel: str,
    domain: str,
    powers: tuple[tuple[int, str], ...],
    ridge: str,
    noise: str,
) -> ErrorCurve:
    """The learning curve; it does not depend on n, so it is drawn again at once."""
    s = _spectrum(kernel, inputs.place(domain))
    ridged = rational(ridge, "ridge") != 0
    most = MOST_POINTS if s.modes > MOST_POINTS else int(s.modes) - (not ridged)
    sizes = _sizes(most, CURVE_POINTS[s.modes < np.inf])
    return _points(
        lambda n: predict(s, dict(powers), n, ridge, noise), sizes, "test_mse"
    )


def _sizes(most: int, count: int) -> list[int]:
    """Numbers of training points from 1 to ``most``, with about equal ratios."""
    grid = np.round(np.geomspace(1, max(most, 1), count))
    return sorted({int(x) for x in grid})


def _points(
    at: Callable[[Any], Prediction], sizes: list[int], error: str
) -> ErrorCurve:
    """A curve of those sizes at which there is a prediction; the others are left out."""
    found = []
    while sizes:
        try:
            found = [(sizes, at(np.array(sizes, dtype=object)))]
            break
        except EngineError:  # no C in float64 at the largest n
            sizes = _those_with_a_value(at, sizes[:-1])
    rows = [
        row
        for ns, p in found
        for row in zip(
            ns,
            np.ravel(getattr(p, error)).astype(float),
            np.ravel(p.target_learnability).astype(float),
            strict=True,
        )
        if np.all(np.isfinite(row[1:]))
    ]
    n, errors, learned = zip(*rows, strict=True) if rows else ((), (), ())
    return ErrorCurve(
        tuple(map(float, n)), tuple(map(float, errors)), tuple(map(float, learned))
    )


def _those_with_a_value(at: Callable[[Any], Prediction], sizes: list[int]) -> list[int]:
    """The sizes up to the largest that has a prediction; those above it have none."""
    low, high = 0, len(sizes)
    while low < high:
        middle = (low + high) // 2
        try:
            at(sizes[middle])
            low = middle + 1
        except EngineError:
            high = middle
    return sizes[:low]


def _constant(
    s: Spectrum | FloatSpectrum, p: Prediction, n: int, ridge: str
) -> tuple[float, str]:
    """C, and as many digits of it as are proved at once; six of a float."""
    c = _float(p.C)
    if not isinstance(s, Spectrum):
        return c, f"{c:.6g}"
    for digits in CONSTANT_DIGITS:
        try:
            return c, str(constant(s, n, ridge, digits))
        except NoConvergence:
            continue
    return c, f"{c:.6g}"


def _float(value: Any) -> float:
    return float(np.asarray(value).item())
