"""What can be wrong with a request for trained nets, as sentences."""

from __future__ import annotations

import math
from collections.abc import Iterable
from difflib import get_close_matches

from theory.errors import LearnabilityError


class NetworkError(LearnabilityError, ValueError):
    """A request that cannot be met; the message says what to change."""


class SettingError(NetworkError):
    """A setting is out of range: its name, its value and what is allowed."""


class DivergenceError(NetworkError):
    """Nets diverged where a number for each net was asked for."""


class DeviceError(NetworkError):
    """The device that was named isn't here; the message lists those that are."""


class MemoryLimitError(NetworkError):
    """Not even one net fits: what was asked, what there is, what to change."""


class FolderError(NetworkError):
    """A folder of results is of another version, or lacks what it should hold."""


def whole(name: str, value: object, low: int, high: int | None = None) -> int:
    """Return ``value`` as an int if it's a whole number in range.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    value : object
        What was given; NumPy integers are welcome, booleans are not.
    low, high : int
        Least and greatest allowed value; no ``high`` means no upper limit.

    Raises
    ------
    SettingError
        If it is no whole number, or out of range.

    Examples
    --------
    >>> whole("width", 500, 1)
    500
    >>> whole("width", 0, 1)
    Traceback (most recent call last):
        ...
    verify.networks.errors.SettingError: width = 0: must be a whole number ≥ 1
    """
    allowed = f"≥ {low}" if high is None else f"from {low} to {high}"
    try:
        number = value.__index__()  # type: ignore[attr-defined]  # any integer type
    except (AttributeError, TypeError):
        number = None
    if (
        number is None
        or isinstance(value, bool)
        or number < low
        or (high is not None and number > high)
    ):
        raise SettingError(f"{name} = {value!r}: must be a whole number {allowed}")
    return number


def real(
    name: str, value: object, low: float = -math.inf, *, strict: bool = False
) -> float:
    """Return ``value`` as a finite float that is ≥ ``low`` (> ``low`` if strict).

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    value : object
        What was given.
    low : float
        Lower limit.
    strict : bool
        Whether the limit itself is refused.

    Raises
    ------
    SettingError
        If it is no finite number, or too small.

    Examples
    --------
    >>> real("learning_rate", 0.0, 0, strict=True)
    Traceback (most recent call last):
        ...
    verify.networks.errors.SettingError: learning_rate = 0.0: must be a finite number > 0
    """
    try:
        number = float(value)  # type: ignore[arg-type]  # that's what is tested
    except (TypeError, ValueError):
        number = math.nan
    fits = math.isfinite(number) and (number > low if strict else number >= low)
    if not fits or isinstance(value, bool | str):
        limit = "" if low == -math.inf else f" {'>' if strict else '≥'} {low:g}"
        raise SettingError(f"{name} = {value!r}: must be a finite number{limit}")
    return number


def one_of(name: str, value: object, allowed: Iterable[str]) -> str:
    """Return ``value`` if it's one of the allowed words.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    value : object
        What was given.
    allowed : iterable of str
        The words.

    Raises
    ------
    SettingError
        If it is none of them.

    Examples
    --------
    >>> one_of("dtype", "double", ("float32", "float64"))
    Traceback (most recent call last):
        ...
    verify.networks.errors.SettingError: dtype = 'double': must be one of float32, float64
    """
    words = tuple(allowed)
    if not isinstance(value, str) or value not in words:
        near = get_close_matches(str(value), words, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise SettingError(
            f"{name} = {value!r}: must be one of {', '.join(words)}{hint}"
        )
    return value
