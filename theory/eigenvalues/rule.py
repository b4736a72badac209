"""A rule turns a function of the cosine into λ_k, or says why it does not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sympy import Expr

from theory.domains import Hypercube, Hypersphere, UnitCircle
from theory.eigenvalues.algebra.proof import Proof
from theory.source import Source

Domain = Hypercube | Hypersphere | UnitCircle
Levels = Callable[[Expr], Expr]
Matcher = Callable[[Expr, Expr], "Levels | str"]


@dataclass(frozen=True, slots=True)
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
        reason of a refusal as a sentence.
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

    def __str__(self) -> str:
        return f"{self.name}: {self.says} ({self.source}; {self.conditions})"

    def __reduce__(self) -> Any:
        from theory.eigenvalues.rules_by_domain import restore

        return restore, (self.name, tuple(part.name for part in self.parts))
