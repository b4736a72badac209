"""``learnability derive``."""

from learnability.cli.options import Common


def derive(
    name: str | None = None,
    /,
    *,
    common: Common = Common(),  # noqa: B008  (frozen)
) -> int:
    """A derivation in steps, checked by machine; without NAME, a list.

    Every step is shown with its verdict. Exit code 0 confirmed, 1 refuted, 3
    inconclusive.

    An example:
    learnability derive conservation --output conservation.tex

    Parameters
    ----------
    name
        The derivation, such as conservation.
    """
    from learnability.cli.emit import sink

    out = sink(common, ("text", "latex", "markdown", "json"))

    from theory import derivations
    from verify.verdicts.verdict import Verdict

    if name is None:
        entries = {key: derivations.derive(key).title for key in derivations.NAMES}
        if out.format == "json":
            out.give_json(entries)
        else:
            width = max(map(len, entries))
            out.give("\n".join(f"{k.ljust(width)}  {v}" for k, v in entries.items()))
        return 0
    derivation = derivations.derive(name)
    checked = derivation.check()
    if out.format == "latex":
        out.give(derivation.latex(document=True))
    elif out.format == "json":
        steps = [
            {
                "says": step.says,
                "statement": str(step.statement),
                "latex": step.latex(),
                "because": step.because,
                "status": step.status,
                "verdict": report.verdict,
                "how": report.how,
                "detail": report.detail,
            }
            for step, report in zip(derivation.steps, checked.reports, strict=True)
        ]
        out.give_json(
            {
                "name": derivation.name,
                "title": derivation.title,
                "setting": derivation.setting,
                "source": str(derivation.source),
                "verdict": checked.verdict,
                "steps": steps,
            }
        )
    elif out.format == "markdown":
        out.give(_markdown(derivation, checked))
    else:
        out.give(f"{derivation}\n\nChecked by machine: {checked}")
    return Verdict(checked.verdict).exit_code


def _markdown(derivation, checked) -> str:
    lines = [f"# {derivation.title}", "", derivation.setting, ""]
    pairs = zip(derivation.steps, checked.reports, strict=True)
    for number, (step, report) in enumerate(pairs, 1):
        lines += [f"{number}. **{step.status}.** {step.says}", ""]
        lines += [f"   $$ {step.latex()} $$", "", f"   {step.because} ({report})", ""]
    return "\n".join(lines)
