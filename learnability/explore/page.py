# /// script
# [tool.marimo.display]
# theme = "system"
# ///
"""The explorer as a marimo app: controls, what the theory says, a live simulation.

The names of cells are places of ``page.css``.
"""

import marimo

app = marimo.App(width="full", app_title="learnability", css_file="page.css")


@app.cell
def setup():
    from concurrent.futures import ThreadPoolExecutor
    from html import escape

    import marimo as mo

    from learnability.explore import charts, copies, start_values, tables
    from learnability.explore import controls as spelled
    from learnability.explore.bounded import workers
    from learnability.explore.question import ExplorerQuery, each, kernels_in
    from theory.activations import ACTIVATIONS
    from theory.errors import EngineError

    def ask(what, questions):
        """An answer, or the sentence of a refusal, for every question."""

        def one(question):
            try:
                return workers.ask(what, question)
            except EngineError as error:
                return str(error)

        with ThreadPoolExecutor(len(questions)) as threads:
            return list(threads.map(one, questions))

    remembered = {"answers": []}
    return (
        ACTIVATIONS,
        EngineError,
        ExplorerQuery,
        ask,
        charts,
        copies,
        each,
        escape,
        kernels_in,
        mo,
        remembered,
        spelled,
        start_values,
        tables,
    )


@app.cell
def title(mo):
    # headings without h1 and h2, of which marimo would draw a map at the margin
    mo.Html(
        '<p role="heading" aria-level="1" class="heading">learnability</p>'
        "<p>Choose a domain, kernels and a target: the theory follows.</p>"
    )


@app.cell
def given(ACTIVATIONS, EngineError, kernels_in, mo, spelled, start_values):
    # read once: a change of the address must not reset the controls
    start = dict(start_values or mo.cli_args()) | mo.query_params().to_dict()
    start = {name: str(text) for name, text in start.items() if text is not None}
    try:
        _kernels = kernels_in(start.get("kernel", spelled.Controls().kernel))
    except EngineError:
        _kernels = [start["kernel"]]
    first = spelled.controls_of(_kernels[0])
    domain = mo.ui.text(value=start.get("domain", "hypercube:8"), label="domain")
    label = mo.ui.text(value=start.get("label", ""), label="label")
    norms = mo.ui.dropdown(
        ["own", "equal"],
        value=start.get("norms") if start.get("norms") == "equal" else "own",
        label="norms",
    )
    family = mo.ui.dropdown(
        list(spelled.families()), value=first.family, label="kernel"
    )
    activation = mo.ui.dropdown(
        list(ACTIVATIONS),
        value=first.activation,
        label="activation\N{NO-BREAK SPACE}$\\varphi$",
    )
    depth = mo.ui.slider(
        *spelled.DEPTHS, value=first.depth, label="depth", show_value=True
    )

    def _slider(grid, value, label):
        least, most, step = map(float, grid)
        return mo.ui.slider(
            least, most, step=step, value=float(value), label=label, show_value=True
        )

    weight = _slider(
        spelled.WEIGHT_VARIANCES,
        first.weight_variance,
        "weights\N{NO-BREAK SPACE}$\\sigma_w^2$",
    )
    bias = _slider(
        spelled.BIAS_VARIANCES,
        first.bias_variance,
        "biases\N{NO-BREAK SPACE}$\\sigma_b^2$",
    )
    own = mo.ui.text(value=first.own, label="kernel's text", full_width=True)
    others = mo.ui.text_area(
        value="\n".join(_kernels[1:]),
        label="compare with, a kernel a line",
        placeholder="nngp:relu:depth=4\nexpr:1/(2 - t)",
        rows=3,
        full_width=True,
    )
    target = mo.ui.text(value=start.get("target", "1=1"), label="target")
    _steps = {*range(1, 65), *range(68, 129, 4), *range(136, 256, 8), 255, 256}
    _steps |= {*range(288, 513, 32), *range(576, 1025, 64)}
    _n = int(start["n"]) if start.get("n", "").isdecimal() else 32
    _n = min(max(_n, 1), 10**6)
    n = mo.ui.slider(
        steps=sorted(_steps | {_n}),
        value=_n,
        label="training points $n$",
        show_value=True,
        full_width=True,
    )
    ridge = mo.ui.text(
        value=start.get("ridge", "0"), label="ridge\N{NO-BREAK SPACE}$\\delta$"
    )
    noise = mo.ui.text(
        value=start.get("noise", "0"), label="noise\N{NO-BREAK SPACE}$\\sigma^2$"
    )
    return (
        activation,
        bias,
        depth,
        domain,
        family,
        first,
        label,
        n,
        noise,
        norms,
        others,
        own,
        ridge,
        target,
        weight,
    )


@app.cell
def of_family(family, first, mo, spelled):
    _same = family.value == first.family
    _value = float(first.parameter if _same else spelled.usual(family.value))
    parameter = mo.ui.number(
        *map(float, spelled.PARAMETERS),
        value=_value,
        label=spelled.families()[family.value] or "parameter",
    )
    return (parameter,)


@app.cell
def controls(
    activation,
    bias,
    depth,
    domain,
    family,
    label,
    mo,
    n,
    noise,
    norms,
    others,
    own,
    parameter,
    ridge,
    spelled,
    target,
    weight,
):
    if family.value in spelled.NETS:
        _kernel = [activation, depth, weight, bias]
    else:
        _kernel = [own if family.value == spelled.OWN else parameter]
    _on_data = domain.value.strip().startswith("data:")
    _task = [label, norms, ridge] if _on_data else [target, ridge, noise]
    mo.vstack([domain, family, *_kernel, others, *_task, n], gap=0.6)


@app.cell
def asking(
    EngineError,
    ExplorerQuery,
    activation,
    ask,
    bias,
    depth,
    domain,
    each,
    family,
    kernels_in,
    label,
    n,
    noise,
    norms,
    others,
    own,
    parameter,
    remembered,
    ridge,
    spelled,
    target,
    weight,
):
    _kernel = spelled.Controls(
        family.value,
        activation.value,
        depth.value,
        f"{weight.value:g}",
        f"{bias.value:g}",
        f"{parameter.value:g}",
        own.value,
    ).kernel
    _on_data = domain.value.strip().startswith("data:")
    _question = ExplorerQuery(
        domain.value,
        _kernel,
        target.value,
        n.value,
        ridge.value,
        "0" if _on_data else noise.value,
        label.value,
        norms.value if norms.value != "own" else "",
    )
    try:
        questions = each(_question, kernels_in(f"{_kernel};{others.value}"))
        _found = ask("answer", questions)
    except EngineError as error:
        questions, _found = [_question], [str(error)]
    refused = {
        question.kernel: text
        for question, text in zip(questions, _found, strict=True)
        if isinstance(text, str)
    }
    answers = [answer for answer in _found if not isinstance(answer, str)]
    stale = not answers
    if stale:
        answers = remembered["answers"]
    else:
        remembered["answers"] = answers
    return answers, questions, refused, stale


@app.cell
def message(answers, escape, mo, refused, stale):
    _lines = []
    for _kernel, _why in refused.items():
        _which = f" ({escape(_kernel)})" if answers and not stale else ""
        _lines.append(f"**Not possible{_which}:** {escape(_why)}")
    if stale and answers:
        _lines.append("What is shown is the last answer.")
    if not stale:
        _remarks = [escape(_r) for _answer in answers for _r in _answer.remarks]
        _lines += list(dict.fromkeys(_remarks))
    _box = mo.callout(mo.md("\n\n".join(_lines)), kind="danger" if refused else "info")
    mo.Html(f'<div role="status">{_box.text if _lines else ""}</div>')


@app.cell
def showing(answers, mo, stale):
    def show(make):
        """What is made of the answers, dimmed where they are those of before."""
        if not answers:
            return mo.Html("")
        return mo.Html(f'<div class="{"stale" if stale else "fresh"}">{make()}</div>')

    return (show,)


@app.cell
def curves(answers, charts, show, tables):
    show(
        lambda: (
            f'<div class="pair"><div>{charts.curve_chart(answers)}</div>'
            f"<div>{charts.spectrum_chart(answers)}</div></div>{tables.kernels(answers)}"
        )
    )


@app.cell
def budget(answers, charts, show):
    show(lambda: f'<div class="scroll">{charts.budget_chart(answers)}</div>')


@app.cell
def numbers(answers, show, tables):
    show(
        lambda: (
            f'<div class="{"pair" if len(answers) == 1 else "stack"}">'
            f"<div>{tables.numbers(answers)}</div>"
            f"<div>{tables.levels(answers)}</div></div>"
        )
    )


@app.cell
def measured(answers, ask, mo, stale, tables):
    mo.stop(stale or not answers)
    _seen = ask("simulate", [answer.question for answer in answers])
    mo.md(tables.measured(answers, _seen))


@app.cell
def address(copies, mo, questions, stale):
    mo.stop(stale)
    _now, _wanted = mo.query_params(), copies.state(questions)
    for _name in [*_now.to_dict()]:
        if _name not in _wanted:
            _now.remove(_name)
    for _name, _text in _wanted.items():
        if _now.get(_name) != _text:
            _now.set(_name, _text)


@app.cell
def texts(answers, copies, escape, mo):
    _asked = [answer.question for answer in answers]
    mo.stop(not answers)
    _link = escape(copies.link(_asked))
    mo.vstack(
        [
            mo.Html('<p role="heading" aria-level="2" class="heading">K(t)</p>'),
            *(
                mo.md(f"$$ {answer.formula} $$").style(
                    {"max-height": "24rem", "overflow": "auto"}
                )
                for answer in answers
            ),
            mo.accordion(
                {
                    "Copy as Python": mo.md(f"```python\n{copies.python(_asked)}```"),
                    "Copy as LaTeX": mo.md(
                        "\n".join(f"```latex\n{answer.tex}```" for answer in answers)
                    ),
                    "Copy as a command": mo.md(f"```sh\n{copies.command(_asked)}\n```"),
                    "A link to this state": mo.md(
                        f'<a href="{_link}">{_link}</a> holds every control, as the '
                        "address of this page does. It opens in this browser while the "
                        "explorer runs."
                    ),
                },
                multiple=True,
            ),
        ]
    )


if __name__ == "__main__":
    app.run()
