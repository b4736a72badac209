"""Activations written so that no arithmetic overflows or cancels.

log(1 + e^w) and 1/(1 + e^w) at large w, e^w − 1 and log(1 + w) at small ones.
"""

from sympy import Add, Expr, Function, Pow, exp, log, sympify


class soft_ramp(Function):
    """log(1 + e^w), which is w for large w."""

    nargs = 1

    @property
    def definition(self) -> Expr:
        """In elementary functions."""
        return log(1 + exp(self.args[0]))

    def fdiff(self, argindex: int = 1) -> Expr:  # noqa: ARG002
        """The logistic function."""
        return logistic(self.args[0])


class logistic(Function):
    """1/(1 + e^−w)."""

    nargs = 1

    @property
    def definition(self) -> Expr:
        """In elementary functions."""
        return 1 / (1 + exp(-self.args[0]))

    def fdiff(self, argindex: int = 1) -> Expr:  # noqa: ARG002
        """Its slope f (1 − f)."""
        w = self.args[0]
        return logistic(w) * logistic(-w)


class exp_less_one(Function):
    """e^w − 1, which is w for small w."""

    nargs = 1

    @property
    def definition(self) -> Expr:
        """In elementary functions."""
        return exp(self.args[0]) - 1


class log_from_one(Function):
    """log(1 + w), which is w for small w."""

    nargs = 1

    @property
    def definition(self) -> Expr:
        """In elementary functions."""
        return log(1 + self.args[0])


def softened(e: Expr) -> Expr:
    """The expression with these written as functions of their own.

    Examples
    --------
    >>> from sympy.abc import x
    >>> softened(log(1 + exp(x))), softened(exp(x) / (1 + exp(x)))
    (soft_ramp(x), logistic(x))
    >>> softened(2 * exp(x) - 2 + x), softened(log(1 + x**2))
    (x + 2*exp_less_one(x), log_from_one(x**2))
    """
    return _near_zero(_far_out(e))


def _near_zero(e: Expr) -> Expr:
    e = e.replace(
        lambda x: isinstance(x, log) and x.args[0].is_Add and 1 in x.args[0].args,
        lambda x: log_from_one(x.args[0] - 1),
    )
    return e.replace(lambda x: x.is_Add, _less_one)


def _less_one(total: Expr) -> Expr:
    """A sum in which a e^w stands beside −a."""
    number = total.as_coeff_Add()[0]
    for term in total.args:
        factor, rest = term.as_coeff_Mul()
        if number and isinstance(rest, exp) and factor == -number:
            others = [x for x in total.args if x not in (term, number)]
            return Add(*others, factor * exp_less_one(rest.args[0]))
    return total


def _far_out(e: Expr) -> Expr:
    e = e.replace(
        lambda x: isinstance(x, log) and _beside_one(x.args[0]) is not None,
        lambda x: soft_ramp(_beside_one(x.args[0])),
    )
    e = e.replace(
        lambda x: (
            isinstance(x, Pow) and x.exp == -1 and _beside_one(x.base) is not None
        ),
        lambda x: logistic(-sympify(_beside_one(x.base))),
    )
    # e^w/(1 + e^w), as derivatives write it
    return e.replace(
        lambda x: x.is_Mul and any(_joins(x, f) for f in x.args),
        _joined,
    )


def _beside_one(e: Expr) -> Expr | None:
    """W where e is 1 + exp(w), or None."""
    rest = e - 1
    return rest.args[0] if e.is_Add and isinstance(rest, exp) else None


def _joins(product: Expr, f: Expr) -> bool:
    return isinstance(f, logistic) and exp(-f.args[0]) in product.args


def _joined(product: Expr) -> Expr:
    f = next(f for f in product.args if _joins(product, f))
    w = f.args[0]
    return product / (f * exp(-w)) * logistic(-w)
