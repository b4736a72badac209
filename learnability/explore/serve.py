"""The explorer's server: one process, on the loopback interface, until Ctrl-C."""

import os
import signal
import sys
import threading
import webbrowser
from pathlib import Path
from typing import Any

from learnability.errors import BadRequest, what_to_install
from learnability.explore import start_values
from learnability.explore.guard import QUERY, Guard, new_secret

PAGE = Path(__file__).with_name("page.py")
HOST = "127.0.0.1"
INTERRUPTED = 130
SESSION_SECONDS = 60
STOP_SECONDS = 1
"""How long a stopped server waits for open tabs."""


def application(port: int, secret: str) -> Any:
    """The explorer as an ASGI application that only its own page may ask."""
    import marimo

    made = marimo.create_asgi_app(quiet=True, session_ttl=SESSION_SECONDS)
    return Guard(made.with_app(path="", root=str(PAGE)).build(), port, secret)


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
            raise BadRequest(f"explore needs {package}; {what_to_install('marimo')}")
    require_free(port)
    os.environ |= {"MARIMO_SKIP_UPDATE_CHECK": "1"}
    start_values.update(start)
    secret = new_secret()
    address = f"http://{HOST}:{port}/?{QUERY}={secret}"
    print(f"{address}  (Ctrl-C stops it)", flush=True)
    signal.signal(signal.SIGTERM, _stop)
    from learnability.explore.bounded import workers

    try:
        import uvicorn

        server = uvicorn.Server(
            uvicorn.Config(
                application(port, secret),
                host=HOST,
                port=port,
                log_level="critical",
                timeout_graceful_shutdown=STOP_SECONDS,
            )
        )
        if browser:
            threading.Thread(target=_open, args=(server, address), daemon=True).start()
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        workers.close()
    _leave_open_tabs()
    return INTERRUPTED


def _leave_open_tabs() -> None:
    """End the process where threads of an open tab would keep it.

    Threads of a pool are joined when Python ends, even those that are daemons.
    """
    if threading.active_count() > 1:
        sys.stdout.flush()
        os._exit(INTERRUPTED)


def _open(server: Any, address: str) -> None:
    """Open the browser as soon as the server listens."""
    pause = threading.Event()
    while not server.started and not server.should_exit:
        pause.wait(0.1)
    webbrowser.open(address)


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
            raise BadRequest(
                f"port = {port} cannot be used: {error.strerror}; try --port {port + 1}"
            ) from None
