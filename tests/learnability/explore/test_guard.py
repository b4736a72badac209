"""Foreign hosts, foreign pages and requests without the secret get 403."""

import asyncio

import pytest

from learnability.explore.guard import Guard, new_secret

PORT, SECRET = 2718, "s3cret"
COOKIE = f"learnability_{PORT}={SECRET}"
OWN = f"http://127.0.0.1:{PORT}"


async def behind(scope, receive, send):
    """What the guard lets through is answered with 200, or accepted."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"the page"})


def ask(kind="http", path="/", query="", **headers):
    sent = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": kind,
        "method": "GET",
        "path": path,
        "query_string": query.encode(),
        "headers": [
            (name.encode(), line.encode())
            for name, value in headers.items()
            for line in ([value] if isinstance(value, str) else value)
        ],
    }
    asyncio.run(Guard(behind, PORT, SECRET)(scope, None, send))
    first = sent[0]
    if kind == "websocket":
        return 101 if first["type"] == "websocket.accept" else 403
    return first["status"]


def test_the_address_opens_and_the_cookie_keeps_it_open():
    assert ask(query=f"access_token={SECRET}", host=f"127.0.0.1:{PORT}") == 303
    assert ask(host=f"127.0.0.1:{PORT}", cookie=COOKIE) == 200
    assert ask(host=f"localhost:{PORT}", cookie=f"a=b; {COOKIE}", origin=OWN) == 200
    here = {"host": f"127.0.0.1:{PORT}", "cookie": COOKIE, "origin": OWN}
    assert ask("websocket", "/ws", **here) == 101


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    "changed",
    [
        {"host": "evil.example"},
        {"host": f"evil.example:{PORT}"},
        {"host": f"127.0.0.1.evil.example:{PORT}"},
        {"host": "127.0.0.1"},
        {"host": f"127.0.0.1:{PORT + 1}"},
        {"host": [f"127.0.0.1:{PORT}", "evil.example"]},
        {"host": []},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": f"https://127.0.0.1:{PORT}"},
        {"origin": f"http://127.0.0.1:{PORT + 1}"},
        {"origin": f"{OWN}.evil.example"},
        {"origin": [OWN, "http://evil.example"]},
        {"cookie": []},
        {"cookie": f"learnability_{PORT}=s3cre"},
        {"cookie": f"learnability_{PORT + 1}={SECRET}"},
        {"cookie": f"learnability_{PORT}="},
    ],
    ids=str,
)
def test_whoever_comes_from_elsewhere_is_refused(kind, changed):
    right = {"host": f"127.0.0.1:{PORT}", "origin": OWN, "cookie": COOKIE}
    assert ask(kind, **{**right, **changed}) == 403


def test_a_socket_without_an_origin_and_a_foreign_host_with_the_secret_are_refused():
    host = f"127.0.0.1:{PORT}"
    assert ask("websocket", host=host, cookie=COOKIE) == 403
    assert ask(query=f"access_token={SECRET}", host="evil.example") == 403
    assert ask(query="access_token=", host=host) == 403
    assert ask(query=f"access_token={SECRET}&access_token=x", host=host) == 403
    assert ask(path="/manifest.json", host="evil.example") == 403
    assert ask(path="/manifest.json", host=host) == 200


def test_a_link_keeps_its_state_and_loses_the_secret():
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": f"n=7&access_token={SECRET}&target=1%3D1&x=%0d%0aa".encode(),
        "headers": [(b"host", f"127.0.0.1:{PORT}".encode())],
    }
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(Guard(behind, PORT, SECRET)(scope, None, send))
    location = dict(sent[0]["headers"])[b"location"]
    assert location == b"/?n=7&target=1%3D1&x=%0D%0Aa"


def test_secrets_differ():
    assert len({new_secret() for _ in range(100)}) == 100
