"""``learnability verify``."""

from pathlib import Path

from learnability.cli.options import Common, Whole

MAX_EXAMPLES = 1_000_000


def verify(
    suite: str,
    /,
    *,
    examples: Whole = "100",
    seed: Whole = "0",
    journal: Path | None = None,
    common: Common = Common(),  # noqa: B008  (frozen)
) -> int:
    """Test laws of the theory; exit code 0 confirmed, 1 refuted, 3 inconclusive.

    An example:
    learnability verify conservation --examples 200 --seed 1

    Parameters
    ----------
    suite
        conservation, theorems, mutants or all.
    examples
        Random cases for every claim.
    seed
        The same seed tests the same cases.
    journal
        A file that remembers finished cases: a run that was interrupted goes on there.
    """
    from learnability.cli.emit import sink
    from learnability.cli.options import whole
    from learnability.cli.progress import progress

    out = sink(common, ("text", "json"))

    from theory.numbers import integer
    from verify.exact import run
    from verify.report import as_json, as_text, overall

    cases = whole(examples, "--examples", MAX_EXAMPLES) or 1
    start = integer(seed, "--seed", most=2**63 - 1)
    with progress(quiet=common.quiet) as report:
        reports = run(
            suite, examples=cases, seed=start, progress=report, journal=journal
        )
    out.give(as_json(reports) if out.format == "json" else as_text(reports))
    return overall(reports).exit_code
