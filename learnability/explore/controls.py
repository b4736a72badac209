"""The kernel that sliders and lists name, and back from a kernel's text to them."""

from dataclasses import dataclass

from theory.activations import ACTIVATIONS
from theory.errors import EngineError
from theory.kernels import FAMILIES, parse
from theory.numbers import rational

NETS = ("ntk", "nngp")
OWN = "own"
DEPTHS = (1, 32)
WEIGHT_VARIANCES = ("0.1", "5", "0.1")
BIAS_VARIANCES = ("0", "2", "0.01")
PARAMETERS = ("0.01", "100", "0.01")
"""Least, most and step of the sliders."""


@dataclass(frozen=True)
class Controls:
    """Where the controls of the kernel stand.

    Attributes
    ----------
    family
        ``ntk``, ``nngp``, a family with one number, or ``own`` for a kernel as text.
    activation, depth, weight_variance, bias_variance
        Of a net.
    parameter
        The number of a family that has one: a width, a degree.
    own
        The kernel as text.
    """

    family: str = "ntk"
    activation: str = "relu"
    depth: int = 4
    weight_variance: str = "2"
    bias_variance: str = "0.01"
    parameter: str = "1"
    own: str = "expr:1/(2 - t)"

    @property
    def kernel(self) -> str:
        """The kernel's text.

        Examples
        --------
        >>> Controls("ntk", "erf", 2, "1.5", "0.1").kernel
        'ntk:erf:depth=2,weight_variance=1.5,bias_variance=0.1'
        >>> Controls("gaussian", parameter="2").kernel
        'gaussian:width=2'
        """
        if self.family == OWN:
            return self.own
        if self.family in NETS:
            return (
                f"{self.family}:{self.activation}:depth={self.depth},"
                f"weight_variance={self.weight_variance},"
                f"bias_variance={self.bias_variance}"
            )
        return f"{self.family}:{families()[self.family]}={self.parameter}"


def families() -> dict[str, str]:
    """Family → its number's name, for the families that the controls can spell.

    Examples
    --------
    >>> families()["polynomial"], families()["ntk"], OWN in families()
    ('degree', '', True)
    """
    found: dict[str, str] = dict.fromkeys(NETS, "")
    for name, family in FAMILIES.items():
        if name not in NETS:
            try:
                given = dict(family.read().parameters)
            except (EngineError, TypeError):  # it takes kernels, or an expression
                continue
            given.pop("input_variance", None)
            numbers = [x for x, value in given.items() if value.is_number]
            if len(given) == len(numbers) == 1:
                found[name] = numbers[0]
    return found | {OWN: ""}


def usual(family: str) -> str:
    """The number with which a family starts.

    Examples
    --------
    >>> usual("geometric"), usual("ntk")
    ('0.5', '1')
    """
    name = families()[family]
    return _decimal(dict(FAMILIES[family].read().parameters)[name]) if name else "1"


def controls_of(text: str) -> Controls:
    """The controls that spell a kernel; ``own`` where sliders cannot.

    Examples
    --------
    >>> controls_of("ntk:erf:depth=3").weight_variance
    '2'
    >>> controls_of("gaussian:width=1/2").parameter, controls_of("1/(2 - t)").family
    ('0.5', 'own')
    """
    own = Controls(family=OWN, own=text.strip())
    try:
        kernel = parse(text)
        given = dict(kernel.parameters)
    except EngineError:  # the answer says what is wrong with it
        return own
    family = text.strip().partition(":")[0]
    if family in NETS:
        made = Controls(
            family,
            str(given["activation"]),
            int(given["depth"]),
            _decimal(given["weight_variance"]),
            _decimal(given["bias_variance"]),
        )
        fits = (
            made.activation in ACTIVATIONS
            and DEPTHS[0] <= made.depth <= DEPTHS[1]
            and _on(WEIGHT_VARIANCES, made.weight_variance)
            and _on(BIAS_VARIANCES, made.bias_variance)
        )
    else:
        name = families().get(family, "")
        made = Controls(family, parameter=_decimal(given.get(name, 1)))
        fits = bool(name) and _on(PARAMETERS, made.parameter)
    return made if fits and parse(made.kernel) == kernel else own


def _decimal(value: object) -> str:
    """A number as a decimal; one that has none is on no slider."""
    return f"{float(rational(str(value), 'parameter')):.12g}"


def _on(grid: tuple[str, str, str], value: str) -> bool:
    least, most, step = (rational(x, "grid") for x in grid)
    number = rational(value, "parameter")
    return bool(least <= number <= most) and ((number - least) / step).is_Integer
