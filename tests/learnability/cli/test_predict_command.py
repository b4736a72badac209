import csv
import io
from fractions import Fraction

import mpmath
import pytest

NUMBERS = (
    "C",
    "E0",
    "target_learnability",
    "bias",
    "variance",
    "test_mse",
    "train_mse",
)
LEVELS = [("1", 1), ("1/10", 6), ("1/1000", 15)]


@pytest.fixture
def levels_file(tmp_path):
    path = tmp_path / "spectrum.csv"
    path.write_text("\n".join(f"{lam},{g}" for lam, g in LEVELS))
    return f"levels:{path}"


def expected(n, ridge, noise, target):
    """The eigenlearning equations as papers print them, at 60 digits."""
    with mpmath.workdps(60):
        lam = [
            mpmath.mpf(Fraction(x).numerator) / Fraction(x).denominator
            for x, _ in LEVELS
        ]
        g = [count for _, count in LEVELS]
        n, ridge, noise = (mpmath.mpf(x) for x in (n, ridge, noise))

        def balance(log_c):
            c = mpmath.exp(log_c)
            total = sum(k * x / (x + c) for k, x in zip(g, lam, strict=True))
            return mpmath.log((total + ridge / c) / n)

        c = mpmath.exp(
            mpmath.findroot(balance, (-20, 3), solver="anderson", tol=1e-100)
        )
        learned = [x / (x + c) for x in lam]
        e0 = n / (n - sum(k * x**2 for k, x in zip(g, learned, strict=True)))
        bias = sum(power * (1 - learned[k]) ** 2 for k, power in target.items())
        mse = e0 * (bias + noise)
        total = sum(target.values())
        return {
            "C": c,
            "E0": e0,
            "target_learnability": sum(p * learned[k] for k, p in target.items())
            / total,
            "bias": bias,
            "variance": mse - bias - noise,
            "test_mse": mse,
            "train_mse": (ridge / (n * c)) ** 2 * mse,
        }


@pytest.mark.parametrize("digits", [(), ("--digits", "25")])
@pytest.mark.parametrize(
    ("n", "ridge", "noise"), [(3, 0, 0), (9, "0.5", 2), (40, 1, 0)]
)
def test_every_statistic_covers_the_textbook(
    command, levels_file, n, ridge, noise, digits
):
    words = ("predict", levels_file, "--target", "1=2,2", "-n", str(n))
    settings = ("--ridge", str(ridge), "--noise", str(noise), "--format", "json")
    (row,) = command(*words, *settings, *digits).data["rows"]
    truth = expected(n, ridge, noise, {1: 2, 2: 1})
    with mpmath.workdps(60):
        for name in NUMBERS:
            error = abs(mpmath.mpf(row[name]) - truth[name])
            assert error <= mpmath.mpf(row[f"{name}_radius"]) + mpmath.mpf(10) ** -50, (
                name
            )
    assert set(row["learnability"]) == set(row["learnability_radius"]) == {"1", "2"}


@pytest.mark.parametrize("n", ["22 - 1e-12", "22 - 1e-4", "21", "1e-9"])
def test_float64_keeps_its_digits_near_the_last_mode(command, levels_file, n):
    """The bracket of C was rounded above its root there, and C lost half its digits."""
    words = ("predict", levels_file, "--target", "0=1", "-n", n, "--format", "json")
    (fast,) = command(*words).data["rows"]
    (proved,) = command(*words, "--digits", "30").data["rows"]
    for name in NUMBERS:
        gap = abs(Fraction(fast[name]) - Fraction(proved[name]))
        assert gap <= Fraction(fast[f"{name}_radius"]), name


def test_float64_and_proved_digits_agree(command):
    words = ("predict", "hypercube:7", "ntk:relu:depth=3,bias_variance=0.01")
    words += ("--target", "1=1,3=1", "-n", "log:1:120:6", "--format", "json")
    fast, proved = command(*words).data["rows"], command(*words, "--digits", "30").data
    for a, b in zip(fast, proved["rows"], strict=True):
        assert a["n"] == b["n"]
        for name in NUMBERS:
            gap = abs(Fraction(a[name]) - Fraction(b[name]))
            radius = Fraction(a[f"{name}_radius"]) + Fraction(b[f"{name}_radius"])
            assert gap <= radius, (a["n"], name)


def test_lists_make_every_combination(command):
    words = ("predict", "hypercube:4", "exponential", "--target", "1", "-n", "1:3")
    rows = command(
        *words, "--ridge", "0.01,0.1", "--noise", "0,1/3", "--format", "json"
    ).data["rows"]
    assert len(rows) == 12
    assert rows[1]["noise"] == "1/3"
    assert {row["ridge"] for row in rows} == {"0.01", "0.1"}


def test_text_shows_few_digits_and_hides_unused_settings(command):
    ran = command("predict", "hypercube:4", "exponential", "--target", "1", "-n", "2")
    head, row = ran.out.splitlines()
    assert head.split()[:4] == ["n", "C", "E₀", "L_1"]
    assert "ridge" not in head
    assert all(len(cell) < 16 for cell in row.split())


def test_several_kernels_are_named_in_rows(command):
    words = ("predict", "hypercube:4", "exponential", "gaussian", "--target", "1")
    rows = command(*words, "-n", "2", "--format", "json").data["rows"]
    assert [row["kernel"].split(":")[0] for row in rows] == ["exponential", "gaussian"]
    assert command(*words, "-n", "2").out.startswith("kernel")


def test_the_theory_s_error_stands_beside_it(command):
    words = ("hypercube:5", "exponential", "--target", "1=1", "-n", "4,16")
    rows = command("predict", *words, "--measure", "400", "--format", "json").data[
        "rows"
    ]
    shown = command("predict", *words, "--measure", "400", "--format", "csv").out
    for row, line in zip(rows, csv.DictReader(io.StringIO(shown)), strict=True):
        gap = float(row["test_mse"]) - float(row["test_mse_measured"])
        error = float(row["test_mse_measured_error"])
        assert abs(gap) < 6 * error + 0.02
        assert abs(float(line["test_mse_error"]) - gap) < error
        assert abs(float(line["z"]) - gap / error) < 0.1
    again = command(
        "predict", *words, "--measure", "400", "--seed", "1", "--format", "csv"
    )
    assert again.out != shown


@pytest.mark.parametrize(
    ("extra", "says"),
    [(("--measure", "7"), "trials = 7"), (("--measure", "0"), "--measure")],
)
def test_what_cannot_be_measured_is_refused(command, extra, says):
    ran = command(
        "predict", "hypercube:3", "exponential", "--target", "1", "-n", "2", *extra
    )
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert says in ran.err
