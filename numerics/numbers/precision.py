"""Working precision of balls, held by one thread at a time and always given back.

FLINT's precision is a global of the process. Whoever computes with balls does so inside
``working_precision``, which locks it, sets it and restores it; no result depends on the
precision that happens to be set outside.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flint import ctx

_lock = threading.RLock()
BITS_PER_DIGIT = 3.3219280948873626


@contextmanager
def working_precision(bits: int) -> Iterator[None]:
    """Compute with ``bits`` of precision; other threads wait.

    Examples
    --------
    >>> from flint import arb
    >>> with working_precision(200):
    ...     (arb(1) / 3).rel_accuracy_bits() > 190
    True
    """
    with _lock:
        before = ctx.prec
        ctx.prec = int(bits)
        try:
            yield
        finally:
            ctx.prec = before


MOST_DIGITS = 100_000
"""More are refused before work begins: they would take hours."""


def bits_for(digits: int) -> int:
    """Enough bits for a relative error below 10^−digits, and a few more.

    Examples
    --------
    >>> bits_for(30)
    116
    """
    return int(digits * BITS_PER_DIGIT) + 17
