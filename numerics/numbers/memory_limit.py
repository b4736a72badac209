"""What would not fit into memory is refused before any of it is computed."""

from theory.errors import Unsupported

MAX_BYTES = 8 << 30


def require_memory(needed: int, what: str) -> None:
    """Refuse more than ``MAX_BYTES``, and say what would take them.

    Raises
    ------
    Unsupported
        When more is needed.

    Examples
    --------
    >>> require_memory(1 << 20, "a small table")
    """
    if needed > MAX_BYTES:
        raise Unsupported(
            f"{what} need about {needed >> 30} GiB; "
            f"at most {MAX_BYTES >> 30} GiB are taken"
        )
