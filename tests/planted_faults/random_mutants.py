"""Random mutants of a module, and how many its nearest tests notice.

    python -m tests.planted_faults.random_mutants --count 12 --seed 1

Operators, comparisons, constants by one, conditions, swapped arguments and removed
statements, drawn without regard to what they do. What goes unnoticed is printed; with
``--page`` the table in docs/verify.md is written.
"""

import argparse
import ast
import copy
import random
import sys
from collections.abc import Iterator

from scipy.stats import beta

from tests.planted_faults.__main__ import ORDER, prepare, run
from verify.planted.fault import TOP, Fault

MODULES = {
    "verify/verdicts/intervals.py": "tests/verify/verdicts/test_intervals.py",
    "verify/verdicts/agreement.py": "tests/verify/verdicts/test_agreement.py",
    "verify/verdicts/calibrated_tests.py": (
        "tests/verify/verdicts/test_calibrated_tests.py"
    ),
    "verify/regression/draws.py": "tests/verify/regression/test_draws.py",
    "numerics/statistics/limits.py": "tests/numerics/statistics/test_limits.py",
    "theory/eigenvalues/sphere/monomial.py": (
        "tests/theory/eigenvalues/sphere/test_high_powers.py"
    ),
}
"""Module → the tests nearest to it."""
PAGE, START, END = TOP / "docs/verify.md", "<!-- mutants -->", "<!-- end of mutants -->"
OTHER: dict[type, type] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.USub: ast.UAdd,
}


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST | None]]:
    """What may stand in place of a node, with words; None for nothing at all."""
    if isinstance(node, (ast.BinOp, ast.UnaryOp)) and type(node.op) in OTHER:
        other = copy.deepcopy(node)
        other.op = OTHER[type(node.op)]()
        yield "operator", other
    elif isinstance(node, ast.BoolOp):
        other = copy.deepcopy(node)
        other.op = OTHER[type(node.op)]()
        yield "condition", other
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in OTHER:
        other = copy.deepcopy(node)
        other.ops[0] = OTHER[type(node.ops[0])]()
        yield "comparison", other
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        for step in (-1, 1):
            yield "constant", ast.Constant(node.value + step)
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        yield "constant", ast.Constant(not node.value)
    elif isinstance(node, ast.Call) and len(node.args) > 1:
        other = copy.deepcopy(node)
        other.args[:2] = other.args[1::-1]
        yield "arguments", other
    elif isinstance(node, (ast.Assign, ast.AugAssign, ast.Raise)):
        yield "statement", ast.Pass()
    elif isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant):
        yield "statement", ast.Pass()


class Replacement(ast.NodeTransformer):
    """Puts another node in place of the one with a number, in the order of a walk."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        """The other node, or what is inside of this one."""
        return self.new if node is self.old else super().visit(node)


def inside(tree: ast.Module) -> Iterator[ast.AST]:
    """Nodes of the bodies of functions: names, texts and types outside say little."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for statement in function.body:
                yield from ast.walk(statement)


def mutants(file: str, test: str) -> list[tuple[str, Fault]]:
    """Every mutant of a module, with what was changed in words."""
    source = (TOP / file).read_text("utf-8")
    tree = ast.parse(source)
    found = {}
    for node in inside(tree):
        for kind, other in changes(node):
            ast.copy_location(other, node)
            new = Replacement(node, ast.fix_missing_locations(other)).visit(tree)
            text = ast.unparse(new)
            # back to what it was: the tree is shared
            Replacement(other, node).visit(tree)
            line = source.splitlines()[node.lineno - 1].strip()
            shown = f"line {node.lineno}, {kind}: {line} → {ast.unparse(other)[:60]}"
            found[text] = (shown, Fault(file, source, text, kind, test))
    return list(found.values())


def interval(noticed: int, count: int) -> tuple[float, float]:
    """The 95 % interval of Clopper and Pearson."""
    low = beta.ppf(0.025, noticed, count - noticed + 1) if noticed else 0.0
    high = beta.ppf(0.975, noticed + 1, count - noticed) if noticed < count else 1.0
    return float(low), float(high)


def main(given: list[str] | None = None) -> int:
    """Draw mutants of every module and run them."""
    name = "python -m tests.planted_faults.random_mutants"
    parser = argparse.ArgumentParser(prog=name)
    parser.add_argument("--count", type=int, default=12, help="mutants of each module")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="part of a module's name")
    parser.add_argument("--page", action="store_true", help="write docs/verify.md")
    asked = parser.parse_args(given)
    rows, total, seen = [], 0, 0
    place = lambda item: ORDER.index(item[0].split("/")[0])
    for file, test in sorted(MODULES.items(), key=place):
        prepare(file.split("/")[0])
        if asked.only not in file:
            continue
        every = mutants(file, test)
        drawn = random.Random(f"{asked.seed} {file}").sample(
            every, min(asked.count, len(every))
        )
        noticed = 0
        for shown, fault in drawn:
            code, _ = run(fault)
            # a module that cannot be imported is noticed by whoever imports it
            good = code != 0
            noticed += good
            if not good:
                print(f"NOT NOTICED  {file}: {shown}", flush=True)
        low, high = interval(noticed, len(drawn))
        share = f"{noticed} of {len(drawn)}"
        rows.append(f"| `{file}` | {len(every)} | {share} | {low:.2f} to {high:.2f} |")
        print(rows[-1], flush=True)
        total, seen = total + len(drawn), seen + noticed
    low, high = interval(seen, total)
    rows.append(f"| together | | {seen} of {total} | {low:.2f} to {high:.2f} |")
    print(rows[-1])
    if asked.page:
        head = ["| module | mutants | noticed | 95 % interval |", "|---|---|---|---|"]
        page = PAGE.read_text("utf-8")
        before, _, rest = page.partition(START)
        _, _, after = rest.partition(END)
        lines = "\n".join([START, *head, *rows, END])
        PAGE.write_text(before + lines + after, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
