"""``learnability verify``."""

from dataclasses import replace
from pathlib import Path

from learnability.cli.options import Common, Whole

MAX_EXAMPLES = 1_000_000


def verify(
    suite: str | None = None,
    /,
    *,
    examples: Whole | None = None,
    seed: Whole = "0",
    journal: Path | None = None,
    specification: Path | None = None,
    device: str | None = None,
    environment: Path | None = None,
    common: Common = Common(),  # noqa: B008  (frozen)
) -> int:
    """Test laws of the theory; exit code 0 confirmed, 1 refuted, 3 inconclusive or not run.

    An example:
    learnability verify conservation --examples 200 --seed 1

    Parameters
    ----------
    suite
        A name of the list that the command prints without one, or all.
    examples
        Random cases for every claim; 100 by default.
    seed
        The same seed tests the same cases.
    journal
        A file that remembers finished cases: a run that was interrupted goes on there.
    specification
        A TOML file that says what is tested, in place of the suite's own.
    device
        Where nets are trained: cpu, gpu or gpu:1.
    environment
        The folder of the oracle's own environment, in place of the user's cache; it is
        built there (about 560 MB) unless it is there already.
    """
    from learnability.cli.emit import sink
    from learnability.cli.options import whole
    from learnability.cli.progress import progress

    out = sink(common, ("text", "json"))
    if suite is None:
        from verify.suites import SUITES

        width = max(map(len, SUITES))
        lines = [f"{name.ljust(width)}  {x.title}" for name, x in SUITES.items()]
        lines.append(f"{'all'.ljust(width)}  all of these")
        out.give("\n".join(lines) + "\n")
        return 0

    from theory.numbers import integer
    from verify.exact.testing.law import EXAMPLES
    from verify.planted.noticed import notes
    from verify.suites import Request, names, run
    from verify.verdicts.report import as_json, as_text, overall

    asked = Request(
        examples=whole(examples, "--examples", MAX_EXAMPLES),
        seed=integer(seed, "--seed", most=2**63 - 1),
        journal=journal,
        specification=specification,
        device=device,
        environment=environment,
    )
    with progress(quiet=common.quiet) as report:
        reports = run(suite, replace(asked, progress=report))
    said = notes(names(suite), asked.examples or EXAMPLES)
    text = as_json if out.format == "json" else as_text
    out.give(text(reports, said))
    return overall(reports).exit_code
