"""The appendix of a paper from one command: formulas, a proof, a table, a figure.

    python docs/tutorial/appendix.py FOLDER

writes appendix.tex and what it includes into the folder, and appendix.pdf where pdflatex
is installed. The question is whether depth helps a wide ReLU net to learn a parity.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from learnability import derive, figure, formulas, predict, spectrum, table

DOMAIN = "hypercube:8"
NETS = {
    1: "ntk:relu:depth=1,bias_variance=0.01",
    4: "ntk:relu:depth=4,bias_variance=0.01",
}
TARGET = {3: 1}  # the parity of three bits
SIZES = [8, 32, 128]
FORMULAS = ("implicit_equation", "learnability", "overfitting_coefficient", "test_mse")
PROOF = "conservation"

DOCUMENT = r"""\documentclass[11pt]{article}
\usepackage[a4paper,margin=2.5cm]{geometry}
\usepackage{amsmath,amssymb,amsthm,booktabs,graphicx,siunitx}
\newcommand{\tr}{\operatorname{tr}}
\allowdisplaybreaks
\begin{document}
\appendix
\section{Does depth help to learn a parity?}
A wide ReLU net is kernel regression with its tangent kernel. On the 8-cube the theory
gives its error on a parity of three bits from the eigenvalues $\lambda_i$, each shared by
$g_i$ modes:
\input{formulas}
\input{answer}
Figure~\ref{fig:curves} shows both nets, Table~\ref{tab:constants} the constants.
\input{table}
\begin{figure}[h]
  \centering
  \includegraphics[width=\linewidth]{figure}
  \caption{Learnability and test error of the parity: theory (lines) and kernel
  regression (points).}\label{fig:curves}
\end{figure}
\input{proof}
\end{document}
"""


def main(folder: Path) -> None:
    """Write every part, each with the object that it comes from."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [formulas[name].latex() for name in FORMULAS]
    body = " \\\\\n".join(lines)
    write(folder / "formulas.tex", f"\\begin{{gather*}}\n{body}\n\\end{{gather*}}\n")

    proof = derive(PROOF)
    if str(proof.check().verdict) != "confirmed":
        raise SystemExit(f"{PROOF} is not proved: {proof.check()}")
    write(folder / "proof.tex", proof.latex())

    made = table.constant([*NETS.values()], DOMAIN, n=SIZES, show=6)
    text = made.latex().replace("table*", "table")
    start = text.index("\\label{")
    label = text[start : text.index("}", start) + 1]
    write(folder / "table.tex", text.replace(label, "\\label{tab:constants}"))

    drawn = figure.learning_curves(
        [*NETS.values()], DOMAIN, target=TARGET, n=[1, 4, 16, 64, 255], measured=20
    )
    drawn.save(folder / "figure.pdf")
    write(folder / "answer.tex", answer())
    write(folder / "appendix.tex", DOCUMENT)
    compile_in(folder)


def answer() -> str:
    """The sentence that answers the question, with numbers that are proved."""
    n = SIZES[-1]
    errors = {
        depth: predict(spectrum(net, DOMAIN), TARGET, n, digits=4).test_mse.item()
        for depth, net in NETS.items()
    }
    one, four = (f"{float(x):.3f}" for x in errors.values())
    better = "helps" if errors[4] < errors[1] else "does not help"
    return (
        f"With $n={n}$ examples the error is ${one}$ at one hidden layer and ${four}$ at "
        f"four: depth {better} there.\n"
    )


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def compile_in(folder: Path) -> None:
    """Run pdflatex twice, for the references."""
    if shutil.which("pdflatex") is None:
        print(f"{folder}/appendix.tex is written; no pdflatex is installed here")
        return
    words = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "appendix.tex"]
    for _ in range(2):
        ran = subprocess.run(
            words, cwd=folder, capture_output=True, text=True, check=False
        )
        if ran.returncode:
            raise SystemExit(ran.stdout[-2000:])
    print(f"{folder}/appendix.pdf")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python docs/tutorial/appendix.py FOLDER")
    main(Path(sys.argv[1]))
