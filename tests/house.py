"""The imports of the four packages, read from their syntax trees.

Every import counts: those inside functions and those for types alone. What a file takes
from a face (an ``__init__``) is followed to the module where it is defined, so that a
face, which may import what stands above its parts, hides nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

TOP = Path(__file__).parents[1]
PACKAGES = ("theory", "numerics", "verify", "learnability")


class House:
    """All modules of some packages.

    Attributes
    ----------
    files
        Module name → path; a package has the name of its folder.
    """

    def __init__(self, top: Path = TOP, packages: tuple[str, ...] = PACKAGES) -> None:
        self.files: dict[str, Path] = {}
        for package in packages:
            for path in sorted((top / package).rglob("*.py")):
                parts = path.relative_to(top).with_suffix("").parts
                self.files[".".join(parts).removesuffix(".__init__")] = path
        self._bound: dict[str, dict[str, tuple[str, str | None]]] = {}

    @cached_property
    def texts(self) -> dict[str, str]:
        """The source of every module."""
        return {module: path.read_text("utf-8") for module, path in self.files.items()}

    @cached_property
    def trees(self) -> dict[str, ast.Module]:
        """The syntax tree of every module."""
        return {module: ast.parse(text) for module, text in self.texts.items()}

    @cached_property
    def nodes(self) -> dict[str, list[ast.AST]]:
        """All nodes of every tree."""
        return {module: list(ast.walk(tree)) for module, tree in self.trees.items()}

    def is_face(self, module: str) -> bool:
        """Whether it is a package's ``__init__``."""
        return self.files[module].name == "__init__.py"

    def defined_in(self, module: str, name: str | None) -> str | None:
        """The module that a name of a module comes from; None outside the house."""
        if name is not None and self.is_face(module):
            bound = self.bound(module).get(name)
            if bound is not None:
                return self.defined_in(*bound) if bound[0] in self.files else None
        inner = f"{module}.{name}"
        if name is not None and inner in self.files:
            return inner
        return module

    def bound(self, face: str) -> dict[str, tuple[str, str | None]]:
        """What a face imports, at once or on demand: name → (module, name there)."""
        if face not in self._bound:
            found: dict[str, tuple[str, str | None]] = {}
            for node in _outside_functions(self.trees[face]):
                match node:
                    case ast.ImportFrom(module=str(source), level=0):
                        for alias in node.names:
                            name = alias.asname or alias.name
                            # ``from package import part`` binds the part itself
                            if (source, alias.name) != (face, name):
                                found[name] = (source, alias.name)
                    case ast.Dict():
                        for key, value in zip(node.keys, node.values, strict=True):
                            found |= self._on_demand(face, [key], value)
                    case ast.Call(
                        func=ast.Attribute(attr="fromkeys"), args=[ast.Tuple(), value]
                    ):
                        found |= self._on_demand(face, node.args[0].elts, value)  # type: ignore[attr-defined]
            self._bound[face] = found
        return self._bound[face]

    def _on_demand(self, face, names, value) -> dict[str, tuple[str, str | None]]:
        """A line of a face's table of names that are imported when they are used."""
        if not isinstance(value, ast.Constant) or not isinstance(value.value, str):
            return {}
        for home in (value.value, f"{face}.{value.value}"):
            if home in self.files:
                keys = (n.value for n in names if isinstance(n, ast.Constant))
                return {key: (home, key) for key in keys if isinstance(key, str)}
        return {}

    def imports(self, module: str) -> set[str]:
        """The modules that a module takes something from, itself left out."""
        found: set[str] = set()
        local: dict[str, str] = {}  # names of this file that stand for a package
        nodes = self.nodes[module]
        for node in nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name in self.files:
                        top = alias.name.partition(".")[0]
                        local[alias.asname or top] = alias.name if alias.asname else top
                        found.add(alias.name)
            elif isinstance(node, ast.ImportFrom) and node.module in self.files:
                for alias in node.names:
                    home = self.defined_in(node.module, alias.name)
                    if home is not None:
                        found.add(home)
                        if self.is_face(home):
                            local[alias.asname or alias.name] = home
        for node in nodes if local else ():
            if isinstance(node, ast.Attribute):
                home = self._used(node, local)
                if home is not None:
                    found.add(home)
        return {m for m in found if not self.is_face(m)} - {module}

    def _used(self, node: ast.expr, local: dict[str, str]) -> str | None:
        """The module behind ``package.part.name``, where ``package`` was imported."""
        if isinstance(node, ast.Name):
            return local.get(node.id)
        if isinstance(node, ast.Attribute):
            before = self._used(node.value, local)
            if before is not None and self.is_face(before):
                return self.defined_in(before, node.attr)
        return None

    def graph(self, doors: dict[str, set[str]]) -> dict[str, set[str]]:
        """Module → imported modules; without faces, and without what doors may take."""
        return {
            m: self.imports(m) - doors.get(m, set())
            for m in self.files
            if not self.is_face(m)
        }

    def classes(self) -> Iterator[tuple[str, str]]:
        """Every class that stands at the top of a module, with the module."""
        for module, tree in self.trees.items():
            for node in tree.body:
                if isinstance(node, ast.ClassDef):
                    yield node.name, module


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those inside functions."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef):
            yield from _outside_functions(child)


def circles(graph: dict[str, set[str]]) -> list[set[str]]:
    """Sets of modules each of which can be reached from each other (Tarjan 1972).

    Examples
    --------
    >>> circles({"a": {"b"}, "b": {"a", "c"}, "c": set()}) == [{"a", "b"}]
    True
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[set[str]] = []

    def visit(v: str) -> None:
        index[v] = low[v] = len(index)
        stack.append(v)
        for w in graph.get(v, ()):
            if w not in index:
                visit(w)
                low[v] = min(low[v], low[w])
            elif w in stack:
                low[v] = min(low[v], index[w])
        if low[v] == index[v]:
            circle = set(stack[stack.index(v) :])
            del stack[stack.index(v) :]
            if len(circle) > 1:
                found.append(circle)

    for v in graph:
        if v not in index:
            visit(v)
    return found
