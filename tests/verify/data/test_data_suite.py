"""``verify data``: right theories confirmed, planted errors refuted, bad files named."""

import pytest

from theory import NotPositiveDefinite, OutOfDomain
from verify import suites
from verify.data import suite
from verify.data.specification import default_sizes, load, read
from verify.verdicts.verdict import Verdict

GOOD = """
[[data]]
data = "wine"
norms = "equal"
kernel = "ntk:relu:depth=2,weight_variance=2,bias_variance=0.1"
ridge = 1
n = [16, 22, 89]
claim = 22
trials = 100
"""


def reports(extra=""):
    (setting,) = read(GOOD + extra, "test")
    return {r.name.rpartition("/")[2]: r for r in suite.compare(setting, seed=3)}


def test_the_right_theory_is_confirmed_and_wrong_ones_are_told_apart():
    found = reports()
    assert list(found) == [
        "held_out_mse",
        "learnability",
        "constant",
        "smaller sample",
        "controls",
    ]
    for report in found.values():
        assert report.verdict is Verdict.CONFIRMED, str(report)
    near = found["held_out_mse"].reason
    assert "not claimed near n = M" in near
    assert "at n = 89 (100 data sets)" in near
    assert "the usual equation there: -" in near


@pytest.mark.parametrize(
    ("planted", "where"),
    [
        ("theory = { constant_factor = '1.05' }", "constant"),
        ("theory = { constant_factor = '0.95' }", "constant"),
        ("theory = { n_factor = '0.9' }", "constant"),
        ("theory = { kernel = 'nngp:relu:depth=2,bias_variance=0.1' }", "held_out_mse"),
        (
            "theory = { kernel = 'ntk:relu:depth=2,bias_variance=0.1,input_variance=1/13' }",
            "constant",
        ),
        ("sampling = 'with_replacement'", "constant"),
    ],
)
def test_planted_errors_are_refuted(planted, where):
    report = reports(f"{planted}\ncontrols = []\nsample = 0\n")[where]
    assert report.verdict is Verdict.REFUTED, str(report)


def test_the_usual_equation_is_refuted_near_the_whole_population():
    extra = "theory = { equation = 'eigenlearning' }\ncontrols = []\nsample = 0\n"
    wide = GOOD.replace("claim = 22", "claim = 89") + extra
    (setting,) = read(wide, "test")
    verdicts = {r.name[-8:]: r.verdict for r in suite.compare(setting, seed=3)}
    assert verdicts["constant"] is Verdict.REFUTED


def test_a_file_of_the_users_beside_the_specification(tmp_path):
    from verify.data.reading.bundled import read_bundled

    x, y, _ = read_bundled("diabetes")
    rows = [",".join(map(repr, [*map(float, a), float(b)])) for a, b in zip(x, y)]  # noqa: B905
    (tmp_path / "mine.csv").write_text("\n".join(rows))
    path = tmp_path / "mine.toml"
    path.write_text(
        '[[data]]\ndata = "mine.csv"\nkernel = "gaussian:width=2"\nridge = "1/2"\n'
        "n = [20, 40]\ntrials = 100\nsample = 0\ncontrols = []\n"
    )
    (setting,) = load(path)
    assert setting.data.size == 442
    found = suites.run("data", suites.Request(specification=path))
    assert [r.name for r in found] == [
        f"data/mine.csv, δ = 1/2/{x}"
        for x in ("held_out_mse", "learnability", "constant")
    ]
    assert all(r.verdict is not Verdict.REFUTED for r in found), found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[data]", "is not TOML"),
        ("x = 1", "unknown field 'x'"),
        ("data = 3", r"one or more tables \[\[data\]\]"),
        ("[[data]]\nkernel = 'gaussian'", "data is missing"),
        ("[[data]]\ndata = 'wine'", "kernel is missing"),
        ("[[data]]\ndata = 'wines'\nkernel = 'gaussian'", "did you mean 'wine'"),
        ("[[data]]\ndata = 'wine'\nkernel = 'gausian'", "did you mean 'gaussian'"),
        (GOOD + "colour = 1", "unknown field 'colour'"),
        (GOOD.replace("[16, 22, 89]", "[]"), "n = \\[\\] must be a list"),
        (GOOD.replace("[16, 22, 89]", "[22, 16]"), "different numbers, rising"),
        (GOOD.replace("[16, 22, 89]", "[178]"), r"n = 178 must be .* 1\.\.177"),
        (GOOD.replace("trials = 100", "trials = 1"), "trials = 1 must be"),
        (GOOD.replace("ridge = 1", "ridge = -1"), "ridge = -1 must be at least 0"),
        (GOOD + "margins = { mse = 1 }", "margins: unknown field 'mse'"),
        (GOOD + "margins = { constant = 0 }", "margins.constant = 0 must be positive"),
        (GOOD.replace('"equal"', "'unit'"), "norms = 'unit' is unknown"),
        (GOOD + "statistics = ['bias']", "statistics: unknown 'bias'"),
        (GOOD + "controls = ['C + 6 %']", r"controls: unknown 'C \+ 6 %'"),
        (GOOD + "theory = { C = 1 }", "theory: unknown field 'C'"),
        (GOOD + "sample = 10", "sample = 10 must be above the smallest n"),
        (GOOD + "task = 'parity of'", "task = 'parity of' is unknown"),
        (GOOD + GOOD, "two tables are called"),
    ],
)
def test_a_broken_specification_is_named(text, said):
    with pytest.raises(OutOfDomain, match=said) as caught:
        read(text, "mine.toml")
    assert "mine.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_cannot_be_run_is_refused_before_anything_is_measured(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(suite, "compare", lambda *_: pytest.fail("it ran"))
    path = tmp_path / "mine.toml"
    other = GOOD.replace("[[data]]", "[[data]]\nname = 'b'\npoints = 60")
    kernel = "ntk:relu:depth=2,weight_variance=2,bias_variance=0.1"
    other = other.replace(kernel, "exponential:beta=-1").replace("22, 89]", "22]")
    path.write_text(GOOD + other)
    with pytest.raises(NotPositiveDefinite, match=r"exponential:beta=-1 on wine.* < 0"):
        suites.run("data", suites.Request(specification=path))
    path.write_text(
        "[[data]]\ndata = 'wine'\nkernel = 'polynomial:degree=1'\nn = [8, 13]"
    )
    with pytest.raises(OutOfDomain, match=r"wine, δ = 0: n = 13: .* only 13 modes"):
        suites.run("data", suites.Request(specification=path))
    with pytest.raises(OutOfDomain, match="cannot be read: No such file"):
        load(tmp_path / "nowhere.toml")


def test_the_suite_has_its_own_specification():
    names = [s.name for s in load()]
    assert names[:4] == ["digits", "wine", "breast cancer", "diabetes"]
    assert {s.norms for s in load()} == {"equal", "own"}
    assert 0 in {s.ridge for s in load()}


@pytest.mark.parametrize("points", [3, 5, 20, 100, 16000])
def test_default_sizes_are_rising_and_inside(points):
    sizes = default_sizes(points)
    assert list(sizes) == sorted(set(sizes))
    assert sizes[0] >= 1
    assert sizes[-1] < points


@pytest.mark.slow
def test_the_suite_confirms_its_own_claims():
    found = suites.run("data")
    for report in found:
        assert report.verdict is Verdict.CONFIRMED, str(report)


def test_a_journal_keeps_finished_data_sets(tmp_path, monkeypatch):
    path, journal = tmp_path / "mine.toml", tmp_path / "mine.journal"
    plain = GOOD.replace("n = [16, 22, 89]", "n = [16]").replace("claim = 22", "")
    path.write_text(plain + "controls = []\nsample = 0\n")
    asked = suites.Request(specification=path, journal=journal)
    first = suites.run("data", asked)
    monkeypatch.setattr(suite, "compare", lambda *_: pytest.fail("it ran again"))
    assert suites.run("data", asked) == first
    monkeypatch.undo()
    path.write_text(plain.replace("ridge = 1", "ridge = 2") + "controls=[]\nsample=0\n")
    assert suites.run("data", asked) != first


def test_reports_say_what_the_data_are():
    report = reports("controls = []\nsample = 0\n")["held_out_mse"]
    for said in (
        "features: standardized",
        "rank 178 of 178",
        "averaged over 3 targets",
    ):
        assert said in report.reason
    assert "(3 if Gaussian)" in report.reason


def test_a_specification_as_editors_save_it(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert load(path)[0].trials == 100
    for written in ('"C:\\data\\x.csv"', '"C:\\tables\\next.csv"'):
        path.write_text(GOOD.replace('"wine"', written))
        with pytest.raises(OutOfDomain, match="between single quotes"):
            load(path)


def test_paths_of_the_home_directory(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "x.csv").write_text("a,b,y\n1,2,0\n2,1,1\n3,1,1\n1,1,0\n")
    path = tmp_path / "mine.toml"
    text = "[[data]]\ndata = '~/x.csv'\nkernel = 'ntk:relu'\nn = [2]\nsample = 0\n"
    path.write_text(text)
    assert load(path)[0].data.size == 4


@pytest.mark.parametrize("trials", [8, 9, 47])
def test_few_data_sets_are_enough_for_a_report(trials):
    (setting,) = read(GOOD.replace("100", str(trials)) + "controls = []\n", "test")
    found = {r.name.rpartition("/")[2]: r for r in suite.compare(setting, seed=3)}
    assert f"mean of {trials} such samples" in found["smaller sample"].claim
