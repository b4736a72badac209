"""Levels of a kernel on the sphere or the whole circle, and what lies above them.

The program chooses: quadrature over the angle for kernels that are analytic there
(``numerics.spectra.quadrature.angle_quadrature``), the positive Taylor series in high
dimension or where nothing is analytic (``numerics.spectra.domains.taylor_series``), and
for levels above 1000 the expansion of the kernel at t = ±1
(``numerics.spectra.high_levels.expansion``). Polynomial kernels are exact in ℚ. Kernels
that none of these holds for, such as (1 − t)^(1/3), have theory's closed forms
(``numerics.spectra.domains.closed_forms``).

The levels above the last one are never dropped. Their sums Σ g λ and Σ g λ² are what the
listed levels leave of K(1) and of E[K²], and no eigenvalue among them exceeds the larger
of the last two listed, because λ_{k+2} ≤ λ_k wherever all Taylor coefficients are
non-negative; docs/proofs.md has the proof.
"""

from math import isqrt, log

from flint import arb, fmpq

from numerics.interpreters.balls import as_ball
from numerics.interpreters.series.ball_series import SERIES, series_with_orders
from numerics.interpreters.series.tanh_series import MAX_MOMENT
from numerics.numbers.ball import Ball
from numerics.numbers.magnitudes import log2_above
from numerics.numbers.memory_limit import require_memory
from numerics.numbers.precision import bits_for, working_precision
from numerics.numbers.precision_search import raise_bits
from numerics.spectra.domains import closed_forms, harmonics
from numerics.spectra.domains import taylor_series as taylor
from numerics.spectra.domains.hypercube import exponent
from numerics.spectra.domains.polynomial_kernels import METHOD as POLYNOMIAL
from numerics.spectra.domains.polynomial_kernels import (
    sphere_eigenvalues,
    taylor_coefficients,
)
from numerics.spectra.high_levels.selected_levels import EXPANDED_FROM, enclose_high
from numerics.spectra.kernel_evaluation import bound_chain, evaluator
from numerics.spectra.positivity import why_positive
from numerics.spectra.quadrature.angle_quadrature import moments
from numerics.spectra.quadrature.panels import panels
from numerics.spectra.tails import Tail
from theory.activations.series_duals import softplus_dual, swish_dual, tanh_dual
from theory.domains import Domain
from theory.errors import NoConvergence, NotEvaluable, NotPositiveDefinite, Unsupported
from theory.kernels import Kernel
from theory.kernels.vanishing_levels import vanishing_levels

QUADRATURE = "Gauss–Legendre quadrature in the angle"
TAYLOR = "positive Taylor series"
TAYLOR_FROM = 48
CHEAP_TERMS = 5000
CHEAP_LAYERED_TERMS = 600
"""Series pass through every layer of a chain as a whole, quadrature point by point."""
FIRST_TERMS = 200
HOPELESS = 100_000
"""Bits by which 200 coefficients fall short of the whole, so that 10 000 do as well."""
CLOSED_TO = 10_000
GUARD_BITS = 64
DECIDING = 6000
"""Bits that are spent on a level whose sign is open."""


MOST_DIMENSION = 10**300


def enclose(
    kernel: Kernel, domain: Domain, top: int, digits: int
) -> tuple[list[Ball], Tail]:
    """λ_0, …, λ_top and the tail above them.

    Raises
    ------
    NoConvergence
        When neither method proves the digits; the message says what was reached.
    NotPositiveDefinite
        When a polynomial kernel has a negative eigenvalue above the listed levels.
    Unsupported
        When so many digits would not fit into memory.
    """
    if top > EXPANDED_FROM and taylor_coefficients(kernel, domain) is None:
        try:
            high, tail = enclose_high(
                kernel, domain, range(EXPANDED_FROM + 1, top + 1), digits
            )
        except (NoConvergence, NotEvaluable):
            high, tail = [], Tail.empty()
        if high:
            return enclose(kernel, domain, EXPANDED_FROM, digits)[0] + high, tail
    d = int(domain.ambient)
    coefficients = taylor_coefficients(kernel, domain)
    if coefficients is not None:
        values = sphere_eigenvalues(coefficients, d)
        for k in range(top + 1, len(values)):
            if values[k] < 0:
                raise NotPositiveDefinite(
                    f"kernel {kernel} on {domain} is not positive semi-definite: "
                    f"level {k} has eigenvalue {values[k]} < 0 (proved)"
                )
        return _polynomial(values, d, top)
    if d > MOST_DIMENSION:
        raise Unsupported(
            f"d = 10^{len(str(d // MOST_DIMENSION)) + 299} of {kernel} on a sphere: "
            "quadrature takes d up to 10^300; only polynomial kernels take more"
        )
    _check_memory(domain, top, bits_for(digits))
    run = _Run(kernel, domain, d, top, digits)
    zeros = vanishing_levels(kernel, domain)
    at_one = as_ball(evaluator(kernel, domain)(fmpq(0)))
    empty = {z.parity for z in zeros if z.degree <= top} == {0, 1}
    need = harmonics.multiplicities(d, top)[-1].bit_length()
    start = bits_for(digits) + need + 2 * top.bit_length() + 24 - exponent(at_one)
    most = max(start, 0) + 16 * top + 1000

    def compute(bits: int) -> list[Ball]:
        balls = run(max(bits, 32))
        return [
            Ball.exact(0, "zero by parity") if any(z.covers(k) for z in zeros) else x
            for k, x in enumerate(balls)
        ]

    try:
        balls = raise_bits(compute, start, most, digits)
        if any(x.sign is None for x in balls) and DECIDING > most:
            balls = raise_bits(compute, start, DECIDING, digits, DECIDING)
    except NoConvergence as error:
        raise NoConvergence(f"{kernel} on {domain}: {error}") from None
    return balls, Tail.empty() if empty else run.tail(balls)


def _check_memory(domain: Domain, top: int, bits: int) -> None:
    """Quadrature holds about bits/2 + top nodes, and 2√top sines of each."""
    nodes = bits // 2 + top
    needed = nodes * (bits // 8) * (2 * isqrt(top + 1) + 4)
    require_memory(needed, f"{domain}: levels 0 to {top} at {bits} bits")


class _Run:
    """One kernel on one sphere, evaluated at whatever precision is asked for."""

    def __init__(self, kernel, domain, d: int, top: int, digits: int) -> None:
        self.kernel, self.domain = kernel, domain
        self.d, self.top, self.digits = d, top, digits
        self.evaluator = evaluator(kernel, domain)
        self.terms = taylor.terms_needed(d, range(top + 1), digits)
        # coefficients of tanh's duals fall fast, and their remainders are shared out
        chain = bound_chain(kernel, domain)
        self.steep = chain.has(
            *tanh_dual.HEADS, *swish_dual.HEADS, *softplus_dual.HEADS
        )
        layered = chain.bindings and not self.steep
        most = CHEAP_LAYERED_TERMS if layered else CHEAP_TERMS
        cheap = d >= TAYLOR_FROM and self.terms <= most
        self.orders = 0
        if self.steep and cheap:
            self.orders = 4 * FIRST_TERMS
        elif self.steep:
            self.terms = min(self.terms, FIRST_TERMS)
        self.positive = why_positive(kernel, d)
        self.methods = [self._quadrature, self._closed]
        if self.positive:
            self.methods.insert(0 if cheap else 2, self._taylor)
        self.square: arb | None = None
        self.bits = 0

    def __call__(self, bits: int) -> list[Ball]:
        self.bits = bits
        refusals = []
        while self.methods:
            try:
                return self.methods[0](bits)
            except (NoConvergence, NotEvaluable) as refusal:
                refusals.append(str(refusal))
                self.methods = self.methods[1:]
        raise NoConvergence("; ".join(refusals))

    def _quadrature(self, bits: int) -> list[Ball]:
        found = moments(panels(self.kernel, self.domain), self.d, self.top, bits)
        self.square = found.square
        with working_precision(bits + GUARD_BITS):
            values = harmonics.eigenvalues(found.cosine, self.d, range(self.top + 1))
        return [Ball(x, None, QUADRATURE) for x in values]

    def _taylor(self, bits: int) -> list[Ball]:
        relative = bits_for(self.digits) + GUARD_BITS
        precision = max(relative, bits - self._share()) + 32
        self._require_reachable(precision)
        while True:
            with working_precision(precision):
                series = taylor.expansion(
                    self.kernel,
                    self.domain,
                    self.evaluator,
                    min(self.terms, taylor.MAX_TERMS),
                    precision,
                    series_with_orders(self.orders) if self.orders else SERIES,
                )
                at_one = as_ball(self.evaluator(fmpq(0)))
                values = taylor.eigenvalues(
                    series, self.d, range(self.top + 1), relative
                )
                self.square = taylor.mean_square(series, self.d, at_one)
            balls = [Ball(x, None, TAYLOR) for x in values]
            # with no sign known, the mass left out hides all of them
            proved = min((x.digits for x in balls if x.sign), default=0.0)
            known = self.steep or series.mass.rel_accuracy_bits() > 9
            if proved >= self.digits or not known:
                return balls
            self._lengthen(proved, series.mass)

    def _require_reachable(self, precision: int) -> None:
        """Refuse at once where the first coefficients say that no number of them will do."""
        if self.steep or self.terms <= FIRST_TERMS:
            return
        with working_precision(precision):
            first = taylor.expansion(
                self.kernel, self.domain, self.evaluator, FIRST_TERMS, precision
            )
            share = sum(first.coefficients, arb(0)) / as_ball(self.evaluator(fmpq(0)))
        rest = taylor.log_weight(self.d, 0, taylor.MAX_TERMS) / log(2)
        if log2_above(share.upper()) < rest - HOPELESS:
            raise NoConvergence(
                f"the first {FIRST_TERMS} Taylor coefficients hold less than "
                f"2^-{HOPELESS} of K(1), so {taylor.MAX_TERMS} of them say nothing"
            )

    def _lengthen(self, proved: float, mass: arb) -> None:
        """Take twice as many coefficients, of the kernel or of its activations."""
        if self.orders and self.orders < MAX_MOMENT:
            self.orders *= 2
            return
        if self.terms >= taylor.MAX_TERMS or self.orders:
            raise NoConvergence(
                f"{self.orders or taylor.MAX_TERMS} coefficients prove {proved:.1f} of "
                f"{self.digits} digits of every level to {self.top}; the rest of "
                f"the series weighs {mass.str(3, radius=False)}"
            )
        self.terms *= 2

    def _closed(self, bits: int) -> list[Ball]:
        if self.d > CLOSED_TO:  # SymPy would write out Γ(d/2)
            raise NotEvaluable(f"closed forms are used up to d = {CLOSED_TO}")
        precision = bits + GUARD_BITS
        balls = closed_forms.levels(
            self.kernel, self.domain, range(self.top + 1), precision
        )
        with working_precision(precision):
            self.square = closed_forms.mean_square(self.kernel, self.domain)
        if self.square is None and not self.positive:
            raise NotEvaluable(f"no closed rule gives E[K²] of kernel {self.kernel}")
        return balls

    def _share(self) -> int:
        """Bits that quadrature spends on small eigenvalues, and a positive series not."""
        return harmonics.multiplicities(self.d, self.top)[-1].bit_length()

    def tail(self, balls: list[Ball]) -> Tail:
        """What the listed levels leave of K(1) and E[K²]."""
        bits = self.bits + GUARD_BITS
        counts = harmonics.multiplicities(self.d, self.top + 1)
        with working_precision(bits):
            pairs = list(zip(counts, [x.at(bits) for x in balls], strict=False))
            mass = as_ball(self.evaluator(fmpq(0)))
            mass -= sum((g * x for g, x in pairs), arb(0))
            square, candidates = self.square, []
            if square is not None:
                square -= sum((g * x * x for g, x in pairs), arb(0))
                square = square.nonnegative_part()
                most = (square.upper() / counts[-1]).upper().sqrt().upper()
                candidates.append(most)
            if self.positive:
                mass = mass.nonnegative_part()
                candidates.append((mass / counts[-1]).upper())
                if len(balls) > 1:
                    candidates.append(max(x.at(bits).upper() for x in balls[-2:]))
            bound = min(candidates)
            if square is None:  # Σ g λ² is at most the largest λ times Σ g λ
                square = arb(0).union((bound * mass).upper())
            name = "what the listed levels leave"
            return Tail(
                Ball(mass, None, f"{name} of K(1)"),
                Ball(square, None, f"{name} of E[K²]"),
                Ball(bound, None, "no eigenvalue of the tail is larger"),
                self.positive,
            )


def _polynomial(values: list[fmpq], d: int, top: int) -> tuple[list[Ball], Tail]:
    counts = harmonics.multiplicities(d, max(top, len(values)))
    listed = (values + [fmpq(0)] * (top + 1))[: top + 1]
    rest = values[top + 1 :]
    mass, square = fmpq(0), fmpq(0)
    for g, x in zip(counts[top + 1 :], rest, strict=False):
        mass += g * x
        square += g * x * x
    tail = Tail(
        Ball.exact(mass, POLYNOMIAL),
        Ball.exact(square, POLYNOMIAL),
        Ball.exact(max(rest, default=fmpq(0)), POLYNOMIAL),
        "all of them are known, and none is negative",
    )
    return [Ball.exact(x, POLYNOMIAL) for x in listed], tail
