"""Where and with what precision nets are trained, for the length of a with block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import jax

from verify.networks.errors import DeviceError


class Device(Protocol):
    """What we ask of a JAX device, whose own class has no public type."""

    id: int
    platform: str
    device_kind: str

    def memory_stats(self) -> dict[str, int] | None:
        """Return what the allocator knows, if it keeps count."""
        ...


# jax.enable_x64 from JAX 0.8 on; the older name is deprecated there and gone in 0.10
if hasattr(jax, "enable_x64"):
    _enable_x64 = jax.enable_x64
else:
    from jax.experimental import enable_x64 as _enable_x64  # pyright: ignore[reportAttributeAccessIssue]


def find_device(name: str | None) -> Device:
    """Return the device that a name stands for.

    Parameters
    ----------
    name : str or None
        ``None`` is JAX's default; ``"cpu"``, ``"gpu"``, ``"gpu:1"`` and so on.

    Raises
    ------
    DeviceError
        If there is none; the message lists those that are here.

    Examples
    --------
    >>> find_device("cpu").platform
    'cpu'
    """
    if name is None:
        return jax.devices()[0]
    platform, colon, number = name.partition(":")
    try:
        return jax.devices(platform)[int(number) if colon else 0]
    except (RuntimeError, ValueError, IndexError) as reason:
        here = ", ".join(f"{d.platform}:{d.id}" for d in jax.devices())
        raise DeviceError(
            f"device = {name!r}: there is none; JAX sees {here} and cpu"
        ) from reason


@contextmanager
def arithmetic(dtype: str, device: Device | None = None) -> Iterator[None]:
    """Train in ``dtype`` on ``device`` inside a with block, and nowhere else.

    Matrix products keep all their digits: the short ones of GPUs (TF32) would bias a
    paired comparison with a kernel.

    Parameters
    ----------
    dtype : {"float32", "float64"}
        Precision.
    device : Device, optional
        Where; JAX's default if none is given.

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> with arithmetic("float64"):
    ...     print(jnp.ones(1).dtype)
    float64
    """
    with (
        _enable_x64(dtype == "float64"),
        jax.default_matmul_precision("highest"),
        jax.default_device(device),
    ):
        yield
