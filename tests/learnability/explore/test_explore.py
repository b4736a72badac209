"""The explorer, asked in Python and driven by keyboard in a real browser."""

import os
import re
import signal
import socket
import subprocess
import sys
from math import isclose

import pytest

from learnability import constant, predict, spectrum
from learnability.explore.question import ExplorerQuery
from learnability.explore.simulation import simulate
from theory.errors import EngineError


@pytest.mark.parametrize(
    ("question", "modes"),
    [
        (ExplorerQuery("hypercube:5", "exponential", "1=1", 7), 32),
        (ExplorerQuery("hypercube:5", "exponential", "1=1", 7, "0.1", "0.2"), 32),
        (
            ExplorerQuery("sphere:4", "ntk:relu:depth=1,bias_variance=0.1", "2=1", 9),
            None,
        ),
        (ExplorerQuery("circle:12", "geometric:ratio=1/2", "0=1,3=1/2", 5, "1/3"), 12),
    ],
    ids=str,
)
def test_what_every_level_takes_and_the_ridge_makes_n(question, modes):
    answer = question.answer()
    total = sum(answer.learned.values()) + answer.rest + answer.ridge_share
    assert isclose(total, question.n, rel_tol=1e-9)
    if modes is not None:
        assert answer.rest < 1e-9


def test_the_code_that_it_gives_prints_its_numbers(capsys):
    question = ExplorerQuery(
        "hypercube:4", "gaussian:width=2", "1=1,2=1/2", 5, "0.1", "0.2"
    )
    answer = question.answer()
    exec(question.python, {})
    printed = capsys.readouterr().out
    assert str(float(answer.constant))[:9] in printed
    assert f"{answer.prediction.test_mse.item():.6g}" in printed


def test_the_command_that_it_gives_prints_its_numbers(command):
    question = ExplorerQuery("hypercube:4", "expr:1/(2 - t)", "1=1", 5, "0.1", "0.2")
    import shlex

    ran = command(*shlex.split(question.command)[1:], "--format", "json")
    (row,) = ran.data["rows"]
    answer = question.answer()
    assert isclose(float(row["test_mse"]), answer.prediction.test_mse.item())
    assert isclose(float(row["C"]), float(answer.constant), rel_tol=1e-9)


def test_the_simulation_agrees_where_the_theory_is_good():
    question = ExplorerQuery("hypercube:6", "exponential:beta=1", "1=1", 40)
    found, answer = simulate(question, seconds=0.1), question.answer()
    assert abs(found.mean("learnability").value - answer.learnability[1]) < 0.02
    assert found.trials >= 20


@pytest.mark.parametrize(
    "wrong",
    [
        ExplorerQuery(domain="hypercube:0"),
        ExplorerQuery(domain="levels:file.csv"),
        ExplorerQuery(domain="donut:3"),
        ExplorerQuery(kernel="ntk:relu:depth=0"),
        ExplorerQuery(kernel="expr:import os"),
        ExplorerQuery(target="99=1"),
        ExplorerQuery(target=""),
        ExplorerQuery(ridge="-1"),
        ExplorerQuery(noise="much"),
        ExplorerQuery(n=0),
    ],
    ids=range(10),
)
def test_a_malformed_question_is_refused_in_a_sentence(wrong):
    with pytest.raises(EngineError, match=r"\w+ .*\w"):
        wrong.answer()


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
        yield line.split()[0]
        run.send_signal(signal.SIGTERM)
        assert run.wait(timeout=30) == 130


def focused(page):
    return page.evaluate("""() => {
        let here = document.activeElement;
        while (here.shadowRoot) here = here.shadowRoot.activeElement;
        return here.getAttribute('role');
    }""")


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
    page.get_by_text("level = 99 is outside 0..8 of hypercube:8").wait_for(timeout=wait)
    field.fill("1=1")
    page.keyboard.press("Enter")
    number.wait_for(timeout=wait)
    assert shown()[1] == expected(5)[1]
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
