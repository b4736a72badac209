"""A statistic of one's own: from one expression to numbers, mistakes and a simulation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter
from typing import Any

import numpy as np
from sympy import Expr, Idx, Indexed, IndexedBase, Symbol, sympify

from numerics import Ball, spectrum, statistic
from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import build
from numerics.statistics.statistic import float_statistic
from theory import OutOfDomain, formulas, notation
from theory.errors import NotEvaluable, meant
from theory.formula import Formula
from theory.printing import Shown
from theory.source import OURS
from theory.statistics import STATISTICS
from theory.statistics.registry import chain_of
from verify.formulas.mutate import Mutant, mutants
from verify.regression import problem, simulate
from verify.regression.measured import Measured
from verify.verdicts.agreement import agreement
from verify.verdicts.intervals import Interval, student_interval
from verify.verdicts.report import Report
from verify.verdicts.verdict import Verdict

MARGIN = 0.05
TRIALS = 400
MEASURED = {
    notation.test_mse: "test_mse",
    notation.train_mse: "train_mse",
    notation.bias: "bias",
    notation.variance: "variance",
    notation.target_learnability: "learnability",
    notation.C: "constant",
}
"""Letters that regression measures, data set by data set."""
GIVEN = {
    notation.C,
    notation.n,
    notation.ridge,
    notation.noise,
    notation.levels,
    notation.modes,
}
BASES = {notation.lam, notation.g, notation.power}
Measure = Callable[[Measured], Any]
BROKEN = (ArithmeticError, ValueError, TypeError, KeyError, OutOfDomain, NotEvaluable)


@dataclass(frozen=True, repr=False)
class OwnStatistic(Shown):
    """A formula of one's own, evaluated in four arithmetics and checked by simulation.

    Attributes
    ----------
    formula
        Name, sentence, letter and expression; status ``definition``.
    measure
        How it is measured on data sets, where that is given.
    """

    formula: Formula
    measure: Measure | None = None

    @property
    def expression(self) -> Expr:
        """The expression, with which one goes on in SymPy."""
        return self.formula.rhs

    def _sympy_(self) -> Expr:
        return self.expression

    def latex(self) -> str:
        """The formula in LaTeX."""
        return self.formula.latex()

    def text(self) -> str:
        """The formula as one line of Unicode."""
        return self.formula.text()

    def __str__(self) -> str:
        return f"{self.formula.name}: {self.text()}"

    def ball(
        self,
        s: Any,
        target: Mapping[int, Any],
        n: Any,
        ridge: Any = 0,
        noise: Any = 0,
        digits: int = 30,
    ) -> Ball:
        """The statistic of one problem, enclosed; arguments as for ``predict``."""
        return statistic(self.expression, s, n, ridge, noise, target, digits=digits)

    def floats(
        self, s: Any, target: Mapping[int, Any], n: Any, ridge: Any = 0, noise: Any = 0
    ) -> np.ndarray:
        """The statistic in float64 over arrays of n, ridge and noise."""
        return float_statistic(self.expression, s, target, n, ridge, noise)

    def traced(
        self, lam: Any, g: Any, power: Any, n: Any, ridge: Any = 0.0, noise: Any = 0.0
    ) -> Any:
        """The statistic in JAX, for ``jax.grad``, ``jit`` and ``vmap``.

        Parameters
        ----------
        lam, g, power
            Eigenvalues, multiplicities and the target's level powers, shape [level].
        n, ridge, noise
            Scalars, where C is finite and positive.
        """
        from numerics.differentiable.traced import statistic as in_jax

        return in_jax(self.expression, lam, g, power, n, ridge, noise)

    def mutants(self) -> tuple[Mutant, ...]:
        """The formula with one small mistake each, of the kinds that people make."""
        return tuple(mutants(self.formula))

    def check(
        self,
        kernel: Any,
        domain: Any,
        target: Mapping[int, Any],
        n: Any,
        ridge: Any = 0,
        noise: Any = 0,
        *,
        trials: int = TRIALS,
        margin: float = MARGIN,
        seed: int = 0,
    ) -> Report:
        """Compare it with kernel regression on random data sets.

        Where ``measure`` was given it is what is measured; otherwise the letters of the
        expression that regression has (E, E_tr, B, V, L(f), C) are replaced by their
        means, and the error of what results is found by leaving data sets out in turn.
        Every mutant of the formula stands the same test.

        Parameters
        ----------
        kernel, domain, target, n, ridge, noise
            The problem, as objects or text.
        trials
            Data sets, an even number, fixed before anything is looked at.
        margin
            Relative difference that counts as agreement.
        seed
            Of the data sets.

        Returns
        -------
        Report
            Confirmed, refuted or inconclusive, with how many of the mutants the same
            data sets refute.

        Raises
        ------
        OutOfDomain
            When the problem is out of range, or the statistic cannot be measured.
        """
        start = perf_counter()
        asked = problem(kernel, domain, dict(target), n, ridge, noise)
        s = spectrum(asked.kernel, asked.domain)
        said = float(self.floats(s, target, n, ridge, noise))
        found = simulate(asked, trials, seed)
        interval = self._measured(found, s, target, n, ridge, noise)
        judged = agreement(interval, said, margin, relative=said != 0)
        noticed, listed = 0, self.mutants()
        for one in listed:
            try:
                with np.errstate(all="ignore"):
                    e = one.formula.rhs
                    wrong = float(float_statistic(e, s, target, n, ridge, noise))
            except BROKEN:
                noticed += 1
                continue
            noticed += not np.isfinite(wrong) or (
                agreement(interval, wrong, margin, relative=wrong != 0).verdict
                is Verdict.REFUTED
            )
        shown = f"{interval.value:.6g} ± {interval.error:.1g} against {said:.6g}"
        return Report(
            f"{self.formula.says} On {asked}.",
            judged.verdict,
            interval.samples,
            self.formula.name,
            effect=f"measured {shown}: {judged.difference:+.2%} of {margin:.0%} allowed; "
            f"{noticed} of {len(listed)} planted mistakes would be refuted",
            seed=seed,
            seconds=perf_counter() - start,
        )

    def _measured(
        self, found: Measured, s: Any, target: Any, n: Any, ridge: Any, noise: Any
    ) -> Interval:
        if self.measure is not None:
            values = np.asarray(self.measure(found), float)
            if values.ndim != 1 or len(values) < 2:
                raise OutOfDomain(
                    f"measure of {self.formula.name} gave shape {values.shape}; one value "
                    "for each data set, or pair of them, is needed"
                )
            return student_interval(values)
        program = _of_measured(self.expression)
        seen = {x: name for x, name in MEASURED.items() if x in program.inputs}
        if not seen:
            raise OutOfDomain(
                f"{self.formula.name} holds nothing that regression measures "
                f"({', '.join(map(str, MEASURED))}); give measure"
            )
        pairs = len(found.values("bias"))
        columns = {
            x: found.values(name).reshape(pairs, -1).mean(axis=1)
            for x, name in seen.items()
        }
        whole = {x: column.mean(keepdims=True) for x, column in columns.items()}
        others = {
            x: (column.sum() - column) / (pairs - 1) for x, column in columns.items()
        }
        fast = s.floats()
        lam, g = fast.at_scale(0)
        power = np.zeros(len(lam))
        for k, x in target.items():
            power[fast.position(k)] = float(sympify(x))
        fixed = {notation.lam: lam, notation.g: g, notation.power: power}
        for letter, x in ((notation.n, n), (notation.ridge, ridge)):
            fixed[letter] = np.array([float(sympify(x))])
        fixed[notation.noise] = np.array([float(sympify(noise))])
        inputs = set(program.inputs)

        def at(values: dict[Any, Any]) -> Any:
            return program({k: x for k, x in (fixed | values).items() if k in inputs})

        pseudo = pairs * at(whole) - (pairs - 1) * at(others)
        return student_interval(np.broadcast_to(pseudo, pairs))


@lru_cache(maxsize=256)
def _of_measured(e: Expr) -> Any:
    """The expression as a program of what is measured; other letters are written out."""
    rows = tuple(row for row in STATISTICS.rows() if row.symbol not in MEASURED)
    return build(chain_of(e, rows), ARRAYS)


def own_statistic(
    name: str,
    expression: Any,
    *,
    says: str = "",
    letter: Any = None,
    measure: Measure | None = None,
) -> OwnStatistic:
    """A statistic of one's own, from an expression in λ, g, v², C, n, δ, σ².

    Parameters
    ----------
    name
        A new name: a word.
    expression
        In the letters of ``notation``: C, n, ridge, noise, sums over levels of functions
        of ``lam[i]``, ``g[i]``, ``power[i]``, and the letters of statistics, such as
        ``notation.test_mse``.
    says
        What it is, as a sentence.
    letter
        What it is called in formulas; the name as a symbol if not given.
    measure
        What ``check`` measures: a function of ``verify.regression.Measured`` that gives
        one value for each data set, or for each pair of them.

    Returns
    -------
    OwnStatistic
        With ``latex()``, ``text()``, ``ball``, ``floats``, ``traced`` (JAX),
        ``mutants()`` and ``check`` (simulation).

    Raises
    ------
    OutOfDomain
        When the name is taken or no word, or the expression holds another letter.

    Examples
    --------
    >>> from numerics import Spectrum
    >>> from theory.notation import bias, noise, variance
    >>> share = own_statistic("noise_share", variance / (bias + variance))
    >>> print(share)
    noise_share: noise_share = V/(B + V)
    >>> one, target = Spectrum.from_levels([(1, 4)]), {0: 1}
    >>> share.ball(one, target, 2).contains("1/2"), share.floats(one, target, [1, 2])
    (True, array([0.25, 0.5 ]))
    >>> found = share.check("gaussian:width=2", "hypercube:6", {1: 1}, 16, trials=1000)
    >>> print(found.verdict)
    confirmed
    """
    if not str(name).isidentifier():
        raise OutOfDomain(f"name = {name!r} must be a word")
    if name in formulas or name in STATISTICS:
        raise OutOfDomain(f"name = {name!r} is that of a formula of the theory")
    e = sympify(expression)
    if not isinstance(e, Expr):
        raise OutOfDomain(f"expression = {e} is no expression")
    known = GIVEN | {row.symbol for row in STATISTICS.rows()}
    bases = {x.base for x in e.atoms(Indexed)}
    labels = {x.label for x in bases} | {x.label for x in e.atoms(Idx)}
    other = {
        x
        for x in e.free_symbols - known - labels
        if not isinstance(x, IndexedBase | Idx | Indexed)
    } | (bases - BASES)
    loose = {x for x in e.free_symbols if isinstance(x, Idx)}
    if other:
        letters = sorted(map(str, known | BASES))
        wrong = min(map(str, other))
        raise OutOfDomain(
            f"expression holds {wrong} (known letters: {', '.join(letters)})"
            f"{meant(wrong, letters)}"
        )
    if loose:
        raise OutOfDomain(
            f"expression holds the level {min(map(str, loose))}: sum it over all levels"
        )
    left = Symbol(name, real=True) if letter is None else sympify(letter)
    sentence = says or f"A statistic of one's own, {name.replace('_', ' ')}."
    formula = Formula(name, sentence, left, e, "definition", OURS)
    return OwnStatistic(formula, measure)


__all__ = ["OwnStatistic", "own_statistic"]
