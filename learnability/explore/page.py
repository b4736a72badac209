"""The explorer as a marimo app: controls, what the theory says, a live simulation."""

import marimo

app = marimo.App(width="medium", app_title="learnability")


@app.cell
def _():
    from html import escape

    import marimo as mo

    from learnability.explore import charts, start_values, tables
    from learnability.explore.bounded import workers
    from learnability.explore.question import (
        ExplorerQuery,
        activation_names,
        kernel_text,
    )
    from theory.errors import EngineError

    return (
        EngineError,
        ExplorerQuery,
        activation_names,
        charts,
        escape,
        kernel_text,
        mo,
        start_values,
        tables,
        workers,
    )


@app.cell
def _(mo):
    mo.md("""
    # learnability

    Choose a domain, a kernel and a target: the theory follows. Every control can be
    reached with Tab and moved with the arrow keys.
    """)


@app.cell
def _(activation_names, mo, start_values):
    given = start_values or mo.cli_args()
    domain = mo.ui.text(value=str(given.get("domain") or "hypercube:8"), label="domain")
    family = mo.ui.dropdown(
        ["ntk", "nngp", "gaussian", "laplace", "exponential", "polynomial",
         "arc_cosine", "own"],
        value="own" if given.get("kernel") else "ntk",
        label="kernel",
    )  # fmt: skip
    activation = mo.ui.dropdown(activation_names(), value="relu", label="activation")
    depth = mo.ui.slider(1, 32, value=4, label="depth", show_value=True)
    weight = mo.ui.slider(
        0.1, 5, step=0.1, value=2, label="weight variance σ_w²", show_value=True
    )
    bias = mo.ui.slider(
        0, 2, step=0.01, value=0.01, label="bias variance σ_b²", show_value=True
    )
    parameter = mo.ui.number(
        start=0.01, stop=100, step=0.01, value=1, label="width, β, degree or order"
    )
    own = mo.ui.text(
        value=str(given.get("kernel") or "expr:1/(2 - t)"),
        label="own kernel",
        full_width=True,
    )
    target = mo.ui.text(value=str(given.get("target") or "1=1"), label="target")
    n = mo.ui.slider(
        steps=[*range(1, 65), *range(68, 129, 4), *range(136, 256, 8), 255, 256,
               *range(288, 513, 32), *range(576, 1025, 64)],
        value=32,
        label="training points n",
        show_value=True,
        full_width=True,
    )  # fmt: skip
    ridge = mo.ui.text(value="0", label="ridge δ")
    noise = mo.ui.text(value="0", label="noise σ²")
    return (
        activation,
        bias,
        depth,
        domain,
        family,
        n,
        noise,
        own,
        parameter,
        ridge,
        target,
        weight,
    )


@app.cell
def _(
    activation,
    bias,
    depth,
    domain,
    family,
    mo,
    n,
    noise,
    own,
    parameter,
    ridge,
    target,
    weight,
):
    if family.value in {"ntk", "nngp"}:
        _kernel = mo.hstack(
            [activation, depth, weight, bias], wrap=True, justify="start"
        )
    elif family.value == "own":
        _kernel = own
    else:
        _kernel = parameter
    mo.vstack(
        [
            mo.hstack([domain, family], justify="start"),
            _kernel,
            mo.hstack([target, ridge, noise], wrap=True, justify="start"),
            n,
        ]
    )


@app.cell
def _(
    EngineError,
    ExplorerQuery,
    activation,
    bias,
    depth,
    domain,
    escape,
    family,
    kernel_text,
    mo,
    n,
    noise,
    own,
    parameter,
    ridge,
    target,
    weight,
    workers,
):
    _names = {
        "gaussian": "width",
        "laplace": "width",
        "exponential": "beta",
        "polynomial": "degree",
        "arc_cosine": "order",
    }
    if family.value == "own":
        _kernel = own.value
    else:
        _number = f"{parameter.value:g}"
        _other = [(_names[family.value], _number)] if family.value in _names else []
        _kernel = kernel_text(
            family.value,
            activation.value,
            depth.value,
            f"{weight.value:g}",
            f"{bias.value:g}",
            _other,
        )
    question = ExplorerQuery(
        domain.value, _kernel, target.value, n.value, ridge.value, noise.value
    )
    answer, refusal = None, ""
    try:
        answer = workers.ask("answer", question)
    except EngineError as error:
        refusal = escape(str(error))
    mo.stop(
        answer is None, mo.callout(mo.md(f"**Not possible:** {refusal}"), kind="danger")
    )
    return answer, question


@app.cell
def _(answer, mo, tables):
    mo.hstack(
        [mo.Html(tables.numbers(answer)), mo.Html(tables.levels(answer))],
        wrap=True,
        align="start",
        justify="start",
        gap=3,
    )


@app.cell
def _(answer, charts, mo):
    mo.hstack(
        [mo.Html(charts.spectrum_chart(answer)), mo.Html(charts.curve_chart(answer))],
        wrap=True,
        justify="start",
    )


@app.cell
def _(answer, charts, mo):
    mo.Html(charts.budget_chart(answer))


@app.cell
def _(EngineError, answer, escape, mo, question, tables, workers):
    try:
        _text = tables.measured(answer, workers.ask("simulate", question))
    except EngineError as error:
        _text = f"No simulation: {escape(str(error))}."
    mo.md(_text)


@app.cell
def _(answer, mo, question):
    mo.vstack(
        [
            mo.md("### The kernel"),
            mo.md(f"$$ {answer.formula} $$").style(
                {"max-height": "24rem", "overflow": "auto"}
            ),
            mo.accordion(
                {
                    "Copy as Python": mo.md(f"```python\n{question.python}```"),
                    "Copy as LaTeX": mo.md(f"```latex\n{answer.tex}```"),
                    "Copy as a command": mo.md(f"```sh\n{question.command}\n```"),
                },
                multiple=True,
            ),
        ]
    )


if __name__ == "__main__":
    app.run()
