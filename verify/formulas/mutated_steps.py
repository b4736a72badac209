"""Every step of every derivation, with one mistake each: none of them may be confirmed.

    python -m verify.formulas.mutated_steps
    python -m verify.formulas.mutated_steps constant mse --seconds 5

A mutant that is true as well is confirmed, rightly; which ones are, and why, stands in
``true_steps.toml``. A check that a mutant keeps busy for longer than some seconds
confirms nothing.
"""

import argparse
import signal
import sys
import tomllib
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from sympy import Eq

from theory.derivations import NAMES, derive
from theory.verdict import Verdict
from verify.formulas.mutate import changed

LISTED = Path(__file__).parent / "true_steps.toml"
SECONDS = 10
CONFIRMED, REFUTED, OPEN, BUSY = "confirmed", "refuted", "open", "busy"


@dataclass(frozen=True, slots=True)
class MutatedStep:
    """A step with one mistake in its statement.

    Attributes
    ----------
    derivation, number
        Which step it was.
    where
        The kind of mistake, the piece that was changed, and what it became.
    statement
        The statement with the mistake.
    """

    derivation: str
    number: int
    where: str
    statement: Any

    @property
    def name(self) -> str:
        """What identifies it in the list of those that are true."""
        return f"{self.derivation} {self.number} {self.where}"

    def verdict(self, seconds: int = SECONDS) -> str:
        """``confirmed``, ``refuted``, ``open``, or ``busy`` after so many seconds."""
        step = replace(
            derive(self.derivation).steps[self.number - 1], statement=self.statement
        )
        before = signal.signal(signal.SIGALRM, _too_long)
        signal.alarm(seconds)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = step.check().verdict
        except _TooLong:
            return BUSY
        except Exception:  # a statement without a meaning proves nothing
            return OPEN
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, before)
        return {Verdict.CONFIRMED: CONFIRMED, Verdict.REFUTED: REFUTED}.get(found, OPEN)


class _TooLong(BaseException):
    """Raised by the alarm; no check may catch it."""


def _too_long(*_: Any) -> None:
    raise _TooLong


def mutated_steps(names: Iterable[str] = NAMES) -> Iterator[MutatedStep]:
    """Every step of these derivations with every mistake, on either side.

    Examples
    --------
    >>> first = next(mutated_steps(["parity"]))
    >>> first.derivation, first.number
    ('parity', 1)
    """
    for name in names:
        for number in range(1, len(derive(name).steps) + 1):
            yield from of_step(name, number)


def of_step(name: str, number: int) -> Iterator[MutatedStep]:
    """One step of a derivation with every mistake, on either side."""
    step = derive(name).steps[number - 1]
    sides, seen = step.statement.args, Counter()
    for place in (1, 0):
        for kind, where, other in changed(sides[place]):
            both = [*sides]
            both[place] = other
            try:
                statement = step.statement.func(*both, evaluate=False)
            except (TypeError, ValueError, AttributeError):
                continue  # SymPy itself refuses it
            if isinstance(step.statement, Eq) and both[0] == both[1]:
                continue
            words = f"{('left', 'right')[place]} [{kind}] {where}"
            seen[words] += 1
            again = f" ({seen[words]})" if seen[words] > 1 else ""
            yield MutatedStep(name, number, words + again, statement)


def reasons() -> dict[str, str]:
    """Mutants that are true, each with the reason."""
    groups = tomllib.loads(LISTED.read_text("utf-8")).get("true", [])
    return {
        f"{group['step']} {mutant}": group["reason"]
        for group in groups
        for mutant in group["mutants"]
    }


def sample(steps: int, each: int, seed: int) -> list[MutatedStep]:
    """Some mutants of some steps, drawn at random."""
    random = Random(seed)
    places = [(n, k) for n in NAMES for k in range(1, len(derive(n).steps) + 1)]
    found = []
    for place in random.sample(places, steps):
        every = list(of_step(*place))
        found += random.sample(every, min(each, len(every)))
    return found


def main(given: list[str] | None = None) -> int:
    """Judge every mutant; exit code 1 if one is confirmed that is not listed."""
    name = "python -m verify.formulas.mutated_steps"
    parser = argparse.ArgumentParser(prog=name)
    parser.add_argument("names", nargs="*", help="derivations; all by default")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="for each")
    asked = parser.parse_args(given)
    true, count = reasons(), Counter()
    for mutant in mutated_steps(asked.names or NAMES):
        found = mutant.verdict(asked.seconds)
        if found == CONFIRMED and mutant.name in true:
            found = "true and confirmed"
        count[found] += 1
        if found in (CONFIRMED, OPEN, BUSY):
            print(f"{found:9}  {mutant.name}", flush=True)
    print(", ".join(f"{number} {what}" for what, number in sorted(count.items())))
    return int(count[CONFIRMED] > 0)


if __name__ == "__main__":
    sys.exit(main())
