"""What every domain answers, and what it says to a level that it does not have.

A domain is a finite or infinite set of inputs with a uniform probability measure, and
levels of eigenfunctions that all its kernels share. Rules for closed forms, enclosures
of spectra, draws and modes are registered by its kind; what a layer has nothing
registered for follows from the domain's own definition of λ_k, or is refused by name.
"""

from abc import ABC, abstractmethod
from dataclasses import fields, is_dataclass, replace
from functools import cached_property
from typing import Any, Self

from sympy import Expr, Symbol, sympify

from theory.chain import Chain
from theory.errors import OutOfDomain, Unsupported
from theory.notation import d as symbol_d
from theory.numbers import integer, shortened, text_of


class Domain(ABC):
    """What every domain answers, with integers or with symbols.

    A frozen dataclass that derives from this class and is registered
    (``theory.domains.register``) is a domain everywhere. What it must have are a kind,
    ``last_level``, ``size``, ``multiplicity`` and ``definition``; all else has a default
    that claims nothing.

    Attributes
    ----------
    kind
        The name under which rules, enclosures, draws and modes are registered; by
        default the class's name in small letters.
    spellings
        How its text is written, such as ``hypercube:D``, for messages.
    invariant
        What kernels see of a pair of points: their ``cosine``, the coordinatewise
        ``product`` x ⊙ x′, or the ``pair`` itself, as on a data set.
    addition_theorem
        Whether Σ φ(x) φ(x′) over a level depends on the invariant alone, so that
        ``zonal`` exists.
    group
        The group whose action makes it so, in words; empty where there is none.
    antipode
        Whether x ↦ −x maps the domain onto itself.
    graded
        Whether level k is orthogonal to all polynomials in the cosine of degree below
        k, so that a polynomial of degree p has no level above p.
    is_sphere
        Whether it is the whole sphere of R^ambient, as the circle is of R^2.
    is_cube
        Whether it is all corners {±1}^ambient.
    by_angle
        Whether a point is written as its angle, not as a vector.
    sizes
        Small numbers that closed forms are checked with, where it has a symbol.
    """

    # a class says these once, or computes them as properties
    kind: Any
    spellings: tuple[str, ...] = ()
    invariant: Any = "cosine"
    addition_theorem: Any = True
    group: Any = ""
    antipode: Any = False
    graded: Any = False
    is_sphere: Any = False
    is_cube: Any = False
    by_angle: Any = False
    sizes: tuple[int, ...] = (2, 3, 5, 8)

    def __init_subclass__(cls, **options: Any) -> None:
        """A class with a definition of its own inherits no claims of another domain."""
        super().__init_subclass__(**options)
        own = vars(cls)
        if "definition" in own:
            if "kind" not in own:
                cls.kind = cls.__name__.lower()
            for claim in ("antipode", "graded", "is_sphere", "is_cube", "by_angle"):
                if claim not in own:
                    setattr(cls, claim, getattr(Domain, claim))

    @property
    @abstractmethod
    def last_level(self) -> Any:
        """The highest level, or ∞."""

    @property
    @abstractmethod
    def size(self) -> Any:
        """The number of points, or ∞."""

    @abstractmethod
    def multiplicity(self, k: Any) -> Expr:
        """How many orthonormal eigenfunctions share level k."""

    @abstractmethod
    def definition(self, kernel: Any, k: Any) -> Expr:
        """λ_k as the sum or integral that defines it; ``kernel`` is a function."""

    @property
    def ambient(self) -> Any:
        """The dimension that the symbol d of a kernel takes; None leaves d as it is."""
        return None

    def multiplicity_above_zero(self, k: Any) -> Expr:
        """The multiplicity of level k ≥ 1 as one expression, k a symbol."""
        return self.multiplicity(k)

    def label(self, k: Any) -> str:
        """What level k is called in tables."""
        return str(k)

    def zonal(self, k: Any, t: Any) -> Expr:
        """The level's zonal function of the cosine, equal to 1 at t = 1.

        Raises
        ------
        Unsupported
            Where the domain has none.
        """
        del k, t
        raise Unsupported(f"{self}: no zonal function of a cosine is defined")

    def vectors(self) -> tuple[tuple[Expr, ...], ...]:
        """All points of a finite domain, as vectors of one norm.

        Raises
        ------
        Unsupported
            Where the domain does not list them.
        """
        raise Unsupported(f"{self}: its points are not listed (`vectors` of its class)")

    def eigenvalue(self, kernel: Any, k: Any) -> Any:
        """λ_k of a kernel, in closed form where one is known."""
        from theory.eigenvalues import eigenvalue

        return eigenvalue(self, kernel, level_of(self, k))

    @classmethod
    def read(cls, number: str | None) -> Self | None:
        """The domain from what follows the colon of its text; None: not spelled so.

        Several fields are separated by commas.
        """
        if number is None:
            return None
        count = len(fields(cls)) if is_dataclass(cls) else 1
        given = number.split(",") if count > 1 else [number]
        if len(given) != count:
            raise OutOfDomain(f"{len(given)} numbers, where {count} are needed")
        return cls(*given)

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """Its numbers by name, those that are None left out."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}  # type: ignore[arg-type]
        return {name: x for name, x in values.items() if x is not None}

    @cached_property
    def free_symbols(self) -> set[Symbol]:
        """Symbols that stand in place of its numbers."""
        written = (
            x.free_symbols for x in self.parameters.values() if isinstance(x, Expr)
        )
        return set().union(*written)

    def subs(self, values: Any) -> Self:
        """The domain with numbers for symbols."""
        changed = {
            name: x.subs(values)
            for name, x in self.parameters.items()
            if isinstance(x, Expr) and x.free_symbols
        }
        return replace(self, **changed) if changed else self  # type: ignore[type-var]

    def instances(self) -> list[Self]:
        """Itself, or small domains of its kind where it has one symbol."""
        if not self.free_symbols:
            return [self]
        (symbol,) = self.free_symbols
        return [self.subs({symbol: n}) for n in self.sizes]

    def __repr__(self) -> str:
        numbers = (f"{name}={shortened(x)}" for name, x in self.parameters.items())
        return f"{type(self).__name__}({', '.join(numbers)})"

    def __str__(self) -> str:
        numbers = ",".join(map(text_of, self.parameters.values()))
        return f"{self.kind}:{numbers}" if numbers else str(self.kind)


def level_of(domain: Domain, k: Any) -> Expr:
    """A level as SymPy has it, where the domain has one.

    Raises
    ------
    OutOfDomain
        When it is no whole number, negative, or above the last level.
    """
    k = sympify(k)
    top = sympify(domain.last_level)
    if k.is_number and not k.is_Integer:
        raise OutOfDomain(f"level = {k} must be a whole number")
    if k.is_negative or (k.is_Integer and top.is_number and k > top):
        raise OutOfDomain(f"level = {k} is outside 0..{top} of {domain}")
    return k


def dimension(value: Any, least: int) -> Expr:
    """A symbol, or a whole number of at least ``least``.

    Raises
    ------
    OutOfDomain
        When it is neither.
    """
    if isinstance(value, Symbol):
        return value
    return sympify(integer(value, "d", least=least))


def written(kernel: Any, at: Expr, dimension: Expr | None) -> Expr:
    """K at a cosine as one expression, with the symbol d bound by the domain."""
    e = kernel(at)
    e = e.expand() if isinstance(e, Chain) else e
    return e if dimension is None else e.subs(symbol_d, dimension)
