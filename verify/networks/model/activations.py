"""The activations of finite nets, each named by a word that a cell's hash can hold.

Any name or formula that ``theory.activations`` knows, such as ``relu``, ``gelu`` or
``z*sigmoid(z)``; and with numbers ``leaky_relu:SLOPE`` and ``polynomial:C0,C1,…``
(coefficients of 1, z, z², …). The function in JAX comes from the formula in z.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp

from verify.networks.errors import SettingError

Activation = Callable[[jax.Array], jax.Array]


def _relu(z: jax.Array) -> jax.Array:
    # where, not maximum: the derivative at 0 is then 0 and not 1/2
    return jnp.where(z > 0, z, jnp.zeros_like(z))


def _gelu(z: jax.Array) -> jax.Array:
    return z * (1 + jax.lax.erf(z * math.sqrt(0.5))) / 2


_PLAIN: dict[str, Activation] = {
    "relu": _relu,
    "erf": jax.lax.erf,
    "tanh": jnp.tanh,
    "sin": jnp.sin,
    "gelu": _gelu,
}
"""What workers train most needs no SymPy; tests hold each to its formula."""
NAMES = (*_PLAIN, "leaky_relu:SLOPE", "polynomial:C0,C1,…", "a formula in z")


def _numbers(name: str, text: str) -> tuple[float, ...]:
    try:
        values = tuple(float(word) for word in text.split(","))
    except ValueError:
        values = (math.nan,)
    if not all(map(math.isfinite, values)):
        raise SettingError(
            f"activation = {name!r}: what follows the colon must be finite numbers"
        )
    return values


@lru_cache
def activation(name: str) -> Activation:
    """Return the function of one pre-activation that a name stands for.

    Parameters
    ----------
    name : str
        One of `NAMES`.

    Returns
    -------
    callable
        Acts entry by entry on an array of any shape, and keeps its dtype.

    Raises
    ------
    SettingError
        If the name is unknown, or JAX cannot evaluate the formula; the message says why.

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> activation("leaky_relu:0.5")(jnp.array([-2.0, 3.0])).tolist()
    [-1.0, 3.0]
    >>> activation("polynomial:1,0,2")(jnp.array([3.0])).tolist()   # 1 + 2 z²
    [19.0]
    >>> activation("Max(z - 1, 0)")(jnp.array([0.0, 3.0])).tolist()
    [0.0, 2.0]
    """
    word, colon, rest = name.partition(":")
    if name in _PLAIN:
        return _PLAIN[name]
    if word == "leaky_relu" and colon:
        numbers = _numbers(name, rest)
        if len(numbers) == 1:
            slope = numbers[0]
            return lambda z: jnp.where(z > 0, z, slope * z)
    if word == "polynomial" and colon:
        coefficients = _numbers(name, rest)

        def horner(z: jax.Array) -> jax.Array:
            total = jnp.full_like(z, coefficients[-1])
            for coefficient in reversed(coefficients[:-1]):
                total = total * z + coefficient
            return total

        return horner
    if not colon:
        return _from_formula(name)
    raise SettingError(f"activation = {name!r}: must be one of {', '.join(NAMES)}")


def _from_formula(name: str) -> Activation:
    """The function of the formula that theory has under this name or text."""
    # the one door to what reads formulas, opened only where one is asked for: workers
    # that train what is named above need NumPy and JAX alone
    from numerics.duals.traced_functions import EngineError, named_function

    try:
        run: Callable[[Any], Any] = named_function(name)
    except EngineError as error:
        raise SettingError(
            f"activation = {name!r}: must be one of {', '.join(NAMES)}; {error}"
        ) from None
    return lambda z: jnp.broadcast_to(jnp.asarray(run(z), z.dtype), z.shape)


def is_homogeneous(name: str) -> bool:
    """Tell whether φ(z) = z φ′(z), as of ReLU and leaky ReLU.

    Examples
    --------
    >>> [is_homogeneous(name) for name in ("relu", "leaky_relu:0.1", "tanh")]
    [True, True, False]
    """
    return name == "relu" or name.startswith("leaky_relu:")
