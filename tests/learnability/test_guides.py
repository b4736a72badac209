"""The cheat sheet's commands, the tutorial's appendix, and which names the API shows."""

import ast
import importlib.util
import re
import shlex
import shutil
from pathlib import Path

import pytest
from house import TOP, House

DOCS = TOP / "docs"
LONG = {"verify", "reproduce", "explore", "doctor", "figure"}
"""Commands of the cheat sheet of which only the words are checked here."""


def test_commands_of_the_cheat_sheet_run(command):
    text = (DOCS / "start" / "cheat-sheet.md").read_text("utf-8")
    lines = re.findall(r"`learnability ([^`]+)`", text)
    assert len(lines) >= 15
    for line in lines:
        name, *words = shlex.split(line)
        if name in LONG:
            assert command(name, "--help").code == 0
        else:
            ran = command(name, *words)
            assert (ran.code, bool(ran.out)) == (0, True), line


def test_the_tutorial_ends_in_an_appendix(tmp_path, capsys):
    pytest.importorskip("matplotlib")
    path = DOCS / "tutorial" / "appendix.py"
    spec = importlib.util.spec_from_file_location("appendix", path)
    assert spec is not None
    assert spec.loader is not None
    appendix = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(appendix)
    appendix.main(tmp_path)
    assert "appendix." in capsys.readouterr().out
    assert "depth helps there" in (tmp_path / "answer.tex").read_text()
    included = re.findall(r"\\input\{(\w+)\}", (tmp_path / "appendix.tex").read_text())
    assert all((tmp_path / f"{name}.tex").stat().st_size for name in included)
    assert set(included) == {"formulas", "answer", "table", "proof"}
    if shutil.which("pdflatex") is not None:
        assert (tmp_path / "appendix.pdf").read_bytes().startswith(b"%PDF")
        log = (tmp_path / "appendix.log").read_text(errors="replace")
        assert "undefined" not in log


def faces() -> list[str]:
    """The packages whose names the API shows."""
    tree = ast.parse((DOCS / "_extensions" / "api_pages.py").read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "FACES":
            return ast.literal_eval(node.value)
    raise AssertionError("api_pages has no FACES")


def test_every_package_with_public_names_is_on_one_page_of_the_api():
    house = House()
    public = {
        name.removesuffix(".__init__")
        for name, path in house.files.items()
        if path.name == "__init__.py" and "__all__" in path.read_text("utf-8")
    }
    inner = {"theory.printing"} | {
        x for x in public if x.startswith("verify.experiments.")
    }
    assert public - inner == set(faces())
    pages = [*(DOCS / "reference" / "api").glob("*.md"), DOCS / "reference" / "api.md"]
    shown = [
        name
        for page in pages
        for line in re.findall(r"```\{api\} (.+)", page.read_text("utf-8"))
        for name in line.split()
    ]
    assert sorted(shown) == sorted(faces())


def test_guides_are_in_the_table_of_contents():
    index = (DOCS / "index.md").read_text("utf-8")
    for page in Path(DOCS / "start").glob("*.md"):
        assert f"start/{page.stem}\n" in index
