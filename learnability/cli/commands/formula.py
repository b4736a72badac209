"""``learnability formula``."""

from typing import Annotated, Any

from cyclopts import Parameter

from learnability.cli.options import Common


def formula(
    name: str | None = None,
    /,
    *,
    search: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None,
    common: Common = Common(),  # noqa: B008  (frozen)
) -> None:
    """A formula with its conditions, source, judges and derivations; without NAME, all.

    An example:
    learnability formula test_mse --format latex

    Parameters
    ----------
    name
        The permanent name of a formula.
    search
        Words that name, sentence, status or source must hold.
    """
    from learnability.cli.emit import sink
    from learnability.errors import BadRequest

    if name is not None and search is not None:
        raise BadRequest(f"give NAME ({name}) or --search ({search}), not both")
    out = sink(common)

    from dataclasses import asdict

    from learnability.table import Column, Symbolic, Table
    from theory import formulas
    from theory.printing import latex
    from verify.whereabouts import whereabouts

    if name is not None and out.format != "csv":
        found = formulas[name]
        if out.format == "json":
            out.give_json(_record(found) | asdict(whereabouts(found)))
        elif out.format == "latex":
            out.give(f"\\begin{{equation}}\n  {found.latex()}\n\\end{{equation}}")
        elif out.format == "markdown":
            out.give(f"**{found.name}** ({found.status}). {found.says}\n\n$$ "
                     f"{found.latex()} $$\n\nSource: {found.source}.")  # fmt: skip
        else:
            out.give(f"{_text(found)}\n{whereabouts(found)}")
        return
    if name is not None:
        listed = [formulas[name]]
    else:
        listed = formulas.search(search) if search else list(formulas.values())
    if not listed:
        raise BadRequest(f"search = {search}: no formula holds these words")
    if out.format == "json":
        out.give_json([_record(one) for one in listed])
        return
    columns = (
        Column("name", "name", "name"),
        Column("status", "status", "status"),
        Column("source", "source", "source"),
        Column("says", "says", "formula"),
    )
    rows = tuple(
        (
            one.name,
            one.status,
            str(one.source),
            Symbolic(
                one.says
                if out.format != "csv"
                else f"{one.lhs} {one.relation} {one.rhs}",
                latex(one.equation),
            ),
        )
        for one in listed
    )
    made = Table(columns, rows, "Formulas of the theory.")
    out.give(getattr(made, out.format)())


def _record(one: Any) -> dict[str, Any]:
    return {
        "name": one.name,
        "says": one.says,
        "lhs": str(one.lhs),
        "relation": one.relation,
        "rhs": str(one.rhs),
        "latex": one.latex(),
        "status": one.status,
        "holds": str(one.holds),
        "given": one.given,
        "rewrites": one.rewrites,
        "source": str(one.source),
    }


def _text(one: Any) -> str:
    lines = [one.says, "", f"    {one.lhs} {one.relation} {one.rhs}", ""]
    lines.append(f"name      {one.name}")
    lines.append(f"status    {one.status}")
    if one.holds != True or one.given:  # noqa: E712  (a SymPy truth value)
        conditions = [str(one.holds)] if one.holds != True else []  # noqa: E712
        lines.append(
            f"holds     {'; '.join([*conditions, *filter(None, [one.given])])}"
        )
    if one.rewrites:
        lines.append(f"rewrites  {one.rewrites}")
    lines.append(f"source    {one.source}")
    lines.append(f"LaTeX     {one.latex()}")
    return "\n".join(lines)
