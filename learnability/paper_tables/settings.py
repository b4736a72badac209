"""What a table or figure is made for; whatever is not given has a published default."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

Progress = Callable[[int, int, str], None]
EXAMPLE_KERNEL = "ntk:relu:depth=4,bias_variance=0.01"
EXAMPLE_DOMAIN = "hypercube:8"
EXAMPLE_SIZES = (2, 3, 6, 12, 22, 41, 76, 139, 255)


@dataclass(frozen=True)
class Settings:
    """Domains, kernels, numbers of training points, levels; and how digits are shown.

    Attributes
    ----------
    domains, kernels
        As text or as objects; empty means the default of the table.
    n, ridge, levels
        Exact numbers; None means the default.
    digits, show
        Digits that are proved, and digits that are printed.
    command
        The words that make it again.
    seed, trials
        Of what is measured: its seed, and the number of data sets.
    depths
        Depths of nets that are compared.
    closed_form
        Whether closed forms stand beside the digits; None where they are short.
    progress
        Called with (done, total, what).
    """

    domains: Sequence[Any] = ()
    kernels: Sequence[Any] = ()
    n: Sequence[Any] | None = None
    ridge: Any = 0
    levels: Sequence[int] | None = None
    digits: int = 30
    show: int = 6
    command: Sequence[str] = ()
    seed: int = 0
    trials: int | None = None
    depths: Sequence[int] | None = None
    closed_form: bool | None = None
    progress: Progress | None = field(default=None, compare=False)

    def tell(self, done: int, total: int, what: str) -> None:
        """Report progress, where somebody listens."""
        if self.progress is not None:
            self.progress(done, total, what)

    def pairs(
        self, kernels: Sequence[Any] = (EXAMPLE_KERNEL,)
    ) -> list[tuple[Any, Any]]:
        """Every kernel on every domain, as objects."""
        from theory import domains as known
        from theory.kernels import parse

        places = [
            known.parse(x) if isinstance(x, str) else x
            for x in self.domains or (EXAMPLE_DOMAIN,)
        ]
        functions = [
            parse(x) if isinstance(x, str) else x for x in self.kernels or kernels
        ]
        return [(kernel, place) for place in places for kernel in functions]

    def sizes(self, most: Any) -> list[Any]:
        """The n that are asked for, or the published grid below the number of modes."""
        if self.n is not None:
            return list(self.n)
        return [n for n in EXAMPLE_SIZES if self.ridge != 0 or n < most]
