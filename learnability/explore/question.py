"""One question to the theory, and everything that the explorer shows of the answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from learnability.cli import inputs, lists
from numerics import Ball, Prediction, Spectrum, constant, predict, spectrum
from numerics.numbers.ball import ball_of
from numerics.numbers.precision import bits_for, working_precision
from theory import Chain, Kernel, formulas
from theory.activations import ACTIVATIONS, activation
from theory.errors import NoConvergence
from theory.notation import t
from theory.numbers import integer, rational
from theory.printing import latex

DIGITS = 12
CONSTANT_DIGITS = (10, 6, 3)
CURVE_POINTS = {True: 40, False: 14}
MOST_POINTS = 1000
SHOWN_LEVELS = 9


@dataclass(frozen=True)
class ExplorerQuery:
    """What the controls say, as the command line would spell it.

    Attributes
    ----------
    domain, kernel, target
        ``hypercube:8``, ``ntk:relu:depth=4``, ``1=1,3=1/2``.
    n
        Training points.
    ridge, noise
        δ and σ², exact numbers as text.

    Examples
    --------
    >>> answer = ExplorerQuery("hypercube:4", "exponential", "1=1", 5).answer()
    >>> round(sum(answer.learned.values()), 9)
    5.0
    """

    domain: str = "hypercube:8"
    kernel: str = "ntk:relu:depth=4,bias_variance=0.01"
    target: str = "1=1"
    n: int = 32
    ridge: str = "0"
    noise: str = "0"

    def answer(self) -> "Answer":
        """Ask the theory.

        Raises
        ------
        EngineError
            In one sentence, when a part of the question is malformed.
        """
        from theory.errors import OutOfDomain

        if self.domain.startswith("levels:"):
            raise OutOfDomain(
                "the explorer needs a domain of points, such as hypercube:8"
            )
        place = inputs.place(self.domain.strip())
        (kernel,) = inputs.kernels([self.kernel.strip()], self.domain)
        goal = lists.target(self.target, place)
        powers = {k: str(v) for k, v in goal.items()}
        n = integer(self.n, "n", least=1)
        ridge = str(rational(self.ridge, "ridge", least=0))
        noise = str(rational(self.noise, "noise", least=0))
        s = spectrum(kernel, place, digits=DIGITS)
        return _answer(s, tuple(powers.items()), n, ridge, noise, self)

    @property
    def python(self) -> str:
        """Code that gives the same numbers."""
        goal = lists.target(self.target)
        if isinstance(goal, str):
            written = repr(goal)
        else:
            written = ", ".join(f"{k}: {str(v)!r}" for k, v in goal.items())
            written = f"{{{written}}}"
        return (
            "from learnability import constant, predict, spectrum\n\n"
            f'kernel = "{self.kernel.strip()}"\n'
            f's = spectrum(kernel, "{self.domain.strip()}")\n'
            f'c = constant(s, {self.n}, ridge="{self.ridge.strip()}")\n'
            f"p = predict(s, {written}, n={self.n}, "
            f'ridge="{self.ridge.strip()}", noise="{self.noise.strip()}")\n'
            "print(c, p.test_mse, p.learnability)\n"
        )

    @property
    def command(self) -> str:
        """The command that prints the same numbers."""
        import shlex

        words = ["learnability", "predict", self.domain.strip(), self.kernel.strip()]
        words += ["--target", self.target.strip(), "-n", str(self.n)]
        words += ["--ridge", self.ridge.strip(), "--noise", self.noise.strip()]
        return shlex.join(words)


@dataclass(frozen=True)
class Answer:
    """What the theory says.

    Attributes
    ----------
    spectrum, prediction
        The kernel's levels, and the statistics at n.
    constant
        C, enclosed.
    learned
        Level → g L, what the level takes of n; ``rest`` is what higher levels take and
        ``ridge_share`` what the ridge does. All together make n.
    curve
        Statistics over n, for the learning curve.
    """

    question: ExplorerQuery
    spectrum: Spectrum
    constant: Ball
    prediction: Prediction
    learnability: dict[int, float]
    learned: dict[int, float]
    rest: float
    ridge_share: float
    curve: Prediction

    @property
    def formula(self) -> str:
        """K(t) in LaTeX; a deep kernel as its chain of layers."""
        kernel: Kernel = self.spectrum.kernel  # type: ignore[assignment]  # it has one
        written = kernel(t)
        if isinstance(written, Chain):
            return written.latex()
        return f"K(t) = {latex(written)}"

    @property
    def tex(self) -> str:
        """The kernel, and the theory's statements with their numbers, for a paper."""
        lines = [
            self.formula,
            formulas["implicit_equation"].latex(),
            rf"C = {_number(self.constant)}",
            formulas["test_mse"].latex()
            + rf" = {float(self.prediction.test_mse.item()):.6g}",
        ]
        body = " \\\\\n".join(lines)
        return f"\\begin{{gather*}}\n{body}\n\\end{{gather*}}\n"


def _answer(
    s: Spectrum,
    powers: tuple[tuple[int, str], ...],
    n: int,
    ridge: str,
    noise: str,
    question: ExplorerQuery,
) -> Answer:
    c = _constant(s, n, ridge)
    shown = shown_levels(s)
    every = predict(s, dict.fromkeys([*shown, *dict(powers)], 1), n, ridge)
    single = {k: float(v.item()) for k, v in every.learnability.items()}
    learned = {k: single[k] * s.level(k).multiplicity for k in shown}
    share = 0.0 if rational(ridge, "ridge") == 0 else float(ridge_of(ridge, c))
    return Answer(
        question=replace(question, n=n),
        spectrum=s,
        constant=c,
        prediction=predict(s, dict(powers), n, ridge, noise),
        learnability=single,
        learned=learned,
        rest=max(0.0, n - share - sum(learned.values())),
        ridge_share=share,
        curve=_curve(str(s.kernel), str(s.domain), powers, ridge, noise),
    )


def ridge_of(ridge: str, c: Ball) -> Ball:
    """The ridge's share δ/C of n."""
    from flint import fmpq

    delta = rational(ridge, "ridge")
    with working_precision(bits_for(DIGITS) + 32):
        return ball_of(fmpq(int(delta.p), int(delta.q)) / c.value, "ridge over C")


def shown_levels(s: Spectrum) -> list[int]:
    """The first levels with a positive eigenvalue; all, where there are few."""
    positive = [x.index for x in s.levels if x.eigenvalue.sign]
    return (
        positive if s.is_complete and len(positive) <= 12 else positive[:SHOWN_LEVELS]
    )


def sizes(s: Spectrum, *, ridged: bool) -> list[int]:
    """The numbers of training points of the curve."""
    most = MOST_POINTS if s.modes > MOST_POINTS else int(s.modes) - (not ridged)
    count = CURVE_POINTS[s.is_complete]
    grid = np.round(np.geomspace(1, max(most, 1), count))
    return sorted({int(x) for x in grid})


@lru_cache(maxsize=128)
def _curve(
    kernel: str,
    domain: str,
    powers: tuple[tuple[int, str], ...],
    ridge: str,
    noise: str,
) -> Prediction:
    """The learning curve; it does not depend on n, so it is drawn again at once."""
    s = spectrum(kernel, domain, digits=DIGITS)
    ridged = rational(ridge, "ridge") != 0
    return predict(s, dict(powers), sizes(s, ridged=ridged), ridge, noise)


def _constant(s: Spectrum, n: int, ridge: str) -> Ball:
    """C with as many digits as are had at once."""
    for digits in CONSTANT_DIGITS[:-1]:
        try:
            return constant(s, n, ridge, digits)
        except NoConvergence:
            continue
    return constant(s, n, ridge, CONSTANT_DIGITS[-1])


def _number(ball: Ball) -> str:
    text = str(ball)
    mantissa, e, exponent = text.partition("e")
    return rf"{mantissa} \times 10^{{{exponent}}}" if e else mantissa


def activation_names() -> list[str]:
    """Named activations whose spectra are proved.

    Examples
    --------
    >>> {"relu", "erf", "tanh"} <= set(activation_names())
    True
    """
    return [name for name in ACTIVATIONS if activation(name).known]


def kernel_text(
    family: str,
    activation: str = "relu",
    depth: Any = 1,
    weight_variance: Any = 2,
    bias_variance: Any = 0,
    other: Sequence[tuple[str, Any]] = (),
) -> str:
    """The kernel that the controls name.

    Examples
    --------
    >>> kernel_text("ntk", "erf", 2, "1.5", "0.1")
    'ntk:erf:depth=2,weight_variance=1.5,bias_variance=0.1'
    >>> kernel_text("gaussian", other=[("width", 2)])
    'gaussian:width=2'
    """
    if family in {"ntk", "nngp"}:
        return (
            f"{family}:{activation}:depth={depth},weight_variance={weight_variance},"
            f"bias_variance={bias_variance}"
        )
    parameters = ",".join(f"{name}={value}" for name, value in other)
    return f"{family}:{parameters}" if parameters else family
