"""Expressions and derivations as JSON; nothing that is read is ever executed."""

import hashlib
import json
from pathlib import Path
from typing import Any

import sympy
from sympy import Idx, IndexedBase, Symbol
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import BooleanAtom
from sympy.matrices import expressions as matrices
from sympy.matrices.expressions.matexpr import MatrixElement

from theory.constant.implicit.moments import Moment
from theory.constant.learnability import learnability, unlearned
from theory.data_set import symbols
from theory.errors import OutOfDomain, Unsupported

FORMAT = 2
HEADS: dict[str, Any] = {
    name: getattr(sympy, name)
    for name in (
        "Add Mul Pow Sum Tuple Equality LessThan GreaterThan StrictLessThan "
        "StrictGreaterThan Limit KroneckerDelta log exp gamma binomial factorial sqrt "
        "sin cos Abs Max Min Indexed"
    ).split()
} | {
    name: getattr(matrices, name)
    for name in (
        "MatAdd MatMul MatPow Inverse Transpose Trace Determinant Identity ZeroMatrix"
    ).split()
}
HEADS |= {
    head.__name__: head
    for head in (
        learnability,
        unlearned,
        Moment,
        symbols.slope,
        symbols.scalar,
        symbols.entry,
        symbols.sign_mean,
        symbols.L_D,
        symbols.C_D,
        MatrixElement,
    )
}
RELATIONS = (
    "Equality",
    "LessThan",
    "GreaterThan",
    "StrictLessThan",
    "StrictGreaterThan",
)
CONSTANTS = {"oo": sympy.oo, "pi": sympy.pi, "e": sympy.E, "-oo": -sympy.oo}


def as_data(e: Any) -> Any:
    """An expression as lists, texts and numbers.

    Raises
    ------
    Unsupported
        When it holds a head that has no name in a file.

    Examples
    --------
    >>> from theory.notation import C, n
    >>> from_data(as_data(C**2 / n)) == C**2 / n
    True
    """
    for name, constant in CONSTANTS.items():
        if e == constant:
            return {"constant": name}
    if isinstance(e, bool | BooleanAtom):
        return {"truth": bool(e)}
    if e.is_Rational if hasattr(e, "is_Rational") else False:
        return {"number": str(e)}
    if isinstance(e, Idx):
        return {"index": e.label.name}
    if isinstance(e, IndexedBase):
        return {"base": e.label.name, "signs": _signs(e.label)}
    if isinstance(e, matrices.MatrixSymbol):
        return {"matrix": e.name, "shape": [as_data(x) for x in e.shape]}
    if isinstance(e, Symbol):
        return {"letter": e.name, "signs": _signs(e)}
    if isinstance(e, AppliedUndef):
        name = e.func.__name__
        return {"function": name, "args": [as_data(a) for a in e.args]}
    name = type(e).__name__
    if HEADS.get(name) is type(e):
        return {"head": name, "args": [as_data(a) for a in _arguments(e)]}
    raise Unsupported(f"{name} in {e} cannot be saved")


def _arguments(e: Any) -> tuple[Any, ...]:
    if isinstance(e, sympy.Limit):
        return e.args[:3]
    if isinstance(e, matrices.Identity):
        return (e.rows,)
    if isinstance(e, matrices.Inverse):
        return (e.arg,)
    return e.args


def _signs(x: Any) -> dict[str, bool]:
    given = x._assumptions_orig
    return {key: bool(given[key]) for key in sorted(given) if key != "commutative"}


def from_data(data: Any) -> Any:
    """The expression that ``as_data`` wrote.

    Raises
    ------
    OutOfDomain
        When the data are no expression.
    """
    match data:
        case {"constant": name} if name in CONSTANTS:
            return CONSTANTS[name]
        case {"truth": bool(value)}:
            return sympy.true if value else sympy.false
        case {"number": str(text)}:
            above, _, below = text.partition("/")
            return sympy.Rational(int(above), int(below or 1))
        case {"index": str(name)}:
            return Idx(name)
        case {"base": str(name), "signs": dict(signs)}:
            return IndexedBase(Symbol(name, **_known(signs)))
        case {"matrix": str(name), "shape": [rows, columns]}:
            return matrices.MatrixSymbol(name, from_data(rows), from_data(columns))
        case {"letter": str(name), "signs": dict(signs)}:
            return Symbol(name, **_known(signs))
        case {"function": str(name), "args": list(args)}:
            return sympy.Function(name)(*map(from_data, args))
        case {"head": str(name), "args": list(args)} if name in HEADS:
            parts = [from_data(a) for a in args]
            if name in RELATIONS:
                return HEADS[name](*parts, evaluate=False)
            return HEADS[name](*parts)
    raise OutOfDomain(f"{str(data)[:80]} is no expression of a derivation")


def _known(signs: dict[str, Any]) -> Any:
    return {
        str(key): bool(value) for key, value in signs.items() if str(key).isidentifier()
    }


def save_steps(derivation: Any, path: Path) -> Path:
    """Write a derivation with its verdicts."""
    rows = []
    for step, known in zip(derivation.entered, derivation.found, strict=True):
        if not hasattr(step.check_by, "judge"):
            raise Unsupported(
                f"step {len(rows) + 1} has a way of checking of its own: it is not saved"
            )
        rows.append(
            {
                "statement": as_data(step.statement),
                "says": step.says,
                "why": step.because,
                "from": list(step.after),
                "status": step.status,
                "verdict": str(known.verdict),
            }
        )
    made = {
        "format": FORMAT,
        "name": derivation.name,
        "title": derivation.title,
        "setting": derivation.setting,
        "assumptions": [
            {"statement": as_data(a), "why": derivation.reasons.get(key, "")}
            for key, a in derivation.assumptions.items()
        ],
        "steps": rows,
    }
    made = {"sha256": content_hash(made), **made}
    path.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def content_hash(made: dict[str, Any]) -> str:
    """The hash of what is saved, without the hash."""
    content = {key: value for key, value in made.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def load_steps(path: Path) -> dict[str, Any]:
    """What was saved, with relations as SymPy relations.

    Raises
    ------
    OutOfDomain
        When the file holds no derivation.
    """
    try:
        made = json.loads(path.read_text("utf-8"))
        if made["format"] != FORMAT:
            raise OutOfDomain(f"{path}: format {made['format']}, and {FORMAT} is read")
        if made["sha256"] != content_hash(made):
            raise OutOfDomain(f"{path}: its content is not the one that was saved")
        return {
            "name": str(made["name"]),
            "title": str(made["title"]),
            "setting": str(made["setting"]),
            "assumptions": [
                (from_data(a["statement"]), str(a["why"])) for a in made["assumptions"]
            ],
            "steps": [
                {**row, "statement": from_data(row["statement"])}
                for row in made["steps"]
            ],
        }
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, OutOfDomain):
            raise
        raise OutOfDomain(f"{path} holds no derivation: {error}") from None
