"""Laurent series of rational functions of one small letter, by truncated arithmetic.

Coefficients are elements of a field of fractions over all other letters, so they are in
lowest terms at every step, and a coefficient that vanishes is seen to.
"""

from dataclasses import dataclass
from typing import Any

from sympy import Dummy, Integer, Rational, field, oo
from sympy.polys.domains import QQ

from theory.errors import Unsupported

Terms = dict[int, Any]


@dataclass(frozen=True, slots=True)
class LaurentSeries:
    """Coefficients by power; those from ``precision`` on are not known.

    Attributes
    ----------
    terms
        Power → coefficient, none of them 0.
    precision
        The first power that is not known; ∞ where the series ends.
    """

    terms: Terms
    precision: Any

    @property
    def low(self) -> Any:
        """The lowest power that may be there."""
        return min(self.terms, default=self.precision)


def laurent(e: Any, small: Any, kept: int) -> dict[int, Any]:
    """The first ``kept`` + 1 coefficients of a rational function, from its lowest power.

    Raises
    ------
    Unsupported
        When it is not rational in the small letter.

    Examples
    --------
    >>> from sympy.abc import a, y
    >>> laurent((1 + a * y) / (y * (1 - y)), y, 2)
    {-1: 1, 0: a + 1, 1: a + 1}
    """
    leaves: dict[Any, Any] = {}
    _collect(e, small, leaves)
    names = list(leaves.values()) or [Dummy("one")]
    numbers, *letters = field(names, QQ)
    known = dict(zip(leaves, letters, strict=False))
    found = _Arithmetic(numbers, known, small, kept).series(e)
    low = found.low
    end = min(found.precision, low + kept + 1)
    back = {letter: leaf for leaf, letter in leaves.items()}
    return {
        p: found.terms[p].as_expr().xreplace(back)
        for p in sorted(found.terms)
        if p < end
    }


def _collect(e: Any, small: Any, leaves: dict[Any, Any]) -> None:
    """What is neither a number nor a sum, product or power of a whole number."""
    if isinstance(e, Rational) or e == small:
        return
    if e.is_Add or e.is_Mul:
        for part in e.args:
            _collect(part, small, leaves)
    elif e.is_Pow and e.exp.is_Integer:
        _collect(e.base, small, leaves)
    elif e.has(small):
        raise Unsupported("not rational")
    else:
        leaves.setdefault(e, Dummy(str(len(leaves)), positive=True))


@dataclass(frozen=True, slots=True)
class _Arithmetic:
    numbers: Any
    known: dict[Any, Any]
    small: Any
    kept: int

    def series(self, e: Any) -> LaurentSeries:
        if e == self.small:
            return LaurentSeries({1: self.numbers.one}, oo)
        if isinstance(e, Rational):
            return self._constant(self.numbers(QQ(e.p, e.q)))
        if e in self.known:
            return self._constant(self.known[e])
        if e.is_Add:
            found = self._constant(self.numbers.zero)
            for part in e.args:
                found = self._added(found, self.series(part))
            return found
        if e.is_Mul:
            found = self._constant(self.numbers.one)
            for part in e.args:
                found = self._times(found, self.series(part))
            return found
        base, times = self.series(e.base), int(e.exp)
        if times < 0:
            base, times = self._inverse(base), -times
        found = self._constant(self.numbers.one)
        for _ in range(times):
            found = self._times(found, base)
        return found

    def _constant(self, x: Any) -> LaurentSeries:
        return LaurentSeries({0: x} if x else {}, oo)

    def _cut(self, terms: Terms, precision: Any) -> LaurentSeries:
        """Without zeros, and no longer than what is kept."""
        terms = {p: c for p, c in terms.items() if c and p < precision}
        if not terms:
            return LaurentSeries({}, precision)
        end = min(terms) + self.kept + 1
        if max(terms) >= end:
            precision = min(precision, end)
            terms = {p: c for p, c in terms.items() if p < precision}
        return LaurentSeries(terms, precision)

    def _added(self, a: LaurentSeries, b: LaurentSeries) -> LaurentSeries:
        terms = dict(a.terms)
        for p, c in b.terms.items():
            terms[p] = terms[p] + c if p in terms else c
        return self._cut(terms, min(a.precision, b.precision))

    def _times(self, a: LaurentSeries, b: LaurentSeries) -> LaurentSeries:
        if (not a.terms and a.precision == oo) or (not b.terms and b.precision == oo):
            return LaurentSeries({}, oo)
        precision = min(a.low + b.precision, b.low + a.precision)
        precision = min(precision, a.low + b.low + self.kept + 1) if (
            len(a.terms) > 1 and len(b.terms) > 1
        ) else precision  # fmt: skip
        terms: Terms = {}
        for p, x in a.terms.items():
            for q, z in b.terms.items():
                if p + q < precision:
                    terms[p + q] = terms[p + q] + x * z if p + q in terms else x * z
        return self._cut(terms, precision)

    def _inverse(self, a: LaurentSeries) -> LaurentSeries:
        if not a.terms:
            raise Unsupported("not rational")
        low, head = a.low, a.terms[a.low]
        if len(a.terms) == 1 and a.precision == oo:
            return LaurentSeries({-low: 1 / head}, oo)
        count = min(self.kept + 1, a.precision - low)
        found: list[Any] = []
        for k in range(count):
            value = self.numbers.one if k == 0 else self.numbers.zero
            for m in range(k):
                if low + k - m in a.terms:
                    value -= found[m] * a.terms[low + k - m]
            found.append(value / head)
        terms = {k - low: c for k, c in enumerate(found) if c}
        return LaurentSeries(terms, Integer(count) - low)
