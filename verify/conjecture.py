"""A conjecture in ten lines becomes a test: verdict, smallest counterexample, seed.

    from verify.conjecture import conjecture
    from verify import strategies

    @conjecture(strategies.problems())
    def learnability_is_at_most_one(problem):
        return problem.learnability() <= 1

    print(learnability_is_at_most_one.report())

The function says whether the conjecture holds: by a truth value, or by assertions. A
comparison of balls that overlap is undecided, and undecided is never a pass. Calling
the conjecture runs it as a test, so pytest collects it when its name starts with
``test``.
"""

import ast
import inspect
import linecache
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Protocol

from verify.extras import require

require("hypothesis", "verify", "conjectures")

import hypothesis  # noqa: E402
import hypothesis.strategies as st  # noqa: E402
from hypothesis import HealthCheck, Phase, Verbosity, settings  # noqa: E402
from hypothesis.errors import Unsatisfiable, UnsatisfiedAssumption  # noqa: E402
from hypothesis.strategies import SearchStrategy  # noqa: E402

from numerics import Spectrum  # noqa: E402
from theory.errors import (  # noqa: E402
    Disagreement,
    EngineError,
    LearnabilityError,
    OutOfDomain,
)
from theory.kernels import Kernel  # noqa: E402
from verify import strategies  # noqa: E402
from verify.exact.testing.choices import shrink  # noqa: E402
from verify.verdicts.report import Report  # noqa: E402
from verify.verdicts.verdict import Verdict  # noqa: E402

IMPORTS = {
    "Fraction": "from fractions import Fraction",
    "kernels": "from learnability import kernels",
    "Hypercube": "from learnability import Hypercube",
    "Spectrum": "from learnability import Spectrum",
    "Hypersphere": "from learnability import Hypersphere",
    "UnitCircle": "from learnability import UnitCircle",
    "Balance": "from verify.exact.problems.balance import Balance",
    "Problem": "from verify.exact import *",
}
PHASES = (Phase.generate, Phase.target, Phase.shrink)
EVERY_CHECK: Any = list(HealthCheck)
DEFAULT_EXAMPLES = 200


class Refuted(LearnabilityError, AssertionError):
    """A conjecture failed as a test; the message is its report."""


class UndecidedConjecture(LearnabilityError, AssertionError):
    """A conjecture could not be decided; the message is its report."""


class Conjecture(Protocol):
    """What the decorator returns: a function without arguments, with a report."""

    holds: Callable[..., Any]
    report: Callable[..., Report]

    def __call__(self) -> None:
        """Run as a test."""
        ...


@dataclass(slots=True)
class _Tally:
    """What the cases said."""

    holds: Callable[..., Any]
    shrinks: bool
    asserts: bool = False
    effective: int = 0
    undecided: list[str] = field(default_factory=list)
    failing: tuple[Any, ...] | None = None
    why: str = ""

    def probe(self, case: tuple[Any, ...]) -> None:
        """One case: it holds, it is undecided, or it fails; then it is shrunk.

        Raises
        ------
        Refuted
            When the conjecture fails.
        """
        try:
            why = self.failure(case)
        except Disagreement as error:
            self.undecided.append(str(error))
            return
        if why is None:
            self.effective += 1
            return
        if self.failing is None or not self.shrinks:
            self.failing = self.smaller(case) if self.shrinks else case
            self.why = self.failure(self.failing) or ""
        raise Refuted

    def failure(self, case: tuple[Any, ...]) -> str | None:
        """Why a case refutes the conjecture, or None.

        Raises
        ------
        Disagreement
            When the case is undecided.
        """
        try:
            answer = self.holds(*case)
        except AssertionError as error:
            return str(error).partition("\n")[0]
        except (Disagreement, UnsatisfiedAssumption):
            raise
        except EngineError as error:
            # a refusal of the library decides nothing about the claim
            raise Disagreement(
                f"{type(error).__name__} at {code(case)}: {error}"
            ) from error
        except Exception as error:
            # an error in the function is no verdict; what was drawn goes with it
            where = f"raised at line {_line_of(error, self.holds)}"
            error.add_note(f"{where}\n{counterexample(self.holds.__name__, case)}")
            raise
        if answer is None and not self.asserts:
            raise Disagreement(
                "the function returned None and has no assertion: return a truth value, "
                "or assert what should hold"
            )
        if answer is Verdict.INCONCLUSIVE:
            raise Disagreement("the function itself says inconclusive")
        if isinstance(answer, Verdict):
            answer = answer is Verdict.CONFIRMED
        return "" if answer is not None and not bool(answer) else None

    def smaller(self, case: tuple[Any, ...]) -> tuple[Any, ...]:
        """Each object of a case shrunk in turn, by its own generator."""
        found = list(case)
        for place, value in enumerate(case):
            origin = strategies.origin_of(value)

            def fails(other: Any, place: int = place) -> bool:
                try:
                    tried = [*found[:place], other, *found[place + 1 :]]
                    return self.failure(tuple(tried)) is not None
                except (Disagreement, UnsatisfiedAssumption):
                    return False

            if origin is not None:
                found[place] = shrink(origin.build, fails, origin.made)
        return tuple(found)


def _has_assertion(function: Callable[..., Any]) -> bool:
    """Whether a function's own text asserts, or calls something that may."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        # without its text, an assertion cannot be ruled out
        return True
    return any(
        isinstance(node, (ast.Assert, ast.Raise))
        or (isinstance(node, ast.Call) and "assert" in ast.unparse(node.func).lower())
        or (isinstance(node, ast.Attribute) and node.attr in {"fail", "raises"})
        for node in ast.walk(tree)
    )


def _line_of(error: BaseException, function: Callable[..., Any]) -> str:
    """The last line of the function that the error went through, with its text."""
    name = getattr(function, "__code__", None)
    found = "?"
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code is name:
            number = trace.tb_lineno
            file = trace.tb_frame.f_code.co_filename
            text = linecache.getline(file, number).strip()
            found = f"{number}: {text}" if text else str(number)
        trace = trace.tb_next
    return found


def code(value: Any) -> str:
    """Python code of a generated object.

    Examples
    --------
    >>> from theory import kernels
    >>> code((kernels.polynomial(2), 3))
    "kernels.parse('polynomial:degree=2'), 3"
    """
    if isinstance(value, tuple):
        return ", ".join(map(code, value))
    if isinstance(value, Kernel):
        return f"kernels.parse({str(value)!r})"
    if isinstance(value, Spectrum) and value.kernel is None:
        levels = [
            (str(x.eigenvalue.rational or x.eigenvalue), x.multiplicity)
            for x in value.levels
        ]
        return f"Spectrum.from_levels({levels!r})"
    return repr(value)


def counterexample(name: str, case: tuple[Any, ...]) -> str:
    """A call of the conjecture's function that can be pasted back, with its imports."""
    call = code(case)
    lines = [line for word, line in IMPORTS.items() if word in call]
    return "\n".join([*dict.fromkeys(lines), f"{name}.holds({call})"])


def conjecture(
    *cases: SearchStrategy[Any],
) -> Callable[[Callable[..., Any]], Conjecture]:
    """Make a function of generated objects a conjecture.

    Parameters
    ----------
    cases
        One strategy for each argument of the function.

    Raises
    ------
    OutOfDomain
        When no strategy, or something that is none, is given.

    Examples
    --------
    >>> from verify import strategies
    >>> @conjecture(strategies.problems(ridged=False))
    ... def everything_is_learned(problem):
    ...     return problem.learnability(0) == 1
    >>> print(everything_is_learned.report(seed=1).verdict)
    refuted
    """
    if not cases or not all(isinstance(case, SearchStrategy) for case in cases):
        raise OutOfDomain(
            f"conjecture{cases}: give a strategy for each argument of the function"
        )

    def decorate(function: Callable[..., Any]) -> Conjecture:
        def report(examples: int = DEFAULT_EXAMPLES, seed: int = 0) -> Report:
            return _run(function, cases, examples, seed)

        def check() -> None:
            found = report()
            if found.verdict is Verdict.REFUTED:
                raise Refuted(str(found))
            if found.verdict is Verdict.INCONCLUSIVE:
                raise UndecidedConjecture(str(found))

        check.__name__ = function.__name__
        check.__doc__ = function.__doc__
        check.__module__ = function.__module__
        check.report = report  # type: ignore[attr-defined]
        check.holds = function  # type: ignore[attr-defined]
        return check  # type: ignore[return-value]

    return decorate


def _run(
    function: Callable[..., Any], cases: tuple, examples: int, seed: int
) -> Report:
    if examples < 1:
        raise OutOfDomain(f"examples = {examples} must be at least 1")
    shrinks = all(getattr(case, "has_origin", False) for case in cases)
    tally = _Tally(function, shrinks, _has_assertion(function))
    start = perf_counter()
    quiet = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=PHASES[:1] if shrinks else PHASES,
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
        suppress_health_check=EVERY_CHECK,
    )
    strategy = st.tuples(*cases)
    run = hypothesis.seed(seed)(quiet(hypothesis.given(strategy)(tally.probe)))
    try:
        run()
    except Unsatisfiable:
        pass
    except AssertionError:
        if tally.failing is None:
            raise
    says = " ".join((function.__doc__ or function.__name__.replace("_", " ")).split())
    refuted = tally.failing is not None
    verdict = Verdict.INCONCLUSIVE if tally.undecided else Verdict.CONFIRMED
    return Report(
        says,
        Verdict.REFUTED if refuted else verdict,
        tally.effective + refuted,
        function.__name__,
        effect=""
        if refuted
        else f"held in {tally.effective} of at most {examples} cases",
        seed=seed,
        seconds=perf_counter() - start,
        counterexample=counterexample(function.__name__, tally.failing or ())
        if refuted
        else "",
        reason=tally.why if refuted else (tally.undecided or [""])[0],
    )
