"""A derivation as text for a terminal and as LaTeX for a paper's appendix."""

from textwrap import fill
from typing import Any

from theory.derivations.steps.sentences import plain
from theory.derivations.steps.step import Step

PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage[a4paper,margin=2.5cm]{geometry}
\usepackage{amsmath,amssymb,amsthm}
\newcommand{\tr}{\operatorname{tr}}
\allowdisplaybreaks
\begin{document}
"""
STATUS = {
    "definition": "Definition",
    "exact": "Exact",
    "approximation": "Approximation",
    "consequence": "Consequence",
}


def _step_text(number: int, step: Step) -> str:
    lines = [
        fill(
            f"{number}. {plain(step.says)}",
            width=88,
            subsequent_indent="   ",
            break_long_words=False,
        ),
        f"       {step.text()}",
        fill(
            f"Why: {plain(step.because)}",
            width=88,
            initial_indent="   ",
            subsequent_indent="   ",
        ),
        f"   [{step.status}; {step.how}]",
    ]
    return "\n".join(line for line in lines if line)


def as_text(derivation: Any) -> str:
    """The derivation as plain text."""
    head = f"{derivation.title}\n{'=' * len(derivation.title)}"
    setting = fill(plain(derivation.setting), width=88)
    steps = [
        _step_text(number, step) for number, step in enumerate(derivation.steps, 1)
    ]
    return "\n\n".join(filter(None, [head, setting, *steps]))


def _step_latex(step: Step) -> str:
    how = step.how.replace("2^-50", "$2^{-50}$").replace("%", r"\%")
    return "\n".join(
        [
            rf"\item \textbf{{{STATUS[step.status]}.}} {step.says}",
            "\\begin{equation*}",
            step.latex(),
            "\\end{equation*}",
            step.because,
            rf"\hfill{{\footnotesize\textit{{[{how}]}}}}",
        ]
    )


def as_latex(derivation: Any, *, document: bool = False) -> str:
    """The derivation as a section, or as a document that compiles by itself."""
    body = "\n".join(
        [
            rf"\section*{{{derivation.title}}}",
            derivation.setting,
            r"\begin{enumerate}",
            *(_step_latex(step) for step in derivation.steps),
            r"\end{enumerate}",
        ]
    )
    return f"{PREAMBLE}{body}\n\\end{{document}}\n" if document else body
