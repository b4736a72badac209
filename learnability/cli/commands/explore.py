"""``learnability explore``."""

from learnability.cli.options import Flag, Text, Whole

PORT = "2718"


def explore(
    domain: str | None = None,
    kernel: str | None = None,
    /,
    *,
    target: Text | None = None,
    port: Whole = PORT,
    no_browser: Flag = False,
    debug: Flag = False,
) -> int:
    """A page in the browser that follows your questions; on this machine alone.

    An example:
    learnability explore hypercube:8 ntk:relu:depth=4 --target 1=1

    Parameters
    ----------
    domain
        Where it starts: hypercube:D, sphere:D, circle or circle:M.
    kernel
        The kernel that it starts with, such as expr:1/(2-t).
    target
        The target that it starts with: LEVEL=POWER, joined by commas.
    port
        The port of 127.0.0.1 that it listens on.
    no_browser
        Print the address and open nothing.
    debug
        Show the traceback of an error.
    """
    del debug
    from learnability.cli import inputs, lists
    from learnability.explore.serve import serve
    from theory.numbers import integer

    chosen = integer(port, "--port", least=1024, most=65535)
    start = {"domain": domain, "kernel": kernel, "target": target}
    if domain is not None:
        inputs.place(domain)
    if kernel is not None:
        inputs.kernels([kernel], domain or "")
    if target is not None:
        lists.target(target)
    given = {name: text for name, text in start.items() if text is not None}
    return serve(chosen, browser=not no_browser, start=given)
