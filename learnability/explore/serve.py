"""The explorer's server: one process, on the loopback interface, until Ctrl-C."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from learnability.errors import BadRequest, what_to_install

PAGE = Path(__file__).with_name("page.py")
HOST = "127.0.0.1"
INTERRUPTED = 130


def words(port: int, *, browser: bool, start: dict[str, str]) -> list[str]:
    """The words that start the server.

    Examples
    --------
    >>> words(2718, browser=False, start={"domain": "circle:64"})[-4:]
    ['--headless', '--', '--domain', 'circle:64']
    """
    made = [sys.executable, "-m", "marimo", "--quiet", "run", str(PAGE)]
    made += ["--host", HOST, "--port", str(port), "--no-token", "--no-sandbox"]
    made += ["--no-check", "--session-ttl", "60"]
    if not browser:
        made.append("--headless")
    given = [word for name, value in start.items() for word in (f"--{name}", value)]
    return [*made, "--", *given] if given else made


def serve(port: int, *, browser: bool, start: dict[str, str]) -> int:
    """Start the explorer and wait until it is stopped.

    Raises
    ------
    BadRequest
        When marimo or Matplotlib is missing, or the port is taken.
    """
    from importlib.util import find_spec

    for package in ("marimo", "matplotlib"):
        if find_spec(package) is None:
            msg = f"explore needs {package}; {what_to_install('marimo')}"
            raise BadRequest(msg)
    require_free(port)
    print(f"http://{HOST}:{port}  (Ctrl-C stops it)", flush=True)
    quiet = os.environ | {"MARIMO_SKIP_UPDATE_CHECK": "1", "PYTHONWARNINGS": "ignore"}
    signal.signal(signal.SIGTERM, _stop)
    with subprocess.Popen(words(port, browser=browser, start=start), env=quiet) as run:
        try:
            return run.wait()
        except KeyboardInterrupt:
            return INTERRUPTED
        finally:
            run.terminate()


def _stop(*_: object) -> None:
    """Being terminated is being interrupted: the server goes down with us."""
    raise KeyboardInterrupt


def require_free(port: int) -> None:
    """Refuse a port on which somebody already listens.

    Raises
    ------
    BadRequest
        Naming the port.
    """
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            msg = (
                f"port = {port} cannot be used: {error.strerror}; try --port {port + 1}"
            )
            raise BadRequest(msg) from None
