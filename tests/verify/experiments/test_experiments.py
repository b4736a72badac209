"""Experiments: checked before they run, resumed where they stopped, able to refute."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("jax", reason="needs the extra jax")

from numerics import spectrum
from theory import OutOfDomain, Unsupported
from verify.experiments import (
    CATALOG,
    LearningCurves,
    Margins,
    Measurements,
    Net,
    Sample,
    canonical,
    description,
    digest,
    experiment,
    from_description,
    from_json,
)
from verify.experiments.learning import examine, resolution, theory
from verify.networks import SetAsideWarning
from verify.verdicts.verdict import Verdict

SMALL = LearningCurves(
    name="small",
    title="a cube of four bits",
    domain="hypercube:4",
    net=Net("relu", 1),
    targets=(1, 2),
    sizes=(3, 8),
    kernel_trials=400,
    net_trials=2,
    width=32,
    max_steps=200,
)


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cells")
    return folder, SMALL.measure(folder)


def times(folder):
    return {p: p.stat().st_mtime_ns for p in Path(folder).rglob("*.npz")}


def test_a_second_run_computes_nothing_and_gives_the_same(measured):
    folder, first = measured
    before = times(folder)
    assert SMALL.measure(folder).csv() == first.csv()
    assert times(folder) == before
    assert before


def test_measurements_come_back_from_their_text(measured):
    _, first = measured
    assert Measurements.from_csv(first.csv()).csv() == first.csv()


def test_a_corrupted_file_is_set_aside_and_computed_again(measured, tmp_path):
    folder, first = measured
    for path in Path(folder).glob("regression-*.npz"):
        (tmp_path / path.name).write_bytes(path.read_bytes()[:100])
    with pytest.warns(SetAsideWarning, match="cannot be read"):
        again = replace(SMALL, net_trials=0, title="x").measure(tmp_path)
    where = ("kernel", 3, "k = 1", "learnability")
    assert again.get(*where) == first.get(*where)
    assert list(tmp_path.glob("*.set-aside"))


def test_interrupting_keeps_what_is_done(tmp_path):
    def stop(stage, fraction, text):
        if "kernel" in stage and fraction > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        SMALL.measure(tmp_path, stop)
    assert len(list(tmp_path.glob("regression-*.npz"))) == 1


def verdicts(judgement, comparison=examine.KERNEL_L):
    return [a.verdict for c in judgement.of(comparison) for a in c.agreements]


def planted(curves, **changes):
    return replace(curves, **changes)


def test_planted_wrong_theories_are_refuted_and_the_right_one_is_not(tmp_path):
    # mode k = 1 at n = 12 of the 5-cube, where the theory is right to 0.005
    fair = replace(
        SMALL, domain="hypercube:5", sizes=(12,), kernel_trials=3000, net_trials=0
    )
    table = fair.measure(tmp_path)
    right = theory.curves(fair)
    assert Verdict.REFUTED not in verdicts(examine.judge(fair, right, table))
    wrong = {
        "NNGP": spectrum(fair.net.kernel(family="nngp"), fair.domain),
        "two layers deeper": spectrum(fair.net.deeper(2).kernel(), fair.domain),
    }
    for s in wrong.values():
        bad = planted(right, learnability=theory.predicted(s, fair, [12])[0])
        assert Verdict.REFUTED in verdicts(examine.judge(fair, bad, table))
    for factor in (0.95, 1.05):
        shifted = theory._at_constants(fair, right, factor)
        bad = planted(right, learnability=shifted)
        tight = replace(fair, margins=Margins(learnability=0.004))
        assert Verdict.REFUTED in verdicts(examine.judge(tight, bad, table))


def test_a_net_that_diverged_leaves_its_point_open_and_is_not_averaged_away(measured):
    _, table = measured
    spoiled = Measurements.from_csv(table.csv())
    at = ("nets − kernel", 8, "k = 1", "learnability")
    spoiled.add(*at, [0.0, float("nan")])
    found = examine.judge(SMALL, theory.curves(SMALL), spoiled).of(examine.NETS_L)
    assert found[0].agreements[1].verdict is Verdict.INCONCLUSIVE
    assert found[0].agreements[1].samples == 0


def test_shares_of_the_stopping_rule_are_those_of_early_stopping(measured):
    """At 200 steps descent has not arrived: the stopped infinite net learns less."""
    _, table = measured
    stopped = table.get("stopped − kernel", 8, "k = 2", "learnability")
    assert stopped is not None
    assert stopped.mean < 0
    rows = SMALL.examine(table).errors
    named = {cause for row in rows for cause in row.shares}
    assert {"stop rule", "width bound", "stability", "spectrum"} <= named


@pytest.mark.parametrize("name", list(CATALOG))
@pytest.mark.parametrize("form", [{}, {"full": True}, {"as_published": True}])
def test_published_experiments_round_trip_and_have_a_digest_of_their_own(name, form):
    made = experiment(name, **form)
    assert made.name == name
    assert from_json(canonical(made)) == made
    assert digest(made) == digest(from_json(canonical(made)))
    assert digest(experiment(name, seed=7, **form)) != digest(made)


def test_the_published_form_of_fig1_is_that_of_the_paper():
    full = experiment("fig1", full=True)
    assert (full.width, full.net_trials, full.net.depth) == (500, 30, 4)
    assert full.sizes == (2, 3, 6, 12, 22, 41, 76, 139, 256)
    assert experiment("fig1", as_published=True).learning_rate == 0.5


def test_an_unknown_experiment_gets_the_list_of_known_ones():
    with pytest.raises(OutOfDomain, match=r"fig3.*fig1-circle"):
        experiment("fig3")


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"domain": "sphere:2"}, "d ≥ 3"),
        ({"domain": "circle"}, "finite"),
        ({"domain": "hypercube:30"}, "at most"),
        ({"targets": (9,)}, "targets = 9"),
        ({"targets": ("1=1,9=1",)}, "levels of hypercube:4"),
        ({"targets": ("1=0",)}, "positive"),
        ({"targets": ()}, "targets"),
        ({"sizes": ()}, "sizes"),
        ({"sizes": (3, 2)}, "rising"),
        ({"sizes": (17,)}, "sizes = 17"),
        ({"net_trials": 1}, "net_trials = 1"),
        ({"kernel_trials": 401}, "kernel_trials = 401"),
        ({"net_sizes": (4,)}, "net_sizes = 4"),
        ({"width": 0}, "width = 0"),
        ({"seed": -1}, "seed = -1"),
        ({"noises": ("-1",)}, "noises"),
        ({"input_variance": "2"}, "input variance 1"),
        ({"net": None}, "net, kernel"),
        ({"net": None, "kernel": "gaussian:width=2"}, "nets need net"),
        ({"margins": Margins(nets=0.01), "learning_rate": 0.0}, "learning_rate"),
    ],
)
def test_bad_specifications_are_named_before_anything_runs(change, match):
    with pytest.raises(OutOfDomain, match=match):
        replace(SMALL, **change)


def test_a_kernel_without_closed_form_is_for_finite_domains():
    tanh = replace(SMALL, net=Net("tanh", 1))
    assert str(tanh.data_kernel()).startswith("ntk:tanh")
    with pytest.raises(Unsupported, match=r"tanh.*sphere:4"):
        replace(SMALL, net=Net("tanh", 1), domain="sphere:4")


def test_unknown_fields_are_named_with_the_one_that_was_meant():
    values = {**description(SMALL), "widht": 5}
    with pytest.raises(OutOfDomain, match=r"'widht'; did you mean 'width'"):
        from_json(json.dumps(values))
    values = {**description(SMALL), "net": {"depht": 1}}
    with pytest.raises(OutOfDomain, match=r"net: unknown field 'depht'"):
        from_description(values)
    with pytest.raises(OutOfDomain, match="format 1; this version reads format 2"):
        from_description({"format": 1})


def test_a_margin_that_the_run_cannot_resolve_is_refused_with_the_size_that_could():
    wanting = replace(SMALL, margins=Margins(learnability=1e-4))
    with pytest.raises(OutOfDomain, match=r"cannot be resolved .* could") as caught:
        wanting.preflight()
    named = int(str(caught.value).rpartition("about ")[2].split()[0])
    spread = resolution.pilot_spread(wanting).min()
    half = 2.5758 * spread / np.sqrt(named)
    assert 0.9e-4 < half <= 1e-4


def test_samples_that_are_not_finite_decide_nothing():
    assert Sample.of([1.0, float("inf")]).samples == 0
    assert not Sample.of([1.0]).sound


def test_mixtures_of_levels_are_regressed_as_the_theory_takes_them(tmp_path):
    mixed = replace(
        SMALL, targets=("1=1,2=1/2",), sizes=(16,), net_trials=2, net_sizes=None
    )
    table = mixed.measure(tmp_path)
    found = table.get("kernel", 16, "[1=1,2=1/2]", "learnability")
    assert found is not None
    assert found.mean == pytest.approx(1.0, abs=1e-9)
    nets = table.get("nets − kernel", 16, "[1=1,2=1/2]", "learnability")
    assert nets is not None
    assert abs(nets.mean) < 0.5
