"""The explorer as a user starts it, driven by keyboard in a real browser."""

import os
import re
import signal
import socket
import subprocess
import sys

import pytest

from learnability import constant, predict, spectrum


def test_a_port_that_is_taken_is_named(command):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ran = command("explore", "--no-browser", "--port", port)
    assert ran.code == 2
    assert f"port = {port} cannot be used" in ran.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("donut",), "donut"),
        (("circle", "nonsense"), "nonsense"),
        (("--port", "1"), "1"),
    ],
)
def test_bad_words_are_refused_before_anything_is_served(command, words, says):
    ran = command("explore", "--no-browser", *words)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert says in ran.err


@pytest.fixture(scope="module")
def address():
    """A running explorer, as a user starts it."""
    pytest.importorskip("marimo")
    pytest.importorskip("matplotlib")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["-m", "learnability", "explore", "hypercube:8", "--no-browser"]
    quiet = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, *words, "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=quiet,
    ) as run:
        assert run.stdout is not None
        line = run.stdout.readline()
        assert f"http://127.0.0.1:{port}/?access_token=" in line
        yield line.split()[0]  # a tab may still be open when it is stopped
        run.send_signal(signal.SIGTERM)
        assert run.wait(timeout=30) == 130


def focused(page):
    return page.evaluate("""() => {
        let here = document.activeElement;
        while (here.shadowRoot) here = here.shadowRoot.activeElement;
        return here.getAttribute('role');
    }""")


OUTLINE = """() => {
    let here = document.activeElement;
    while (here.shadowRoot) here = here.shadowRoot.activeElement;
    return getComputedStyle(here).outlineStyle;
}"""
BRIGHTNESS = """() => {
    const mean = color => {
        const x = document.createElement('canvas').getContext('2d');
        x.fillStyle = color;
        x.fillRect(0, 0, 1, 1);
        const [r, g, b] = x.getImageData(0, 0, 1, 1).data;
        return (r + g + b) / 3;
    };
    const style = name => getComputedStyle(document.querySelector(name));
    return [mean(style('svg.chart').color), mean(style('#App').backgroundColor)];
}"""


def test_it_follows_the_keyboard_offline(browser, address):
    page = browser.new_context().new_page()
    outside, complaints = [], []
    page.route(
        lambda url: not url.startswith((address.split("?")[0], "data:", "blob:")),
        lambda route: (outside.append(route.request.url), route.abort()),
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda m: complaints.append(m.text) if m.type == "error" else None,
    )
    wait = 60_000
    for _ in range(50):  # the server needs a moment before it listens
        try:
            page.goto(address, timeout=wait)
            break
        except Exception:
            page.wait_for_timeout(300)
    number = page.locator("code[data-number='constant C']")
    number.wait_for(timeout=wait)
    page.locator(".katex").first.wait_for(timeout=wait)
    page.get_by_text("Measured on").wait_for(timeout=wait)

    def expected(depth: int) -> tuple[str, str]:
        s = spectrum(f"ntk:relu:depth={depth},bias_variance=0.01", "hypercube:8")
        c, p = constant(s, 32, digits=10), predict(s, {1: 1}, 32)
        return c.decimal(9)[0], f"{p.test_mse.item():.6g}"

    def shown() -> tuple[str, str]:
        c = re.sub(r"\(\d+\)", "", number.inner_text())
        mse = page.locator("code[data-number='test MSE']").inner_text()
        return c, mse

    assert float(shown()[0]) == pytest.approx(float(expected(4)[0]), rel=1e-8)
    assert shown()[1] == expected(4)[1]

    before = number.inner_text()
    for _ in range(20):
        page.keyboard.press("Tab")
        if focused(page) == "slider":
            break
    assert focused(page) == "slider"
    assert page.evaluate(OUTLINE) == "solid"
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "x => document.querySelector(\"code[data-number='constant C']\").innerText != x",
        arg=before,
        timeout=wait,
    )
    assert float(shown()[0]) == pytest.approx(float(expected(5)[0]), rel=1e-8)
    assert shown()[1] == expected(5)[1]

    field = page.get_by_role("textbox", name="target")
    field.fill("99=1")
    page.keyboard.press("Enter")
    page.get_by_text("level = 99").wait_for(timeout=wait)
    dimmed = page.locator(".stale").filter(has=number)
    dimmed.wait_for(timeout=wait)
    assert float(dimmed.evaluate("x => getComputedStyle(x).opacity")) < 0.6
    assert shown()[1] == expected(5)[1]  # the last answer stays
    field.fill("1=1")
    page.keyboard.press("Enter")
    page.locator(".fresh").filter(has=number).wait_for(timeout=wait)
    assert shown()[1] == expected(5)[1]

    page.wait_for_url("**depth%3D5**target=1%3D1**", timeout=wait)
    linked = page.context.new_page()
    linked.emulate_media(color_scheme="dark")
    linked.set_viewport_size({"width": 400, "height": 700})
    linked.goto(page.url)
    linked.locator("code[data-number='test MSE']").wait_for(timeout=wait)
    again = linked.locator("code[data-number='test MSE']").inner_text()
    assert again == expected(5)[1]
    box = linked.locator("svg.chart").first.bounding_box()
    assert box["y"] + box["height"] < 700  # the curve is above the fold
    assert box["x"] + box["width"] <= 400
    ink, paper = linked.evaluate(BRIGHTNESS)
    assert ink > 150 > 100 > paper
    assert outside == []
    assert complaints == []
    page.context.close()


def test_a_running_explorer_refuses_foreign_hosts_pages_and_sockets(address):
    from http.client import HTTPConnection
    from time import sleep
    from urllib.parse import urlsplit

    where = urlsplit(address)
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw==",
    }

    def ask(path, **headers):
        connection = HTTPConnection(where.netloc, timeout=20)
        try:
            connection.request("GET", path, headers=headers)
            reply = connection.getresponse()
            return reply.status, reply.getheader("set-cookie", "")
        finally:
            connection.close()

    entrance = f"/?{where.query}"
    for _ in range(100):  # the server needs a moment before it listens
        try:
            status, cookie = ask(entrance)
            break
        except OSError:
            sleep(0.2)
    own = {"Cookie": cookie.split(";")[0]}
    assert (status, ask("/", **own)[0]) == (303, 200)
    assert ask("/")[0] == 403
    assert ask(entrance, Host="evil.example")[0] == 403
    assert ask("/", **own, Origin="http://evil.example")[0] == 403
    socket_path = "/ws?session_id=s_test01"
    assert ask(socket_path, **own, **upgrade, Origin="http://evil.example")[0] == 403
    assert ask(socket_path, **own, **upgrade)[0] == 403
    here = f"http://{where.netloc}"
    assert ask(socket_path, **own, **upgrade, Origin=here)[0] == 101
