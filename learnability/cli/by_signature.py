"""A command made of a function's signature: its keywords are the command's options.

``table NAME`` and ``figure NAME`` are such commands, so that an option which a table or a
figure does not have is refused, and ``--help`` after NAME lists those that it has.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter as Argument
from inspect import Signature, signature
from typing import Annotated, Any

from cyclopts import App, Parameter

from learnability.cli.help import AlignedHelp
from learnability.cli.options import Flag, Samples, Text, Values, Whole

Repeated = Annotated[
    tuple[str, ...], Parameter(consume_multiple=False, negative=(), show=False)
]
Goals = Annotated[
    tuple[str, ...],
    Parameter(
        consume_multiple=False,
        negative=(),
        allow_leading_hyphen=True,
        metavar="LEVEL=POWER,...|expr:F",
    ),
]
Trials = Annotated[
    str,
    Parameter(name="--measure", allow_leading_hyphen=True, metavar="NUMBER"),
]
MAX_TRIALS = 1_000_000
OF_DATA = {
    "label": "data:FILE only: the column that is the label, by name or number, last or "
    "none.",
    "norms": "data:FILE only: own, as in the data, or equal, all √d.",
}
NOT_OPTIONS = {"ax", "command", "progress"}
HELP = {
    "subject": "DOMAIN and KERNEL…, in any order: hypercube:8, sphere:8, circle:256, "
    "data:FILE, levels:FILE; ntk:relu:depth=1..4, gaussian:width=2, expr:1/(2-t).",
    "domain": "The domain: hypercube:8, sphere:8.",
    "style": "A venue's fonts and width, such as neurips2024 or icml2024 (those that "
    "tueplots knows); paper by default.",
    "width": "Width in inches; the venue's page, or a share of it, by default.",
    "measured": "Data sets, an even number, on which kernel regression is run: points "
    "beside the curves.",
    "show": "Digits that are printed in text, latex and markdown.",
    "digits": "Proved digits of every number.",
    "weight_variances": "Values of σ_w², rising.",
    "bias_variances": "Values of σ_b², rising.",
}


def _reads() -> dict[str, tuple[Any, Callable[[str], Any]]]:
    """Option → its type on the command line, and how its text is read."""
    from learnability.cli import inputs, lists
    from learnability.cli.options import whole
    from theory.numbers import integer

    def several(name: str, *, exactly: bool = False) -> Callable[[str], Any]:
        def read(text: str) -> Any:
            found = lists.numbers(text, name, whole=exactly)
            return found

        return read

    def depths(text: str) -> list[int]:
        found = lists.numbers(text, "depths", whole=True)
        return [integer(x, "--depths", least=1, most=inputs.MAX_DEPTH) for x in found]

    return {
        "n": (Samples, several("n", exactly=True)),
        "ridge": (Values, several("ridge")),
        "noise": (Values, several("noise")),
        "levels": (Values, lists.levels),
        "level": (Whole, lambda text: integer(text, "--level")),
        "target": (Goals, lambda texts: [lists.target(text) for text in texts]),
        "depths": (Values, depths),
        "widths": (Values, several("--widths", exactly=True)),
        "weight_variances": (Values, several("--weight-variances")),
        "bias_variances": (Values, several("--bias-variances")),
        "closed_form": (Flag, bool),
        "trials": (Whole, lambda text: whole(text, "--trials", MAX_TRIALS)),
        "measured": (Trials, lambda text: whole(text, "--measure", MAX_TRIALS)),
        "points": (Whole, lambda text: integer(text, "--points")),
        "seed": (Whole, lambda text: integer(text, "--seed", most=2**63 - 1)),
        "digits": (Whole, lambda text: whole(text, "--digits", inputs.MAX_DIGITS)),
        "show": (Whole, lambda text: whole(text, "--show", inputs.MAX_DIGITS)),
        "style": (Text, str),
        "width": (Whole, str),
    }


def named(
    kind: str,
    name: str,
    function: Callable[..., Any],
    common: Mapping[str, Argument],
    finish: Callable[[Callable[..., Any], dict[str, Any]], Any],
) -> App:
    """The command of one table or figure.

    Parameters
    ----------
    kind, name
        ``table`` or ``figure``, and which.
    function
        Its keywords become options; ``ax``, ``command`` and ``progress`` do not.
    common
        Options that every command of this kind has.
    finish
        Called with (make, options): ``make(progress=…)`` calls the function.
    """
    reads = _reads()
    says = documented(function)
    arguments: list[Argument] = []
    lists_of = {}
    takes_subject = False
    for argument in signature(function).parameters.values():
        if argument.name in NOT_OPTIONS or argument.name in common:
            continue
        if argument.kind is Argument.VAR_POSITIONAL:
            takes_subject = True
            continue
        if argument.name == "domain":
            arguments.insert(
                0, _option("domain", str, says, Argument.POSITIONAL_OR_KEYWORD)
            )
            continue
        kept, read = reads[argument.name]
        lists_of[argument.name] = read
        arguments.append(_option(argument.name, kept, says))
    if takes_subject:
        help_text = HELP["subject"]
        arguments.insert(
            0,
            Argument(
                "subject",
                Argument.VAR_POSITIONAL,
                annotation=Annotated[str, Parameter(help=help_text)],
            ),
        )
        arguments += [
            _option("domain", Repeated, says),
            _option("kernel", Repeated, says),
        ]
    arguments += common.values()
    if takes_subject or any(x.name == "domain" for x in arguments):
        arguments += [_option(name, Text, OF_DATA) for name in OF_DATA]
    positional = [x for x in arguments if x.kind is not Argument.KEYWORD_ONLY]
    keywords = [x for x in arguments if x.kind is Argument.KEYWORD_ONLY]
    takes_many = {
        x.name for x in signature(function).parameters.values() if _is_several(x)
    }

    def run(*subject: Any, **given: Any) -> Any:
        shared = {key: given.pop(key) for key in common if key in given}
        where = given.pop("domain", ())
        where = (where,) if isinstance(where, str) else where or ()
        words = [*where, *filter(None, subject), *given.pop("kernel", ())]
        words = _with_options(words, given.pop("label", None), given.pop("norms", None))
        known = _checked(words, name)
        options = {}
        for key, text in given.items():
            if text is None or text is False or text == ():
                continue
            value = lists_of[key](text)
            if isinstance(value, list) and key in {"ridge", "noise"}:
                value = value if key in takes_many else _single(value, key, kind, name)
            options[key] = value
        from learnability.cli.invocation import command

        taken = signature(function).parameters
        if "command" in taken:
            options["command"] = command()

        def make(**more: Any) -> Any:
            extra = {key: x for key, x in more.items() if key in taken}
            return function(*known, **options, **extra)

        return finish(make, shared)

    run.__doc__ = _summary(function)
    run.__name__ = function.__name__
    run.__annotations__ = {x.name: x.annotation for x in arguments}
    run.__signature__ = Signature([*positional, *keywords])  # type: ignore[attr-defined]
    where = "DOMAIN KERNEL... " if takes_subject else ""
    where = "[DOMAIN] " if any(x.name == "domain" for x in positional) else where
    app = App(
        name=name,
        usage=f"Usage: learnability {kind} {name} {where}[OPTIONS]",
        help_format="plaintext",
        help_formatter=AlignedHelp(),
        version_flags=(),
        suppress_keyboard_interrupt=False,
    )
    app.default(run)
    return app


def _with_options(words: list[str], label: Any, norms: Any) -> list[str]:
    """The words with the options of data written into those that name data."""
    from learnability.cli import inputs

    if label is None and norms is None:
        return words
    if not any(map(inputs.is_data, words)):
        from theory.errors import OutOfDomain

        raise OutOfDomain(
            "--label and --norms are for data:FILE, and no word names one"
        )
    return [
        inputs.with_options(word, label, norms) if inputs.is_data(word) else word
        for word in words
    ]


def documented(function: Callable[..., Any]) -> dict[str, str]:
    """Parameter → its sentence, from a docstring's section of parameters.

    Examples
    --------
    >>> documented(documented)["function"]
    'With a docstring as we write them.'

    Parameters
    ----------
    function
        With a docstring as we write them.
    """
    from inspect import cleandoc

    text = cleandoc(function.__doc__ or "")
    match = re.search(r"Parameters\n-+\n(.*?)(?:\n\n|\Z)", text, re.DOTALL)
    found: dict[str, str] = {}
    names: list[str] = []
    for line in (match[1] if match else "").splitlines():
        if not line.startswith(" "):
            names = [name.strip() for name in line.split(",")]
            continue
        for name in names:
            found[name] = f"{found.get(name, '')} {line.strip()}".strip()
    return found


def _summary(function: Callable[..., Any]) -> str:
    return (function.__doc__ or "").strip().partition("\n")[0]


def _option(
    name: str,
    annotation: Any,
    says: Mapping[str, str],
    kind: Any = Argument.KEYWORD_ONLY,
) -> Argument:
    help_text = HELP.get(name) or says.get(name, "")
    many = annotation in (Repeated, Goals)
    inner = annotation if many or annotation is Flag else annotation | None
    if annotation is Samples or hasattr(annotation, "__metadata__"):
        inner = annotation
    default: Any = () if many else (False if annotation is Flag else None)
    return Argument(
        name,
        kind,
        default=default,
        annotation=Annotated[inner, Parameter(help=help_text, show_default=False)],
    )


def _is_several(argument: Argument) -> bool:
    return "several" in getattr(argument.annotation, "__metadata__", ())


def _single(values: list[Any], key: str, kind: str, name: str) -> Any:
    if len(values) != 1:
        from theory.errors import OutOfDomain

        raise OutOfDomain(f"--{key}: {len(values)} values; {kind} {name} takes one")
    return values[0]


def _checked(words: Sequence[str], name: str) -> list[Any]:
    """Domains and kernels of the command line, refused where they are too large."""
    from learnability.cli import inputs
    from theory.kernels import FAMILIES

    found: list[Any] = []
    for word in words:
        if word.partition(":")[0] in FAMILIES:
            found += inputs.kernels([word], name)
        elif word.startswith("levels:"):
            found.append(word)
        else:
            found.append(inputs.place(word))
    return found
