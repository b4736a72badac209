"""The command ``learnability``: errors in one line, exit codes that mean something.

0 done, 2 bad input, 130 interrupted; ``verify`` also 1 refuted and 3 inconclusive. An
error of ours, which should never happen, exits with 70.
"""

import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

BAD_INPUT = 2
INTERRUPTED = 130
OUR_FAULT = 70
LONGEST = 1000
"""Characters of a message; longer ones are cut in the middle."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    arguments
        What follows the command's name; the process's own by default.
    """
    from learnability.startup import name_conflicts, streams

    streams.prepare()
    given = list(sys.argv[1:] if arguments is None else arguments)
    in_the_way = name_conflicts.complaint()
    if in_the_way:
        return _say(in_the_way, BAD_INPUT)
    with warnings.catch_warnings(), _numbers_of_any_length():
        warnings.showwarning = _show_warning
        try:
            return _run(given)
        except KeyboardInterrupt:
            return _say("interrupted", INTERRUPTED)
        except BrokenPipeError:
            silence_output()
            return 0
        except Exception as error:
            if "--debug" in given:
                raise
            return _explain(error)


@contextmanager
def _numbers_of_any_length() -> Iterator[None]:
    """Python writes whole numbers of any length: digits are bounded where they are asked.

    For as long as a command runs: the limit is the process's, and who calls ``main``
    from Python gets it back.
    """
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        yield
    finally:
        sys.set_int_max_str_digits(before)


def _run(given: list[str]) -> int:
    from learnability.cli import app
    from learnability.cli.invocation import words
    from learnability.cli.progress import announced
    from learnability.startup import plugins

    words.set(tuple(given))
    given = plugins.taken_from(given)
    plugins.load()
    with announced(given):
        code = app(
            given,
            exit_on_error=False,
            print_error=False,
            result_action="return_value",
        )
    sys.stdout.flush()
    return code if isinstance(code, int) else 0


def _explain(error: Exception) -> int:
    from learnability.errors import what_to_install

    if _is_refusal(error):
        return _say(str(error), BAD_INPUT)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        if not error.filename:  # what is left cannot be written either
            silence_output()
        return _say(f"{where}{error.strerror or error}", BAD_INPUT)
    if isinstance(error, OverflowError):
        text = f"a number on the way leaves float64 ({error}); take smaller parameters"
        return _say(text, BAD_INPUT)
    if isinstance(error, MemoryError):
        return _say("not enough memory for a problem of this size", BAD_INPUT)
    if isinstance(error, ModuleNotFoundError):
        cure = what_to_install(error.name or "")
        if cure:
            return _say(f"{error.name} is not installed; {cure}", BAD_INPUT)
    if _is_start_of_jax(error):
        text = str(error).partition("(set JAX_PLATFORMS")[0].rstrip(" ,;.")
        return _say(f"JAX cannot start: {text}; see JAX_PLATFORMS", BAD_INPUT)
    text = f"error in learnability itself, {type(error).__name__}: {error}"
    return _say(f"{text} (--debug shows where)", OUR_FAULT)


def _is_refusal(error: Exception) -> bool:
    """Whether we or the parser of arguments refused on purpose."""
    from theory.errors import LearnabilityError

    parser: Any = getattr(sys.modules.get("cyclopts"), "CycloptsError", ())
    return isinstance(error, LearnabilityError) or isinstance(error, parser)


def _is_start_of_jax(error: Exception) -> bool:
    """Whether JAX refused its settings or found no device, rather than a computation."""
    step = error.__traceback__
    while step is not None:
        module = step.tb_frame.f_globals.get("__name__", "")
        if module in {"jax._src.xla_bridge", "jax._src.config"}:
            return isinstance(error, RuntimeError | ValueError | AssertionError)
        step = step.tb_next
    return False


def _say(text: str, code: int) -> int:
    line = " ".join(text.split())
    if len(line) > LONGEST:  # a number of thousands of digits is no readable line
        line = f"{line[: LONGEST // 2]} … {line[-LONGEST // 2 :]}"
    print(f"learnability: {line}", file=sys.stderr)
    return code


def _show_warning(message: Any, *_: Any, **__: Any) -> None:
    _say(f"warning: {message}", 0)


def silence_output() -> None:
    """After a reader closed the pipe: what is left to write goes nowhere."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (AttributeError, OSError, ValueError):
        pass


if __name__ == "__main__":
    sys.exit(main())
