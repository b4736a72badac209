"""The questions on the page as Python, as a command and as a link."""

import shlex
from urllib.parse import urlencode

from learnability.cli import lists
from learnability.explore.question import ExplorerQuery


def python(questions: list[ExplorerQuery]) -> str:
    """Code that gives the same numbers.

    Examples
    --------
    >>> print(python([ExplorerQuery("hypercube:4", "gaussian:width=2", "1=1", 5)]))
    from learnability import constant, predict, spectrum
    <BLANKLINE>
    for kernel in ["gaussian:width=2"]:
        s = spectrum(kernel, "hypercube:4")
        c = constant(s, 5, ridge="0")
        p = predict(s, {1: '1'}, n=5, ridge="0", noise="0")
        print(kernel, c, p.test_mse, p.learnability)
    <BLANKLINE>
    """
    one = questions[0]
    kernels = ", ".join(f'"{question.kernel.strip()}"' for question in questions)
    ridge = one.ridge.strip()
    if one.on_data:
        return (
            "from learnability import data, kernels\n\n"
            f"points = data({_arguments(one)})\n"
            f"for kernel in [{kernels}]:\n"
            "    s = points.eigensystem(kernels.parse(kernel))\n"
            f'    p = s.predict({one.n}, "{ridge}", target="mean")\n'
            "    print(kernel, p.C, p.test_mse, p.held_out_mse)\n"
        )
    goal = lists.target(one.target)
    if isinstance(goal, str):
        written = repr(goal)
    else:
        written = ", ".join(f"{k}: {str(v)!r}" for k, v in goal.items())
        written = f"{{{written}}}"
    return (
        "from learnability import constant, predict, spectrum\n\n"
        f"for kernel in [{kernels}]:\n"
        f'    s = spectrum(kernel, "{one.place}")\n'
        f'    c = constant(s, {one.n}, ridge="{ridge}")\n'
        f"    p = predict(s, {written}, n={one.n}, "
        f'ridge="{ridge}", noise="{one.noise.strip()}")\n'
        "    print(kernel, c, p.test_mse, p.learnability)\n"
    )


def command(questions: list[ExplorerQuery]) -> str:
    """The command that prints the same numbers.

    Examples
    --------
    >>> command([ExplorerQuery("data:wine", "laplace", norms="equal", n=8)])
    'learnability predict data:wine laplace --norms equal -n 8 --ridge 0'
    """
    one = questions[0]
    words = ["learnability", "predict", one.domain.strip()]
    words += [question.kernel.strip() for question in questions]
    if one.on_data:
        for name, text in (("--label", one.label), ("--norms", one.norms)):
            words += [name, text.strip()] if text.strip() else []
    else:
        words += ["--target", one.target.strip()]
    words += ["-n", str(one.n), "--ridge", one.ridge.strip()]
    words += [] if one.on_data else ["--noise", one.noise.strip()]
    return shlex.join(words)


def state(questions: list[ExplorerQuery]) -> dict[str, str]:
    """What a link to the page holds: every control that says something.

    Examples
    --------
    >>> state([ExplorerQuery(kernel="laplace"), ExplorerQuery(kernel="exponential")])["kernel"]
    'laplace;exponential'
    """
    one = questions[0]
    kernels = ";".join(question.kernel.strip() for question in questions)
    found = {"domain": one.domain, "kernel": kernels, "n": str(one.n)}
    found |= {"ridge": one.ridge}
    if one.on_data:
        found |= {"label": one.label, "norms": one.norms}
    else:
        found |= {"target": one.target, "noise": one.noise}
    return {name: text.strip() for name, text in found.items() if text.strip()}


def link(questions: list[ExplorerQuery]) -> str:
    """The page's address with its state.

    Examples
    --------
    >>> link([ExplorerQuery("circle", "laplace", "1=1", 7)])
    '/?domain=circle&kernel=laplace&n=7&ridge=0&target=1%3D1&noise=0'
    """
    return f"/?{urlencode(state(questions))}"


def _arguments(one: ExplorerQuery) -> str:
    """The arguments of ``data``."""
    name = one.domain.strip().removeprefix("data:")
    words = [f'"{name}"']
    for option, text in (("label", one.label), ("norms", one.norms)):
        words += [f'{option}="{text.strip()}"'] if text.strip() else []
    return ", ".join(words)
