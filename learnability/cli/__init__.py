"""The command line; help is read from the commands' docstrings.

Nothing here loads SymPy before a command runs, so ``--help`` answers at once.
"""

from cyclopts import App

from learnability.cli.commands.choose import choose
from learnability.cli.commands.constant import constant
from learnability.cli.commands.derive import derive
from learnability.cli.commands.doctor import doctor
from learnability.cli.commands.eigenvalues import eigenvalues
from learnability.cli.commands.explore import explore
from learnability.cli.commands.figure import figure
from learnability.cli.commands.formula import formula
from learnability.cli.commands.predict import predict
from learnability.cli.commands.reproduce import reproduce
from learnability.cli.commands.table import table
from learnability.cli.commands.verify import verify
from learnability.cli.help import AlignedHelp
from learnability.cli.net_sweeps import nets

HELP = """How well kernel regression and wide nets generalize: in symbols, in proved
digits, and checked.

Lists are 3, a:b (both ends), a:b:step, log:a:b:m and commas; numbers are exact:
0.01, 3/7, 1e-40, 2^100-1. --plugin MODULE or FILE.py imports a domain, activation,
statistic, question or rule of your own first. Exit codes: 0 done, 2 bad input, 130 interrupted."""


def _version() -> str:
    from importlib.metadata import version

    return version("learnability")


app = App(
    name="learnability",
    help=HELP,
    usage="Usage: learnability COMMAND [OPTIONS]",
    version=_version,
    help_format="plaintext",
    help_formatter=AlignedHelp(),
    suppress_keyboard_interrupt=False,
)

COMMANDS = {
    eigenvalues: "DOMAIN KERNEL... [OPTIONS]",
    constant: "DOMAIN KERNEL... -n LIST [OPTIONS]",
    predict: "DOMAIN KERNEL... --target LEVEL=POWER,... -n LIST [OPTIONS]",
    choose: "DOMAIN [KERNEL...] --target LEVEL=POWER,... -n N [OPTIONS]",
    derive: "[NAME] [OPTIONS]",
    formula: "[NAME | --search WORDS] [OPTIONS]",
    verify: "SUITE [OPTIONS]",
    reproduce: "NAME [OPTIONS]",
    table: "NAME [DOMAIN] [KERNEL...] [OPTIONS]",
    figure: "NAME [DOMAIN] [KERNEL...] [OPTIONS]",
    explore: "[DOMAIN [KERNEL]] [OPTIONS]",
    doctor: "[OPTIONS]",
}
for _place, (_command, _usage) in enumerate(COMMANDS.items()):
    _line = f"Usage: learnability {_command.__name__} {_usage}"
    # table and figure read NAME first: its function says which options there are
    _own = {"help_flags": ()} if _command in (table, figure) else {}
    app.command(_command, usage=_line, sort_key=_place, **_own)
nets.sort_key = len(COMMANDS)
app.command(nets)
app.register_install_completion_command(
    add_to_startup=False, help="Write the completion of this shell: bash, zsh or fish."
)
