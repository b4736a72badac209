"""Balls, spectra and predictions in files: plain JSON with a hash, never executed.

A number is written as it is, bit by bit: floats and the two ends of a ball in hexadecimal,
rational numbers as a quotient. What comes back equals what was saved.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from flint import arb, fmpq, fmpz
from sympy import Rational

from numerics import Level, Prediction, Spectrum, spectrum
from numerics.numbers.ball import Ball
from numerics.numbers.flint_pickling import arb_of, dyadic
from numerics.spectra.tails import Tail
from theory import domains, kernels
from theory.derivations import Derivation
from theory.errors import OutOfDomain, Unsupported
from verify.storage.files import write_atomically

FORMAT = "learnability result 1"
MAX_BYTES = 1 << 30
KINDS = (Ball, Spectrum, Prediction)


def save(result: Ball | Spectrum | Prediction | Derivation, path: str | Path) -> Path:
    """Write a ball, spectrum, prediction or derivation to a file, with a hash of it.

    Raises
    ------
    OutOfDomain
        When it is something else.
    Unsupported
        When it holds what has no name in a file, such as a kernel that is a function.
    OSError
        When the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from learnability import Hypercube, kernels, spectrum
    >>> s = spectrum(kernels.gaussian(2), Hypercube(4))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     print(load(save(s, f"{folder}/s.json")) == s)
    True
    """
    if isinstance(result, Derivation):
        return result.save(path)
    if not isinstance(result, KINDS):
        raise OutOfDomain(
            f"result = {result!r:.80}: a Ball, a Spectrum, a Prediction or a Derivation "
            "is needed"
        )
    content = _text(_written(result, type(result).__name__))
    head = {"format": FORMAT, "sha256": _hash(content)}
    text = f'{json.dumps(head)[:-1]}, "content": {content}}}\n'
    write_atomically(Path(path), text.encode())
    return Path(path)


def load(path: str | Path) -> Any:
    """Read what ``save`` wrote; a derivation is replayed, step by step.

    Raises
    ------
    OutOfDomain
        When the file is no such file, or not as it was written.
    OSError
        When there is none, or it cannot be read.
    """
    with Path(path).open("rb") as stream:
        raw = stream.read(MAX_BYTES + 1)
    try:
        if len(raw) > MAX_BYTES:
            raise ValueError("too large")
        found = json.loads(raw)
        known = isinstance(found, dict) and found.get("format") == FORMAT
        derived = isinstance(found, dict) and {"steps", "assumptions"} <= set(found)
    except (ValueError, RecursionError):
        known, derived, found = False, False, {}
    if derived:
        return Derivation.replay(path)
    if not known:
        raise OutOfDomain(f"{path}: no file that save(result, path) wrote")
    if found.get("sha256") != _hash(_text(found.get("content"))):
        raise OutOfDomain(f"{path}: its content is not the one that was saved")
    return _read(found["content"])


def _text(content: Any) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def _hash(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def _named(one: Any, parse: Callable[[str], Any], where: str) -> str | None:
    """The name of a kernel or a domain, which must bring it back."""
    if one is None:
        return None
    try:
        same = parse(str(one)) == one
    except Exception:  # a class of one's own may refuse in any way
        same = False
    if not same:
        raise Unsupported(
            f"{where} = {one}: has no name that brings it back; pickle it"
        )
    return str(one)


def _written(x: Any, where: str) -> Any:
    """A value as JSON: what JSON lacks is a list that starts with its kind."""
    for kinds, write in WRITE:
        if isinstance(x, kinds):
            return write(x, where)
    raise Unsupported(
        f"{where} = {x!r:.60}: a {type(x).__name__} has no form in a file"
    )


def _entries(x: Mapping[Any, Any], where: str) -> list[Any]:
    return [
        "dict",
        *([_written(k, where), _written(v, f"{where}[{k}]")] for k, v in x.items()),
    ]


def _array(x: np.ndarray, where: str) -> list[Any]:
    entries = [_written(e, where) for e in x.ravel().tolist()]
    return ["array", x.dtype.str, list(x.shape), entries]


def _fields(x: Any, where: str, names: Any) -> list[Any]:
    return [_written(getattr(x, name), f"{where}.{name}") for name in names]


def _of_tail(x: Tail, where: str) -> list[Any]:
    if x.sums is not None:
        raise Unsupported(f"{where}: sums over high levels have no form in a file")
    return ["tail", *_fields(x, where, ("mass", "square", "bound", "positive"))]


def _of_spectrum(x: Spectrum, where: str) -> list[Any]:
    names = (
        _named(x.kernel, kernels.parse, f"{where}.kernel"),
        _named(x.domain, domains.parse, f"{where}.domain"),
    )
    return ["spectrum", *names, *_fields(x, where, ("levels", "tail", "asked"))]


PREDICTED = tuple(x.name for x in fields(Prediction) if x.name != "context")
WRITE: tuple[tuple[Any, Callable[[Any, str], Any]], ...] = (
    ((bool, type(None), str), lambda x, _: x),
    (np.bool_, lambda x, _: bool(x)),
    ((int, np.integer), lambda x, _: ["int", f"{int(x):x}"]),
    ((float, np.floating), lambda x, _: ["float", float(x).hex()]),
    (fmpz, lambda x, _: ["fmpz", f"{int(x):x}"]),
    (fmpq, lambda x, _: ["fmpq", f"{int(x.p):x}", f"{int(x.q):x}"]),
    (Fraction, lambda x, _: ["fraction", f"{x.numerator:x}", f"{x.denominator:x}"]),
    (Rational, lambda x, _: ["rational", f"{int(x.p):x}", f"{int(x.q):x}"]),
    (
        arb,
        lambda x, w: [
            "arb",
            _written(dyadic(x.mid()), w),
            _written(dyadic(x.rad()), w),
        ],
    ),
    (Ball, lambda x, w: ["ball", *_fields(x, w, ("value", "rational", "method"))]),
    (
        Level,
        lambda x, w: ["level", *_fields(x, w, ("index", "eigenvalue", "multiplicity"))],
    ),
    (Tail, _of_tail),
    (Spectrum, _of_spectrum),
    (Prediction, lambda x, w: ["prediction", *_fields(x, w, PREDICTED)]),
    (np.ndarray, _array),
    (Mapping, _entries),
    (tuple, lambda x, w: ["tuple", *(_written(e, w) for e in x)]),
    (list, lambda x, w: ["list", *(_written(e, w) for e in x)]),
    (frozenset, lambda x, w: ["set", *sorted(_written(e, w) for e in x)]),
)
"""Type → its form; the first one that fits is used."""


def _spectrum(kernel: Any, domain: Any, levels: Any, tail: Any, asked: int) -> Spectrum:
    if kernel is None:
        return Spectrum(levels, tail, None, None, asked)
    named = kernels.parse(kernel), domains.parse(domain)
    again: Any = partial(spectrum, *named)
    return Spectrum(levels, tail, *named, asked, again)


def _filled(dtype: str, shape: Any, entries: Any) -> np.ndarray:
    array = np.empty(len(entries), dtype=dtype)
    array[:] = entries
    return array.reshape(shape)


NUMBERS = ("int", "float", "fmpz", "fmpq", "fraction", "rational")


def _whole(digits: str) -> int:
    return int(digits, 16)


READ: dict[str, Callable[..., Any]] = {
    "int": _whole,
    "float": float.fromhex,
    "fmpz": lambda x: fmpz(_whole(x)),
    "fmpq": lambda p, q: fmpq(_whole(p), _whole(q)),
    "fraction": lambda p, q: Fraction(_whole(p), _whole(q)),
    "rational": lambda p, q: Rational(_whole(p), _whole(q)),
    "arb": arb_of,
    "ball": Ball,
    "level": Level,
    "tail": Tail,
    "spectrum": _spectrum,
    "prediction": lambda *x: Prediction(**dict(zip(PREDICTED, x, strict=True))),
    "tuple": lambda *x: x,
    "list": lambda *x: list(x),
    "set": lambda *x: frozenset(x),
}


def _read(content: Any) -> Any:
    if not isinstance(content, list):
        return content
    kind, *parts = content
    if kind == "array":
        dtype, shape, entries = parts
        return _filled(dtype, shape, [_read(x) for x in entries])
    if kind == "dict":
        return {_read(key): _read(value) for key, value in parts}
    if kind not in NUMBERS:
        parts = [_read(x) for x in parts]
    return READ[kind](*parts)
