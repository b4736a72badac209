"""Who may talk to the explorer: only the browser tab that was given its address.

The server listens on the loopback interface, but every page in the browser can reach
that too. So a request must name this server as its host (another name that was made to
point here, "DNS rebinding", does not), must not come from a foreign page, and must carry
the secret of the address that was printed. A WebSocket is held to the same, since
browsers open it across origins without asking.
"""

import hmac
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

NAMES = ("127.0.0.1", "localhost")
QUERY = "access_token"
WITHOUT_SECRET = ("/manifest.json", "/favicon.ico")
"""Files of marimo that browsers fetch without cookies."""


def new_secret() -> str:
    """A secret that cannot be guessed."""
    return secrets.token_urlsafe(24)


class Guard:
    """An ASGI application that hands only trusted requests to another one.

    Parameters
    ----------
    application
        What answers trusted requests.
    port
        The port that the server listens on.
    secret
        What the address holds as ``access_token``; a cookie holds it afterwards.
    """

    def __init__(self, application: Application, port: int, secret: str) -> None:
        self.application = application
        self.hosts = {f"{name}:{port}" for name in NAMES}
        self.origins = {f"http://{host}" for host in self.hosts}
        self.secret = secret
        self.cookie = f"learnability_{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] not in {"http", "websocket"}:
            await self.application(scope, receive, send)
            return
        headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            key = name.decode("latin-1").lower()
            headers.setdefault(key, []).append(value.decode("latin-1"))
        if not self._from_here(scope, headers):
            await _refuse(scope, send)
        elif self._by_query(scope):
            await self._enter(scope, receive, send)
        elif self._by_cookie(headers) or self._by_path(scope):
            await self.application(scope, receive, send)
        else:
            await _refuse(scope, send)

    def _from_here(self, scope: Scope, headers: dict[str, list[str]]) -> bool:
        """Whether the host is this server, and the page that asks is its own."""
        hosts = headers.get("host", [])
        origins = headers.get("origin", [])
        if len(hosts) != 1 or hosts[0] not in self.hosts:
            return False
        if scope["type"] == "websocket" and not origins:
            return False
        return all(origin in self.origins for origin in origins)

    def _by_cookie(self, headers: dict[str, list[str]]) -> bool:
        for line in headers.get("cookie", []):
            try:
                found = SimpleCookie(line).get(self.cookie)
            except CookieError:
                continue
            if found is not None and self._is_secret(found.value):
                return True
        return False

    def _by_path(self, scope: Scope) -> bool:
        """Whether the file holds nothing of the user's."""
        return (
            scope["type"] == "http"
            and scope["method"] == "GET"
            and scope["path"] in WITHOUT_SECRET
        )

    def _by_query(self, scope: Scope) -> bool:
        given = parse_qs(scope["query_string"].decode("latin-1")).get(QUERY, [])
        return len(given) == 1 and self._is_secret(given[0])

    def _without_secret(self, scope: Scope) -> bytes:
        """The page's address with what a link holds of the controls, encoded anew."""
        given = parse_qsl(scope["query_string"].decode("latin-1"))
        kept = urlencode([(name, value) for name, value in given if name != QUERY])
        return f"/?{kept}".encode() if kept else b"/"

    def _is_secret(self, text: str) -> bool:
        return hmac.compare_digest(text.encode(), self.secret.encode())

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Put the secret into a cookie and take it out of the address."""
        if scope["type"] == "websocket":
            await self.application(scope, receive, send)
            return
        cookie = f"{self.cookie}={self.secret}; Path=/; HttpOnly; SameSite=Strict"
        headers = [(b"location", self._without_secret(scope))]
        headers.append((b"set-cookie", cookie.encode()))
        headers.append((b"referrer-policy", b"no-referrer"))
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


async def _refuse(scope: Scope, send: Send) -> None:
    """403, for a WebSocket too: closing it before it is accepted means that."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    body = b"Refused: open the address that learnability explore printed.\n"
    await send({"type": "http.response.body", "body": body})
