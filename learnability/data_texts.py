"""The text of data sets, ``data:FILE``, among the domains."""

from theory.domains.registry import provide


def know_data() -> None:
    """Let ``data:FILE`` be understood; what reads files is loaded when it is met."""
    provide("data", "verify.data.domain", "data:FILE")
