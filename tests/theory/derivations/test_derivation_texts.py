"""Derivations read well in a terminal and in LaTeX."""

import shutil
import subprocess

import pytest

from theory.derivations import NAMES, derive


@pytest.mark.parametrize("name", NAMES)
def test_text_has_every_step_and_no_latex(name):
    text = str(derive(name))
    assert text.count("\nWhy") + text.count("   Why") == len(derive(name).steps)
    assert "\\" not in text
    assert "$" not in text


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex here")
def test_latex_compiles(tmp_path):
    bodies = "\n".join(derive(name).latex() for name in NAMES)
    document = derive(NAMES[0]).latex(document=True)
    head, _, _ = document.partition(r"\begin{document}")
    source = tmp_path / "appendix.tex"
    source.write_text(
        f"{head}\\begin{{document}}\n{bodies}\n\\end{{document}}\n", "utf-8"
    )
    run = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", source.name],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stdout[-2000:]
