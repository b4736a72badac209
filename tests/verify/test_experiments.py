"""Experiments: checked before they run, resumed where they stopped, able to refute."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("jax", reason="needs the extra jax")

from numerics import spectrum
from theory import OutOfDomain
from verify.experiments import Experiment, curves, fig1, judge, measure
from verify.experiments.curves import Curves, predicted
from verify.networks import SetAsideWarning
from verify.verdict import Verdict

SMALL = Experiment(
    name="small",
    title="a cube of four bits",
    domain="hypercube:4",
    depth=1,
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
    return folder, measure(SMALL, folder)


def test_a_second_run_computes_nothing_and_gives_the_same(measured):
    folder, first = measured
    before = {p: p.stat().st_mtime_ns for p in Path(folder).glob("*.npz")}
    second = measure(SMALL, folder)
    assert {p: p.stat().st_mtime_ns for p in Path(folder).glob("*.npz")} == before
    assert len(before) == 2 * 2 + 2
    for a, b in zip(first.kernel, second.kernel, strict=True):
        assert np.array_equal(a.learnability, b.learnability)
    for a, b in zip(first.nets, second.nets, strict=True):
        assert np.array_equal(a.learnability, b.learnability)


def test_a_corrupted_file_is_set_aside_and_computed_again(measured, tmp_path):
    folder, first = measured
    for path in Path(folder).glob("kernel-*.npz"):
        (tmp_path / path.name).write_bytes(path.read_bytes()[:100])
    with pytest.warns(SetAsideWarning, match="cannot be read"):
        again = measure(replace(SMALL, net_trials=0, title="x"), tmp_path)
    assert np.array_equal(again.kernel[0].learnability, first.kernel[0].learnability)
    assert list(tmp_path.glob("*.set-aside"))


def test_interrupting_keeps_what_is_done(tmp_path):
    def stop(stage, fraction, text):
        if "ntk" in stage and fraction > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        measure(SMALL, tmp_path, stop)
    assert len(list(tmp_path.glob("kernel-*.npz"))) == 1


def test_a_planted_wrong_theory_is_refuted_and_the_right_one_is_not(measured):
    _, outcome = measured
    experiment = replace(SMALL, kernel_trials=400)
    right = curves(experiment)
    wrong_spectrum = spectrum(experiment.net_kernel("nngp", 1), "hypercube:4")
    wrong = Curves(
        wrong_spectrum, right.constants, *predicted(wrong_spectrum, experiment, [3, 8])
    )
    good, bad = judge(experiment, right, outcome), judge(experiment, wrong, outcome)
    name = "kernel − theory, learnability"
    good_ones = [v for c in good.curves if c.comparison == name for v in c.agreements]
    bad_ones = [v for c in bad.curves if c.comparison == name for v in c.agreements]
    assert sum(a.verdict is Verdict.REFUTED for a in good_ones) == 0
    assert sum(a.verdict is Verdict.REFUTED for a in bad_ones) >= 2


def test_specifications_round_trip_and_differ_by_digest():
    full = fig1(full=True)
    assert Experiment.from_json(full.json()) == full
    assert full.digest != fig1().digest
    assert (full.width, full.net_trials, full.depth) == (500, 30, 4)
    assert full.sizes == (2, 3, 6, 12, 22, 41, 76, 139, 256)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"domain": "sphere:8"}, "must be finite"),
        ({"domain": "hypercube:30"}, "at most"),
        ({"targets": (9,)}, "targets = 9"),
        ({"targets": ()}, "targets"),
        ({"sizes": (3, 2)}, "rising"),
        ({"sizes": (17,)}, "sizes = 17"),
        ({"net_trials": 1}, "net_trials = 1"),
        ({"width": 0}, "width = 0"),
        ({"bias_variance": "-1"}, "bias_variance"),
        ({"depth": 0}, "depth = 0"),
        ({"seed": -1}, "seed = -1"),
    ],
)
def test_bad_specifications_are_named_before_anything_runs(change, match):
    with pytest.raises(OutOfDomain, match=match):
        replace(SMALL, **change)


def test_unknown_fields_are_named():
    text = json.dumps({**SMALL.description, "widht": 5})
    with pytest.raises(OutOfDomain, match="'widht'"):
        Experiment.from_json(text)
