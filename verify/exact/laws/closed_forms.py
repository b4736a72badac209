"""Closed forms of eigenvalues against enclosures, and what all levels must add up to.

The closed form comes from a rule of ``theory.eigenvalues`` and is evaluated in balls;
the enclosure comes from quadrature, Taylor series or transforms in ``numerics``, which
know no rule. Both are balls for one number, and must meet.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import arb, fmpq
from sympy import Dummy, hyper

from numerics import constant, spectrum
from numerics.interpreters.balls import BALLS, as_ball
from numerics.interpreters.program import build as program
from numerics.numbers.precision import working_precision
from theory import domains, kernels
from theory.domains import Hypercube
from theory.eigenvalues.checks.trace_and_parseval import parseval, trace
from theory.kernels import Kernel
from verify.exact.laws.engine import BITS, meets
from verify.exact.problems.rational_matrices import fraction
from verify.exact.testing.choices import Choose
from verify.exact.testing.law import Law, Outcome, equal, together

FIRST, TOP, DIGITS = 6, 20, 25
Form = Callable[[Any, Kernel, int], Any]


@dataclass(frozen=True, slots=True)
class OnDomain:
    """A kernel on a domain, by their names.

    Examples
    --------
    >>> case = OnDomain("exponential:beta=2", "sphere:3")
    >>> case.last, case.enclosed(0).contains(1.8)
    (20, False)
    """

    kernel: str
    domain: str

    @property
    def K(self) -> Kernel:
        """The kernel."""
        return kernels.parse(self.kernel)

    @property
    def where(self) -> Any:
        """The domain."""
        return domains.parse(self.domain)

    @property
    def is_finite(self) -> bool:
        """Whether all levels are listed."""
        return bool(self.where.last_level.is_finite)

    @property
    def last(self) -> int:
        """The last level that is looked at."""
        return int(self.where.last_level) if self.is_finite else TOP

    def enclosed(self, level: int) -> arb:
        """λ of a level, by the engine."""
        s = spectrum(self.K, self.where, levels=range(self.last + 1), digits=DIGITS)
        return s.level(level).eigenvalue.at(BITS)

    def left(self, whole: arb, power: int) -> arb:
        """What the levels listed leave of a whole: whole − Σ g λ^power."""
        g = self.where.multiplicity
        for k in range(self.last + 1):
            whole = whole - int(g(k)) * self.enclosed(k) ** power
        return whole


def valued(e: Any) -> arb:
    """A number's ball; generalized hypergeometric functions are FLINT's.

    Examples
    --------
    >>> from sympy import Integer
    >>> valued(1 + hyper([1], [2], Integer(0)))
    2.00000000000000
    """
    at, names = {}, {}
    for f in getattr(e, "atoms", lambda _: ())(hyper):
        above: list[Any] = [valued(x) for x in f.args[0]]
        below: list[Any] = [valued(x) for x in f.args[1]]
        names[f] = Dummy()
        at[names[f]] = valued(f.args[2]).hypgeom(above, below)
    return as_ball(program(e.xreplace(names) if names else e, BALLS)(at))


def closed_form(domain: Any, kernel: Kernel, level: int) -> Any:
    """The expression of a rule, or None where theory has no closed form."""
    found = domain.eigenvalue(kernel, level)
    return found.expression if found.rule is not None else None


def closed_forms(case: OnDomain, form: Form = closed_form) -> Outcome:
    """λ_k by a rule of theory meets the enclosure of the engine, level by level."""
    findings = [Outcome(checks=0)]
    with working_precision(BITS):
        for level in range(min(case.last, FIRST) + 1):
            said = form(case.where, case.K, level)
            if said is not None:
                gap = valued(said) - case.enclosed(level)
                findings.append(meets(gap, f"λ_{level} of {case}"))
    return together(findings)


def trace_identity(case: OnDomain) -> Outcome:
    """Σ g λ is K(1); levels up to k leave no more of it than Taylor's powers up to k do."""
    with working_precision(BITS):
        whole = valued(trace(case.where, case.K).rhs)
        left = case.left(whole, 1)
        if case.is_finite:
            return meets(left, f"trace of {case}")
        return between(left, _rest(case), f"trace of {case}")


def _rest(case: OnDomain) -> arb:
    """A bound of the trace that the levels listed leave.

    Of e^{βt} = Σ a_p t^p it is Σ a_p over p > TOP, because t^p has no level above p;
    of other kernels, what the levels leave of K(1).
    """
    whole = valued(trace(case.where, case.K).rhs)
    if case.K.family != "exponential":
        return case.left(whole, 1)
    beta = valued(case.K["beta"])
    term = total = arb(1)
    for p in range(1, case.last + 1):
        term = term * beta / p
        total = total + term
    return whole - total


def parseval_identity(case: OnDomain) -> Outcome:
    """Σ g λ² is the mean of K²; what is left is at most the square of the trace's rest.

    On infinite domains the mean is λ_0 of the kernel K².
    """
    what = f"Parseval's sum of {case}"
    with working_precision(BITS):
        if case.is_finite:
            mean = valued(parseval(case.where, case.K).rhs.doit())
            return meets(case.left(mean, 2), what)
        squared = spectrum(case.K * case.K, case.where, levels=[0], digits=DIGITS)
        mean = squared.level(0).eigenvalue.at(BITS)
        return between(case.left(mean, 2), _rest(case) ** 2, what)


def constant_with_a_tail(case: OnDomain, n: int = 3) -> Outcome:
    """C of an infinite spectrum: Σ g L misses n by no more than (K(1) − Σ g λ)/C.

    Both sums go over many levels; the engine lists few, and its tail stands for the rest.
    """
    s = spectrum(case.K, case.where, levels=range(3), digits=DIGITS)
    with working_precision(BITS):
        C = constant(s, n, digits=DIGITS // 2).value
        missed = arb(n)
        for k in range(case.last + 1):
            lam = case.enclosed(k)
            missed -= int(case.where.multiplicity(k)) * lam / (lam + C)
        return between(missed, _rest(case) / C, f"C at n = {n} of {case}")


def between(left: arb, most: arb, what: str) -> Outcome:
    """0 ≤ left ≤ most, refuted only where balls prove the opposite."""
    if left < 0 or left > most:
        return Outcome(failure=f"{what}: {left.str(5)} is left, of 0 to {most.str(5)}")
    if not left.rad() < arb(2) ** -40:
        return Outcome(checks=0, undecided=f"{what}: {left.str(5)}")
    return equal(0, 0, what)


def _exponential(choose: Choose) -> Kernel:
    return kernels.exponential(fraction(fmpq(choose(1, 6), choose(1, 3))))


def _kernel(choose: Choose) -> Kernel:
    """Kernels that have a closed form somewhere, with small rational parameters."""
    size = fraction(fmpq(choose(2, 6), choose(1, 2)))
    families = (
        lambda: kernels.polynomial(choose(0, 5)),
        lambda: _exponential(choose),
        lambda: kernels.gaussian(size),
        lambda: kernels.laplace(size),
        lambda: kernels.arc_cosine(choose(0, 2)),
        lambda: kernels.ntk("relu"),
        lambda: kernels.nngp("erf", weight_variance=size),
    )
    return families[choose(0, len(families) - 1)]()


def _infinite(choose: Choose) -> str:
    return ("circle", "sphere:2", "sphere:3", "sphere:7", "sphere:60")[choose(0, 4)]


def _domain(choose: Choose) -> str:
    kind = choose(0, 3)
    if kind == 0:
        return str(Hypercube(choose(1, 5)))
    return f"circle:{(4, 6, 8, 12)[choose(0, 3)]}" if kind == 1 else _infinite(choose)


def anywhere(choose: Choose) -> OnDomain:
    """Any kernel on any domain."""
    return OnDomain(str(_kernel(choose)), _domain(choose))


def summed(choose: Choose) -> OnDomain:
    """Any kernel on a finite domain, an exponential one on an infinite one."""
    domain = _domain(choose)
    finite = domains.parse(domain).last_level.is_finite
    return OnDomain(str(_kernel(choose) if finite else _exponential(choose)), domain)


def endless(choose: Choose) -> OnDomain:
    """An exponential kernel on an infinite domain."""
    return OnDomain(str(_exponential(choose)), _infinite(choose))


TESTS: tuple[tuple[str, Callable, Callable], ...] = (
    ("eigenvalues", anywhere, closed_forms),
    ("trace", summed, trace_identity),
    ("parseval", anywhere, parseval_identity),
    ("constant", endless, constant_with_a_tail),
)


def laws() -> list[Law]:
    """Closed forms and identities of spectra, with their generators.

    Examples
    --------
    >>> laws()[0].says
    'λ_k by a rule of theory meets the enclosure of the engine, level by level.'
    """
    return [
        Law(f"closed_forms/{name}", _first(test), build, test)
        for name, build, test in TESTS
    ]


def _first(test: Callable) -> str:
    return (test.__doc__ or "").split("\n\n")[0].strip()
