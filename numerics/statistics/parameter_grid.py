"""n, ridge and noise of many problems, broadcast: exact numbers, or float64 arrays.

Arrays of NumPy integers or floats stay arrays, and mean the floats they hold; whatever
else is given (strings, fractions, Python numbers) is exact. In float64 an exact n is
the unevaluated sum of two floats, so that "256 - 1e-20" keeps its distance from 256.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sympy import Rational

from numerics.spectra.floats.float_spectrum import float64_array
from theory.errors import OutOfDomain, Unsupported
from theory.numbers import rational as exact_rational

NAMES = ("n", "ridge", "noise")
TINY = float(np.finfo(np.float64).tiny)
WHOLE = 2**53
SHOWN = 5


@dataclass(frozen=True, eq=False)
class Grid:
    """The problems of a prediction.

    Attributes
    ----------
    given
        Name → array of the broadcast shape, of rationals or of floats.
    shape
        The broadcast shape.
    """

    given: dict[str, np.ndarray]
    shape: tuple[int, ...]

    @classmethod
    def of(cls, **given: Any) -> Grid:
        """Read and broadcast n, ridge and noise.

        Raises
        ------
        OutOfDomain
            When one is empty, negative, not a finite number, an array of float32, or
            the shapes do not broadcast; the message names it.

        Examples
        --------
        >>> Grid.of(n=[1, 2], ridge=np.zeros((3, 1)), noise=0).shape
        (3, 2)
        """
        arrays = {name: _read(value, name) for name, value in given.items()}
        try:
            found = np.broadcast_arrays(*arrays.values())
        except ValueError:
            shapes = ", ".join(
                f"{name} {array.shape}" for name, array in arrays.items()
            )
            raise OutOfDomain(f"shapes do not broadcast: {shapes}") from None
        return cls(dict(zip(arrays, found, strict=True)), found[0].shape)

    def floats(self, name: str) -> np.ndarray:
        """The values in float64, flat."""
        return _floats(self.given[name])

    def rest(self) -> np.ndarray:
        """What n has beyond its float, flat."""
        array = self.given["n"]
        if array.dtype != object:
            return np.zeros(array.size)
        return np.array([_rest(x) for x in array.flat])

    def is_cut(self) -> np.ndarray:
        """Where n has more than its float and the rest hold, flat."""
        array = self.given["n"]
        if array.dtype != object:
            return np.zeros(array.size, dtype=bool)
        whole = lambda x: Rational(*float(x).as_integer_ratio())
        return np.array([x - whole(x) != whole(_rest(x)) for x in array.flat])

    def require_range(self) -> None:
        """Refuse numbers that are 0 or infinite in float64, and are neither.

        Raises
        ------
        Unsupported
            Naming the argument and the first such number.
        """
        for name, array in self.given.items():
            if array.dtype != object:
                continue
            values = self.floats(name)
            suspect = np.flatnonzero((values == np.inf) | (values < TINY))
            for place in suspect:
                value = values[place]
                if value == np.inf or array.flat[place] > 0:
                    size = "above" if value > 1 else "below"
                    raise Unsupported(
                        f"{name} is {size} the range of float64; ask for proved digits "
                        "instead (digits=15)"
                    )

    def exact(self) -> dict[str, np.ndarray]:
        """All values as rationals, in the broadcast shape."""
        return {name: _exact(array, name) for name, array in self.given.items()}

    def places(self, chosen: np.ndarray) -> str:
        """Where a flat mask is true, in words: at most five entries."""
        at = np.flatnonzero(chosen)
        if chosen.size == 1:
            return ""
        spots = [np.unravel_index(int(i), self.shape) for i in at[:SHOWN]]
        listed = ", ".join(
            f"[{', '.join(str(int(j)) for j in spot)}]" for spot in spots
        )
        more = f" and {len(at) - SHOWN} more" if len(at) > SHOWN else ""
        return f" at {listed}{more} of shape {self.shape}"


def _read(value: Any, name: str) -> np.ndarray:
    if isinstance(value, np.ndarray) and value.dtype != object and value.size:
        if value.dtype.kind == "f" or value.dtype.kind in "iu":
            array = value if value.dtype.kind in "iu" else float64_array(value, name)
            if array.min() < 0:
                at = tuple(int(x) for x in np.argwhere(array < 0)[0])
                raise OutOfDomain(
                    f"{name} = {array[at]} at {list(at)} must be at least 0"
                )
            return array
        raise OutOfDomain(f"{name} is an array of {value.dtype}, not of real numbers")
    try:
        items = np.asarray(value, dtype=object)
    except ValueError:
        raise OutOfDomain(
            f"{name} = {value!r} is not an array: its rows differ in length"
        ) from None
    if items.size == 0:
        raise OutOfDomain(f"{name} = {value!r} is empty")
    if all(type(x) is int for x in items.flat):
        whole = [exact_rational(x, name, least=0) if x < 0 else x for x in items.flat]
        if max(whole) < WHOLE:
            return np.array(whole, dtype=np.int64).reshape(items.shape)
    flat = [exact_rational(item, name, least=0) for item in items.flat]
    return _objects(flat, items.shape)


def _objects(flat: list[Any], shape: tuple[int, ...]) -> np.ndarray:
    filled = np.empty(len(flat), dtype=object)
    filled[:] = flat
    return filled.reshape(shape)


def _floats(array: np.ndarray) -> np.ndarray:
    if array.dtype != object:
        return np.ravel(array).astype(np.float64)
    return np.array([_float(x) for x in array.flat])


def _float(x: Rational) -> float:
    """The nearest float; ∞ beyond the range."""
    try:
        return int(x.p) / int(x.q)
    except OverflowError:
        return np.inf


def _rest(x: Rational) -> float:
    return float(x - Rational(*float(x).as_integer_ratio()))


def _exact(array: np.ndarray, name: str) -> np.ndarray:
    if array.dtype == object:
        return array
    flat = [exact_rational(x, name) for x in np.ravel(array).tolist()]
    return _objects(flat, array.shape)
