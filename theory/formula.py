"""A formula exists once, as data: two sides, where it holds, its status, its source."""

import html
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Any, Literal

from sympy import Basic, Eq, Expr, Ge, Le, true

from theory.errors import OutOfDomain
from theory.methods import FromAbove
from theory.printing import RELATIONS as SIGNS
from theory.printing import Shown, latex, text
from theory.source import Source

Status = Literal["definition", "exact", "approximation", "conjecture"]
RELATIONS = {"=": Eq, "<=": Le, ">=": Ge}
RELATION_LATEX = {"=": "=", "<=": r"\le", ">=": r"\ge"}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Formula(Shown):
    """One statement: ``lhs relation rhs``, under the condition ``holds``.

    Attributes
    ----------
    name
        Permanent name, the key in ``formulas``.
    says
        The statement as a sentence.
    lhs, rhs
        The two sides, as SymPy expressions.
    status
        ``definition``, ``exact``, ``approximation`` or ``conjecture``.
    source
        A paper or DLMF chapter; an equation number only where it was confirmed.
    holds
        A SymPy condition; further conditions that it cannot express go into ``given``.
    rewrites
        Name of the formula of which this is a numerically stable second form.
    """

    name: str
    says: str
    lhs: Expr
    rhs: Expr
    status: Status
    source: Source
    holds: Basic = true
    given: str = ""
    relation: Literal["=", "<=", ">="] = "="
    rewrites: str | None = None

    whereabouts = FromAbove("verify.whereabouts")
    check = FromAbove("learnability")

    def __reduce__(self) -> tuple[Any, ...]:
        """A declared formula is one object: a copy or a pickle of it is itself."""
        if formulas.get(self.name) is self:
            return formulas.__getitem__, (self.name,)
        return object.__reduce_ex__(self, 2)  # type: ignore[return-value]

    @property
    def equation(self) -> Basic:
        """Both sides as one SymPy relation."""
        return RELATIONS[self.relation](self.lhs, self.rhs, evaluate=False)

    def latex(self) -> str:
        """The statement in LaTeX, in the order in which papers write it."""
        return f"{latex(self.lhs)} {RELATION_LATEX[self.relation]} {latex(self.rhs)}"

    def cite(self) -> str:
        """BibTeX of the source, under a line with the formula's permanent name."""
        return f"% learnability formula {self.name}\n{self.source.bibtex()}"

    def text(self) -> str:
        """The statement as one line of Unicode."""
        sign = SIGNS.get(self.relation, self.relation)
        return f"{text(self.lhs)} {sign} {text(self.rhs)}"

    def __str__(self) -> str:
        return f"{self.name}: {self.text()}  [{self.status}]"


class Registry(Mapping[str, Formula]):
    """All formulas by name, in the order of the rooms that declare them.

    Examples
    --------
    >>> from theory import formulas
    >>> formulas["implicit_equation"].status
    'approximation'
    >>> [formula.name for formula in formulas.search("not learned sums")]
    ['implicit_complement']
    """

    def __init__(self, rooms: tuple[str, ...] = ()) -> None:
        self._formulas: dict[str, Formula] = {}
        self._rooms = rooms
        self._declared: dict[str, tuple[str, int]] = {}

    def _complete(self) -> dict[str, Formula]:
        """All formulas; modules that nobody has needed so far are imported first."""
        if self._rooms:
            rooms, self._rooms = self._rooms, ()
            for room in rooms:
                import_module(room)
            # whoever was imported first: the order is that of the rooms
            rank = {room: place for place, room in enumerate(rooms)}
            order = lambda name: rank.get(self._declared[name][0], len(rank))
            names = sorted(self._formulas, key=order)
            self._formulas = {name: self._formulas[name] for name in names}
        return self._formulas

    def declare(self, **fields) -> Formula:
        """Make a formula and enter it; its name must be new.

        Raises
        ------
        OutOfDomain
            When the name is taken, or when ``rewrites`` names no formula.
        """
        formula = Formula(**fields)
        if formula.name in self._formulas:
            raise OutOfDomain(f"formula name {formula.name!r} is taken")
        if formula.rewrites is not None and formula.rewrites not in self._formulas:
            raise OutOfDomain(
                f"formula {formula.name!r} rewrites {formula.rewrites!r}, unknown"
            )
        self._formulas[formula.name] = formula
        caller = sys._getframe(1)
        place = str(caller.f_globals.get("__name__", "")), caller.f_lineno
        self._declared[formula.name] = place
        return formula

    def declared(self, name: str) -> tuple[str, int]:
        """The module and the line where a formula is declared.

        Examples
        --------
        >>> from theory import formulas
        >>> formulas.declared("test_mse")[0]
        'theory.statistics.predictions'
        """
        return self._declared[self[name].name]

    def __getattr__(self, name: str) -> Formula:
        """A formula as an attribute: ``formulas.test_mse``."""
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except OutOfDomain as error:
            raise AttributeError(str(error)) from None

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self})

    def __getitem__(self, name: str) -> Formula:
        known = self._formulas if name in self._formulas else self._complete()
        if name in known:
            return known[name]
        near = get_close_matches(str(name), known, n=3) or list(known)
        raise OutOfDomain(
            f"formula {name!r} is unknown; did you mean {', '.join(near)}?"
        )

    def get(self, name: str, default: Any = None) -> Any:
        """The formula of that name, or ``default`` where there is none.

        Examples
        --------
        >>> from theory import formulas
        >>> formulas.get("test_mse").status, formulas.get("no such formula")
        ('approximation', None)
        """
        return self[name] if name in self else default

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (
            name in self._formulas or name in self._complete()
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._complete())

    def __len__(self) -> int:
        return len(self._complete())

    def __reduce__(self) -> str | tuple[Any, ...]:
        """The one registry is pickled by its name."""
        return "formulas" if self is formulas else super().__reduce__()

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)

    def __repr__(self) -> str:
        return f"<{len(self)} formulas; formulas['test_mse'], formulas.search('mse')>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td><code>{one.name}</code></td><td>{one.status}</td>"
            f"<td>{html.escape(one.says)}</td><td>$\\displaystyle {one.latex()}$</td></tr>"
            for one in self._complete().values()
        )
        head = "<th>name</th><th>status</th><th>says</th><th>formula</th>"
        return f"<table><tr>{head}</tr>{rows}</table>"

    def search(self, words: str) -> list[Formula]:
        """Formulas whose name, sentence, status or source hold every word."""
        wanted = _plain(words).split()
        return [
            formula
            for formula in self._complete().values()
            if all(
                word
                in _plain(
                    f"{formula.name} {formula.says} {formula.status} {formula.source}"
                )
                for word in wanted
            )
        ]


def _plain(text: str) -> str:
    return text.lower().replace("_", " ")


formulas = Registry(
    (
        "theory.activations.arc_cosine",
        "theory.activations.series_duals.tanh_dual",
        "theory.activations.series_duals.softplus_dual",
        "theory.activations.series_duals.swish_dual",
        "theory.activations.numeric_duals",
        "theory.activations.named",
        "theory.constant.definition",
        "theory.data_set.conservation",
        "theory.kernels.layers",
        "theory.statistics.predictions",
        "theory.data_set.predictor",
        "theory.data_set.theorems",
        "theory.constant.bounds",
        "theory.statistics.learned_coefficients",
        "theory.statistics.finite_population",
        "theory.statistics.classes",
        "theory.statistics.small_and_large_n",
        "theory.statistics.risk_estimates",
        "theory.statistics.multiplicity",
        "theory.statistics.gradient",
        "theory.statistics.volume_sampling",
        "theory.training.two_ridges",
        "theory.training.filtered_regression",
        "theory.training.online",
        "theory.choice.best_kernel",
        "theory.choice.best_ridge",
        "theory.choice.floor",
        "theory.random_features.equations",
        "theory.random_features.errors",
        "theory.random_features.width_law",
        "theory.random_features.training",
        "theory.choice.parities",
    )
)
