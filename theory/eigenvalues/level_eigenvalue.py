"""An eigenvalue λ_k as an object: its closed form, or its definition and why.

This is the face of the folder: it reaches for checks, expansions and source code when
they are asked for, and nothing in the folder imports it.
"""

from dataclasses import dataclass
from shlex import quote
from typing import Any

from sympy import Expr, Symbol, srepr, sympify

from theory.eigenvalues.lookup import KnownEigenvalue, find
from theory.notation import d as symbol_d
from theory.notation import t
from theory.printing import Shown, latex, lowered, text


@dataclass(frozen=True, slots=True, repr=False)
class Eigenvalue(Shown, KnownEigenvalue):
    """λ_k of a kernel on a domain; usable wherever SymPy takes an expression.

    Attributes
    ----------
    domain, kernel, level
        Whose eigenvalue it is.
    expression
        The closed form where a rule applies, else the sum or integral that defines it,
        with K(t) unevaluated where the kernel is a chain of layers.
    rule
        The rule that gave the closed form, with its source, conditions and proof; None
        where there is none.
    tried
        Pairs of a rule's name and the reason for which it refused.
    chain
        The kernel as a chain, where ``expression`` holds an unevaluated K.
    """

    def latex(self, *, convention: str = "ours") -> str:
        r"""The equation λ_k = … in LaTeX, followed by the chain where there is one.

        ``convention`` chooses letters, dimension and normalization; see ``stated``.

        Raises
        ------
        OutOfDomain
            When the convention is unknown.
        Unsupported
            When the convention has no such domain, or the kernel is a chain.
        """
        if convention != "ours":
            return self.stated(convention).latex()
        text = rf"\lambda_{{{latex(self.level)}}} = {latex(self.expression)}"
        return text if self.chain is None else f"{text}, \\quad {self.chain.latex()}"

    def stated(self, convention: str):
        """λ_k in the convention ``eigenlearning``, ``canatar`` or ``bach``.

        Raises
        ------
        OutOfDomain
            When the convention is unknown.
        Unsupported
            When the convention has no such domain, or the kernel is a chain.
        """
        from theory.eigenvalues.export.conventions import restated

        return restated(self, convention)

    def code(self, language: str = "mpmath") -> str:
        """Source of a function that computes λ_k; see ``theory.eigenvalues.export.source_code``.

        Raises
        ------
        OutOfDomain
            When the language is unknown.
        Unsupported
            When there is no closed form to write.
        """
        from theory.eigenvalues.export.source_code import source_of

        return source_of(self, language)

    def cite(self) -> str:
        """BibTeX of the sources, the rule's name, the version, and what regenerates it."""
        from importlib.metadata import version

        lines = [f"% learnability {version('learnability')}: {self._regenerated()}"]
        lines.append(
            "% no closed form: the defining sum or integral"
            if self.rule is None
            else self.rule.cite()
        )
        return "\n".join(lines)

    def _regenerated(self) -> str:
        """A command where domain and level are numbers, else lines of Python."""
        numbers = self.level.is_Integer and not self.domain.free_symbols
        named = not self.kernel_symbols()
        if numbers and named:
            text = quote(str(self.kernel))
            return (
                f"learnability eigenvalues {self.domain} {text} --levels {self.level}"
            )
        kernel = (
            f'kernels.parse("{self.kernel}")'
            if named
            else f"kernels.from_expression({srepr(self.kernel(t))})"
        )
        numbers_given = ", ".join(map(srepr, self.domain.parameters.values()))
        made = f"{type(self.domain).__name__}({numbers_given})"
        return (
            f"from sympy import *; from learnability import *; "
            f"{made}.eigenvalue({kernel}, {srepr(self.level)})"
        )

    def kernel_symbols(self) -> set[Symbol]:
        """Symbols that the kernel's own parameters hold."""
        written = self.kernel(t)
        return written.free_symbols - {t, symbol_d}

    def check(self, **options: Any):
        """Compare the closed form with the definition, at small levels and dimensions.

        Exact sums on the hypercube and on points of the circle, 30 digits of quadrature
        in the angle elsewhere.
        """
        from theory.eigenvalues.checks.definition import check_eigenvalue

        return check_eigenvalue(self, **options)

    def large_k(self, **options: Any):
        """The decay in k, from the singularities of K, with its measured error."""
        from theory.eigenvalues.asymptotics.large_k import large_k

        return large_k(self, **options)

    def large_d(self, **options: Any):
        """The limit of large d with its next order, with its measured error."""
        from theory.eigenvalues.asymptotics.large_d import large_d

        return large_d(self, **options)

    def subs(self, *arguments: Any) -> Expr:
        """The expression with symbols replaced."""
        return self.expression.subs(*arguments)

    @property
    def free_symbols(self) -> set[Symbol]:
        """Symbols of the expression."""
        return self.expression.free_symbols

    def _sympy_(self) -> Expr:
        return self.expression

    def __add__(self, other: Any) -> Expr:
        return self.expression + sympify(other)

    def __sub__(self, other: Any) -> Expr:
        return self.expression - sympify(other)

    def __mul__(self, other: Any) -> Expr:
        return self.expression * sympify(other)

    def __truediv__(self, other: Any) -> Expr:
        return self.expression / sympify(other)

    def __pow__(self, other: Any) -> Expr:
        return self.expression ** sympify(other)

    def __neg__(self) -> Expr:
        return -self.expression

    def __radd__(self, other: Any) -> Expr:
        return sympify(other) + self.expression

    def __rsub__(self, other: Any) -> Expr:
        return sympify(other) - self.expression

    def __rmul__(self, other: Any) -> Expr:
        return sympify(other) * self.expression

    def __rtruediv__(self, other: Any) -> Expr:
        return sympify(other) / self.expression

    def _line(self) -> str:
        how = "no closed form" if self.rule is None else self.rule.name
        return f"λ_{self.level} of {self.kernel} on {self.domain}, {how}"

    def __str__(self) -> str:
        line = f"λ{lowered(text(self.level))} = {text(self.expression)}"
        return line if self.chain is None else f"{line}, where\n{self.chain}"

    def _latex(self, printer: Any) -> str:  # noqa: ARG002
        """What ``sympy.latex`` prints."""
        return self.latex()


def eigenvalue(domain: Any, kernel: Any, k: Any) -> Eigenvalue:
    """λ_k of a kernel: its closed form where a rule applies, else its definition.

    Parameters
    ----------
    domain
        A hypercube, sphere or circle, or its text; its dimension may be a symbol.
    kernel
        A dot-product kernel, an expression in t, or a kernel's text; either order.
    k
        The level, a whole number or a symbol such as ``notation.k``.

    Returns
    -------
    Eigenvalue
        With ``rule`` None, and the reasons in ``tried``, where no rule applies.

    Raises
    ------
    OutOfDomain
        When the domain has no level k, or what is given is no domain or no kernel.

    Examples
    --------
    >>> from theory import Hypercube, Hypersphere, kernels
    >>> from theory.notation import d, k
    >>> eigenvalue(Hypersphere(d), kernels.ntk("relu"), 1).expression
    1/d
    >>> eigenvalue(Hypercube(d), kernels.exponential(1), k).expression
    sinh(1/d)**k*cosh(1/d)**(d - k)
    >>> eigenvalue(Hypersphere(8), kernels.ntk("relu", bias_variance="0.1"), 3).rule
    """
    found = find(domain, kernel, k)
    return Eigenvalue(
        found.domain,
        found.kernel,
        found.level,
        found.expression,
        found.rule,
        found.tried,
        found.chain,
    )
