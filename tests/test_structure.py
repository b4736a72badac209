"""What keeps the house as it is: no circles, small folders, names that occur once."""

import ast
from collections import defaultdict

import pytest
from house import PACKAGES, TOP, House, circles

MOST_FILES = 12
DOORS: dict[str, set[str]] = {
    "theory.domains.domain": {"theory.eigenvalues.level_eigenvalue"},
}
"""Modules that may import upward, each with what it may import."""


@pytest.fixture(scope="module")
def house() -> House:
    return House()


def test_no_module_imports_itself_through_others(house):
    graph = house.graph(DOORS)
    assert not [{m: graph[m] & circle for m in circle} for circle in circles(graph)]


def test_every_door_is_used(house):
    for module, above in DOORS.items():
        assert above <= house.imports(module)


@pytest.mark.parametrize(
    "above",
    [
        "from house_of_two.low import low",
        "def lazy():\n    from house_of_two.low import low",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
        "    from house_of_two.low import low",
        "from house_of_two import low",
        "import house_of_two\nlow = house_of_two.low",
        "import house_of_two.low",
        "def lazy():\n    from house_of_two import lazily",
    ],
)
def test_circles_are_found_however_they_are_imported(tmp_path, above):
    folder = tmp_path / "house_of_two"
    folder.mkdir()
    (folder / "__init__.py").write_text(
        "from house_of_two.low import low\nLAZY = {'lazily': 'low'}\n"
    )
    (folder / "low.py").write_text("from house_of_two.high import high\nlow = 1\n")
    (folder / "high.py").write_text(f"{above}\nhigh = 2\n")
    both = {"house_of_two.low", "house_of_two.high"}
    assert circles(House(tmp_path, ("house_of_two",)).graph({})) == [both]


def test_a_face_may_import_its_parts_and_they_may_not_import_each_other(tmp_path):
    folder = tmp_path / "house_of_two"
    folder.mkdir()
    (folder / "__init__.py").write_text("from house_of_two.high import high\n")
    (folder / "low.py").write_text("low = 1\n")
    (folder / "high.py").write_text("from house_of_two.low import low\nhigh = low\n")
    house = House(tmp_path, ("house_of_two",))
    assert circles(house.graph({})) == []
    assert house.imports("house_of_two.high") == {"house_of_two.low"}


def test_no_folder_has_too_many_files():
    found = set()
    for package in (*PACKAGES, "tests"):
        for folder in (TOP / package, *(TOP / package).rglob("*")):
            files = [f.name for f in folder.glob("*.py") if f.name != "__init__.py"]
            if len(files) > MOST_FILES:
                found.add(folder.relative_to(TOP).as_posix())
    assert not found


def test_a_class_name_occurs_once(house):
    homes = defaultdict(set)
    for name, module in house.classes():
        homes[name].add(module)
    assert not {name: where for name, where in homes.items() if len(where) > 1}


def test_no_package_exports_a_name_of_its_own_module(house):
    found = set()
    for face in filter(house.is_face, house.files):
        for name, (source, original) in house.bound(face).items():
            module = f"{face}.{name}"
            if module in house.files and module != f"{source}.{original}":
                found.add(module)
    assert not found


def test_folders_of_tests_are_folders_of_the_packages():
    for folder in (TOP / "tests").rglob("*"):
        if folder.is_dir() and folder.name not in {"__pycache__", "planted_faults"}:
            mirrored = TOP / folder.relative_to(TOP / "tests")
            assert mirrored.is_dir(), folder.relative_to(TOP)


CONCRETE = {"Hypercube", "Hypersphere", "UnitCircle"}
KINDS = {"hypercube", "sphere", "circle", "circle_points"}
CHECKS = {"isinstance", "issubclass"}


def asks_for_a_domain(tree: ast.Module) -> list[int]:
    """Lines that ask whether something is one of the concrete domains.

    Names that stand for them (a tuple, a union, an alias) count, as do class patterns
    and comparisons of types.
    """
    names = set(CONCRETE)

    def mentions(node: ast.AST) -> bool:
        return any(
            (isinstance(x, ast.Name) and x.id in names)
            or (isinstance(x, ast.Attribute) and x.attr in CONCRETE)
            for x in ast.walk(node)
        )

    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names |= {a.asname for a in node.names if a.asname and a.name in CONCRETE}
    known = -1
    while known < len(names):
        known = len(names)
        for node in ast.walk(tree):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    kinds = (ast.Name, ast.Tuple, ast.List, ast.BinOp, ast.Attribute)
                    if isinstance(value, kinds) and mentions(value):
                        names.add(name)
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[_, asked]) if name in CHECKS:
                found += [node.lineno] * mentions(asked)
            case ast.MatchClass(cls=cls):
                found += [node.lineno] * mentions(cls)
            case ast.Compare(left=ast.Call(func=ast.Name(id="type"))):
                found += [node.lineno] * mentions(node)
            case ast.Compare(left=left, comparators=others):
                found += [node.lineno] * any(map(names_a_kind, [left, *others]))
            case ast.MatchValue(value=ast.Constant(value=str(word))) if word in KINDS:
                found.append(node.value.lineno)
    return found


def names_a_kind(node: ast.expr) -> bool:
    """Whether a side of a comparison is the name of a kind, or a list of such names."""
    parts = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    return any(isinstance(x, ast.Constant) and x.value in KINDS for x in parts)


def test_no_code_outside_the_domains_asks_which_one_it_has(house):
    found = {
        module: asks_for_a_domain(tree)
        for module, tree in house.trees.items()
        if not module.startswith("theory.domains")
        and any(word in house.texts[module] for word in CONCRETE | KINDS)
    }
    assert not {module: lines for module, lines in found.items() if lines}


@pytest.mark.parametrize(
    "line",
    [
        "isinstance(x, Hypercube)",
        "isinstance(x, (int, domains.UnitCircle))",
        "isinstance(x, Hypercube | int)",
        "known = (Hypercube, UnitCircle)\nisinstance(x, known)",
        "A = Hypercube | int\nB = (A, str)\nisinstance(x, B)",
        "from theory import Hypersphere as S\nisinstance(x, S)",
        "type(x) is Hypercube",
        "match x:\n    case Hypercube():\n        pass",
        "x.kind == 'hypercube'",
        "x.kind not in ('sphere', 'Hyper')",
        "match x.kind:\n    case 'circle':\n        pass",
    ],
)
def test_such_questions_are_found(line):
    assert asks_for_a_domain(ast.parse(line))
    other = line.replace("Hyper", "H").replace("Unit", "")
    for kind in KINDS:
        other = other.replace(f"'{kind}'", "'other'")
    assert not asks_for_a_domain(ast.parse(other))
