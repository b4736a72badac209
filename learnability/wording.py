"""Kernels and domains in a reader's words: "ReLU NTK, 4 layers, σ_b² = 0.01"."""

from typing import Any

from learnability.table.cell import as_fraction, exact_text
from theory.kernels import FAMILIES, Kernel, parse
from theory.kernels.combined import PARTS

NAMES = {
    "relu": "ReLU",
    "erf": "erf",
    "gelu": "GELU",
    "abs": "|z|",
    "leaky_relu": "leaky ReLU",
    "ntk": "NTK",
    "nngp": "NNGP",
    "gaussian": "Gaussian",
    "laplace": "Laplace",
    "arc_cosine": "arc-cosine",
    "power_series": "power series",
}
PARAMETERS = {
    "weight_variance": ("σ_w²", r"\sigma_w^2"),
    "bias_variance": ("σ_b²", r"\sigma_b^2"),
    "input_variance": ("q", "q"),
    "beta": ("β", r"\beta"),
}
WORDS = ("degree", "width", "order")
"""Parameters that stand behind their own name: "degree 3"."""


def kernel_parts(kernel: Kernel, *, math: bool = False) -> tuple[str, ...]:
    r"""A kernel in words, one for its family and one for each parameter that matters.

    Parameters
    ----------
    kernel
        A kernel.
    math
        Whether parameters are mathematics between dollars, as Matplotlib and LaTeX set.

    Examples
    --------
    >>> from theory import kernels
    >>> kernel_parts(kernels.parse("ntk:relu:depth=4,bias_variance=0.01"))
    ('ReLU NTK', '4 layers', 'σ_b² = 0.01')
    >>> kernel_parts(kernels.parse("gaussian:width=2"))
    ('Gaussian', 'width 2')
    """
    if kernel.family in {"expr", *PARTS} or kernel.family not in FAMILIES:
        text = str(kernel).removeprefix("expr:").replace("**", "^")
        return (text.replace("*", " "),)
    usual = dict(FAMILIES[kernel.family].read().parameters)
    parameters = dict(kernel.parameters)
    family = NAMES.get(kernel.family, kernel.family)
    activation = parameters.pop("activation", None)
    if activation is not None:
        name = str(activation)
        family = f"{NAMES.get(name, name)} {family}"
    parts = [family]
    for name, value in parameters.items():
        if name == "depth":
            parts.append(f"{value} layer{'' if value == 1 else 's'}")
            continue
        optional = name in {"weight_variance", "bias_variance", "input_variance"}
        if optional and value == usual.get(name):
            continue
        try:
            shown = exact_text(as_fraction(value))
        except (TypeError, ValueError, AttributeError):
            shown = str(value)
        if name in WORDS:
            parts.append(f"{name} {shown}")
        else:
            text, latex = PARAMETERS.get(name, (name.replace("_", " "),) * 2)
            spelled = rf"${latex} = {shown}$" if name in PARAMETERS else ""
            parts.append(spelled if math and spelled else f"{text} = {shown}")
    return tuple(parts)


def kernel_words(kernel: Kernel | str | None, *, math: bool = False) -> str:
    """A kernel in words, for legends and captions.

    Examples
    --------
    >>> kernel_words("ntk:relu:depth=4,bias_variance=0.01")
    'ReLU NTK, 4 layers, σ_b² = 0.01'
    >>> kernel_words("laplace"), kernel_words("expr:1/(2 - t)")
    ('Laplace, width 1', '1/(2 - t)')
    """
    if kernel is None:
        return "given levels"
    if isinstance(kernel, str):
        kernel = parse(kernel)
    return ", ".join(kernel_parts(kernel, math=math))


def short_name(kernel: Kernel | str | None) -> str:
    """A kernel's text without the parameters that have their default value.

    Examples
    --------
    >>> short_name("ntk:relu:depth=4,weight_variance=2,bias_variance=0.01")
    'ntk:relu:depth=4,bias_variance=0.01'
    """
    if isinstance(kernel, str):
        if kernel.partition(":")[0] not in FAMILIES:
            return kernel
        kernel = parse(kernel)
    if kernel is None or kernel.family in {"expr", *PARTS}:
        return str(kernel)
    usual = dict(FAMILIES[kernel.family].read().parameters)
    head, _, rest = str(kernel).rpartition(":")
    kept = [
        part
        for part in rest.split(",")
        if part.startswith("depth=")
        or kernel[part.split("=")[0]] != usual[part.split("=")[0]]
    ]
    return ":".join(filter(None, [head, ",".join(kept)]))


DOMAIN_WORDS = {
    "hypercube": "{}-cube",
    "sphere": "sphere, d = {}",
    "circle": "circle of {} points",
}
"""Name in a domain's text → words around its number; a text that is not here stays."""


def domain_words(domain: Any) -> str:
    """A domain in words.

    Examples
    --------
    >>> domain_words("hypercube:8"), domain_words("circle:256"), domain_words("circle")
    ('8-cube', 'circle of 256 points', 'circle')
    >>> domain_words("sphere:10")
    'sphere, d = 10'
    """
    kind, _, size = str(domain).partition(":")
    words = DOMAIN_WORDS.get(kind)
    return words.format(size) if words and size else str(domain)
