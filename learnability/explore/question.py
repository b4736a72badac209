"""What the controls say, as the command line would spell it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from learnability.cli import inputs
from theory.errors import EngineError, OutOfDomain

MOST_KERNELS = 6


@dataclass(frozen=True)
class ExplorerQuery:
    """One question to the theory: one domain, one kernel, one target, one n.

    Attributes
    ----------
    domain, kernel, target
        ``hypercube:8``, ``ntk:relu:depth=4``, ``1=1,3=1/2``. On ``data:FILE`` the labels
        are the target.
    n
        Training points.
    ridge, noise
        δ and σ², exact numbers as text.
    label, norms
        The options of a data set, empty where they are not given.

    Examples
    --------
    >>> ExplorerQuery("data:wine", norms="equal").place
    'data:wine?norms=equal'
    """

    domain: str = "hypercube:8"
    kernel: str = "ntk:relu:depth=4,bias_variance=0.01"
    target: str = "1=1"
    n: int = 32
    ridge: str = "0"
    noise: str = "0"
    label: str = ""
    norms: str = ""

    @property
    def place(self) -> str:
        """The domain with the options of a data set; other domains have none."""
        domain = self.domain.strip()
        if not self.on_data:
            return domain
        label, norms = self.label.strip(), self.norms.strip()
        return inputs.with_options(domain, label or None, norms or None)

    @property
    def on_data(self) -> bool:
        """Whether the domain is a data set."""
        return inputs.is_data(self.domain)


def kernels_in(text: str) -> list[str]:
    """The kernels of a text, one a line or between semicolons.

    A range is written out, and a kernel that is malformed is left to its own answer.

    Raises
    ------
    OutOfDomain
        When there are none, or too many to be compared at once.

    Examples
    --------
    >>> kernels_in("polynomial:degree=1..2; expr:1/(2 - t)")
    ['polynomial:degree=1', 'polynomial:degree=2', 'expr:1/(2 - t)']
    """
    found: list[str] = []
    for part in text.replace("\n", ";").split(";"):
        if part.strip():
            try:
                several = [part.strip()]
                if ".." in part and not part.strip().startswith("expr:"):
                    several = [str(x) for x in inputs.kernels(several, "")]
            except EngineError:  # its own answer says what is wrong with it
                several = [part.strip()]
            found += [x for x in several if x not in found]
    if not found:
        raise OutOfDomain("no kernel is given; one is, for example, ntk:relu:depth=4")
    if len(found) > MOST_KERNELS:
        raise OutOfDomain(
            f"{len(found)} kernels: at most {MOST_KERNELS} are compared at once"
        )
    return found


def each(question: ExplorerQuery, kernels: Iterable[str]) -> list[ExplorerQuery]:
    """The same question to every kernel."""
    return [replace(question, kernel=kernel) for kernel in kernels]
