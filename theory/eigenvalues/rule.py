"""A rule turns a function of the cosine into λ_k, or says why it does not."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from sympy import Expr

from theory.eigenvalues.algebra.proof import Proof
from theory.source import Source

Levels = Callable[[Expr], Expr]
Matcher = Callable[[Expr, Expr], "Levels | str"]


@dataclass(frozen=True, slots=True, repr=False)
class Rule:
    """One closed form, with its conditions, its source and its proof.

    Attributes
    ----------
    name
        Permanent name.
    says
        The closed form as a sentence.
    source
        Where it was published, or our own derivation.
    conditions
        When it holds, in words.
    match
        (function of t, ambient dimension) → λ as a function of the level, or the
        reason of a refusal as a sentence. On points of the circle their number stands
        in place of the dimension, on a domain that has none the domain itself.
    prove
        Builds the proof; nothing is computed before it is asked for.
    """

    name: str
    says: str
    source: Source
    conditions: str
    match: Matcher
    prove: Callable[[], Proof] | None = None
    parts: tuple["Rule", ...] = ()

    def proof(self) -> Proof:
        """The steps that prove the rule, for symbolic k and d."""
        if self.prove is not None:
            return self.prove()
        proofs = [part.proof() for part in self.parts]
        return Proof(
            self.name,
            "; ".join(dict.fromkeys(proof.method for proof in proofs)),
            tuple(step for proof in proofs for step in proof.steps),
        )

    def cite(self) -> str:
        """BibTeX of the source, under a line with the rule's permanent name."""
        entries = {self.source.bibtex(): None}
        entries |= {part.source.bibtex(): None for part in self.parts}
        return "\n".join([f"% learnability eigenvalue rule {self.name}", *entries])

    def __repr__(self) -> str:
        return f"<Rule {self.name}>"

    def __str__(self) -> str:
        return f"{self.name}: {self.says} ({self.source}; {self.conditions})"

    def __reduce__(self) -> Any:
        """By name and module: functions of a rule are not written into a file."""
        if self.parts:
            return joint, (self.parts,)
        return restore, (self.name, self.match.__module__)


def joint(parts: tuple[Rule, ...]) -> Rule:
    """The rule that sums what its parts give for the terms of a kernel."""
    first = parts[0]
    return replace(
        first,
        name="linearity: " + " + ".join(part.name for part in parts),
        says="λ_k is linear in K; a factor t is the t-shift. " + first.says,
        conditions="; ".join(dict.fromkeys(part.conditions for part in parts)),
        prove=None,
        parts=parts,
    )


def restore(name: str, home: str) -> Rule:
    """The rule of that name in the module that it comes from."""
    rules = (x for x in vars(import_module(home)).values() if isinstance(x, Rule))
    return next(rule for rule in rules if rule.name == name)
