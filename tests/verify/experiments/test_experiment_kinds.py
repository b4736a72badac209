"""Every kind of experiment: planted errors are refuted, runs resume, bad input is named."""

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from scipy.linalg import expm

pytest.importorskip("jax", reason="needs the extra jax")
pytest.importorskip("sklearn", reason="needs the extra verify")

from numerics import spectrum
from theory import OutOfDomain
from verify.experiments import Measurements, Net, Picture
from verify.experiments.conservation import Conservation
from verify.experiments.conservation import measure as conservation_measure
from verify.experiments.conservation.specification import SumMargins
from verify.experiments.held_out import DataCurves, Engineered
from verify.experiments.held_out.engineered import Design
from verify.experiments.held_out.engineered.theory import effective_size, held_out
from verify.experiments.learning import LearningCurves, Margins
from verify.experiments.spectra import DeepBootstrap, OptimalDepth, PowerLaw
from verify.experiments.spectra.fractional_variances import fractional_variances
from verify.experiments.spectra.gaussian import gaussian_errors
from verify.experiments.spectra.power_law.theory import predicted as power_theory
from verify.verdicts.verdict import Verdict

SUMS = Conservation(
    "sums",
    domain="circle:4",
    nets=(Net("relu", 1), Net("tanh", 1, "2.25")),
    sizes=(2,),
    widths=(64,),
    trials=3,
    max_steps=300,
)
WIDTH = Conservation(
    "widths",
    domain="circle:4",
    view="width",
    nets=(Net("erf", 1),),
    sizes=(2,),
    widths=(16, 32, 64),
    trials=4,
    max_steps=300,
)
LAZY = Conservation(
    "lazy",
    domain="circle:4",
    view="scale",
    nets=(Net("relu", 2),),
    sizes=(2,),
    widths=(64,),
    scales=(1e-3,),
    starts=(True, False),
    trials=4,
    stop_mse=1e-9,
    max_steps=20_000,
    dtype="float64",
    margins=SumMargins(total=0.005),
)
SPHERE = LearningCurves(
    "sphere",
    domain="sphere:3",
    input_variance="1/3",
    net=Net("relu", 1),
    targets=(0, 1),
    noises=("0", "1/4"),
    sizes=(4,),
    kernel_trials=400,
    net_trials=2,
    width=32,
    max_steps=100,
    test_points=64,
    margins=Margins(learnability=0.1),
)
DIGITS = DataCurves(
    "digits",
    data="wine",
    tasks=("1 against 2",),
    kernel="ntk:relu:depth=1,weight_variance=2,bias_variance=0.01",
    sizes=(8, 32),
    ridges=("0", "1"),
    trials=60,
    margins=Margins(learnability=0.05),
)
PARITY = Engineered(
    "parity",
    domain="hypercube:5",
    target=5,
    designs=(Design(Net("relu", 1), 16), Design(Net("sin", 1, "4", "0"), 16)),
    sizes=(16,),
    kernel_trials=1000,
    net_trials=2,
    max_steps=100,
)
BOOTSTRAP = DeepBootstrap(
    "bootstrap",
    modes=4000,
    sizes=(16, 64),
    ideal=2000,
    first=-1,
    last=3,
    count=5,
    sampled_sizes=(16,),
    sampled_modes=400,
    trials=600,
)
LAW = PowerLaw(
    "law",
    alphas=("2",),
    sizes=(10, 40, 160),
    modes=100_000,
    sampled_sizes=(10, 40),
    sampled_modes=800,
    trials=600,
)
DEPTH = OptimalDepth(
    "depth",
    dimension=12,
    degrees=(1, 2, 3, 4),
    activations=("relu",),
    depths=(1, 2, 4),
    weight_variances=("1", "3", 3),
    bias_variances=("0", "1", 2),
)
ALL = [SUMS, WIDTH, LAZY, SPHERE, DIGITS, PARITY, BOOTSTRAP, LAW, DEPTH]


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Each experiment's folder and measurements, made when first asked for."""
    made = {}

    def run(experiment):
        if experiment.name not in made:
            folder = tmp_path_factory.mktemp(experiment.name)
            made[experiment.name] = (folder, experiment.measure(folder))
        return made[experiment.name]

    return run


@pytest.mark.parametrize(
    "experiment",
    [pytest.param(e, marks=pytest.mark.slow) if e is WIDTH else e for e in ALL],
    ids=[e.name for e in ALL],
)
def test_each_kind_resumes_examines_and_comes_back_from_its_table(experiment, runs):
    folder, measured = runs(experiment)
    before = {p: p.stat().st_mtime_ns for p in folder.rglob("*.npz")}
    assert before
    assert experiment.measure(folder).csv() == measured.csv()
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*.npz")} == before
    again = Measurements.from_csv(measured.csv())
    first, second = experiment.examine(measured), experiment.examine(again)
    assert first.judgement.as_json() == second.judgement.as_json()
    assert isinstance(first.picture, Picture)
    assert first.picture.csv() == second.picture.csv()
    assert first.table.rows
    assert first.remarks
    assert first.judgement.controls


@pytest.mark.parametrize(
    "experiment",
    [SUMS, SPHERE, DIGITS, PARITY, BOOTSTRAP, LAW, DEPTH],
    ids=lambda e: e.name,
)
def test_interrupting_any_kind_keeps_what_is_finished(experiment, runs, tmp_path):
    _, whole = runs(experiment)
    seen = []

    def stop(stage, fraction, text):
        seen.append(fraction)
        if len(seen) > 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        experiment.measure(tmp_path, stop)
    again = experiment.measure(tmp_path)
    keys = [(r.what, r.at, r.target, r.quantity) for r in whole]
    assert [(r.what, r.at, r.target, r.quantity) for r in again] == keys
    for a, b in zip(whole, again, strict=True):
        if a.quantity == "seconds":
            continue
        assert a.mean == pytest.approx(b.mean, rel=1e-4, abs=1e-6, nan_ok=True)


def curves(experiment, measured, comparison):
    return experiment.examine(measured).judgement.of(comparison)


def control(findings, name):
    return next(c for c in findings.judgement.controls if c.name == name)


def test_kernels_obey_conservation_to_rounding_and_sums_off_by_a_tenth_are_refuted(
    runs,
):
    _, measured = runs(SUMS)
    findings = SUMS.examine(measured)
    exact = findings.judgement.of("Σ L − n, kernel")
    assert {c.verdict for c in exact} == {Verdict.CONFIRMED}
    for net in SUMS.nets:
        learned, _ = conservation_measure.kernel_learnability(SUMS, net, 2)
        assert np.allclose(learned.sum(axis=1), 2, atol=1e-12)
    # a net without linearity in its targets breaks the law: plant a squashed mode
    spoiled = Measurements.from_csv(measured.csv())
    case = SUMS.cases[0]
    spoiled.add("nets", case.label, "Σ", "learnability", [1.6, 1.61, 1.59])
    bad = SUMS.examine(spoiled).judgement.of("Σ L − n over n, nets")[0]
    assert bad.verdict is Verdict.REFUTED


def test_lazy_nets_of_one_start_obey_and_of_several_do_not(runs):
    _, measured = runs(LAZY)
    findings = LAZY.examine(measured)
    assert findings.judgement.curves[0].verdict is Verdict.CONFIRMED
    assert control(findings, "n − 5 %").told_apart


def test_noise_does_not_move_learnability_but_mse(runs):
    _, measured = runs(SPHERE)
    clean = measured.get("kernel", 4, "k = 1, σ² = 0", "learnability")
    noisy = measured.get("kernel", 4, "k = 1, σ² = 1/4", "learnability")
    assert abs(clean.mean - noisy.mean) < 4 * math.hypot(clean.error, noisy.error)
    low = measured.get("kernel", 4, "k = 1, σ² = 0", "test_mse")
    high = measured.get("kernel", 4, "k = 1, σ² = 1/4", "test_mse")
    assert high.mean > low.mean + 0.25


def test_a_cut_spectrum_of_another_norm_is_named_as_the_trap_that_it_is(runs):
    _, measured = runs(SPHERE)
    trap = replace(SPHERE, theory_input_variance="1", theory_levels=6)
    findings = trap.examine(measured)
    assert any("As published, the theory takes" in line for line in findings.remarks)
    shares = [row.shares.get("spectrum", 0.0) for row in findings.errors]
    assert max(map(abs, shares)) > 1e-3
    own = SPHERE.examine(measured)
    assert not any(row.shares.get("spectrum") for row in own.errors)


def test_an_odd_kernel_sees_fewer_points_than_are_drawn(runs):
    _, measured = runs(PARITY)
    right = PARITY.examine(measured).judgement.of("kernel − theory, learnability")
    assert right[1].subject == "sin, 1 HL"
    assert Verdict.REFUTED not in {a.verdict for a in right[1].agreements}
    naive = replace(PARITY, pairs=False).examine(measured).judgement
    wrong = naive.of("kernel − theory, learnability")[1]
    assert wrong.verdict is Verdict.REFUTED
    odd = spectrum(Net("sin", 1, "4", "0").kernel(), "hypercube:5")
    # all pairs of draws by hand: n = 2 of 32 points are one pair with chance 1/31
    assert effective_size(odd, 2, 32, 5) == 2 - Fraction(1, 31)
    assert held_out(np.array([0.5]), 16, 32) == [0.0]


def test_gaussian_regression_agrees_with_the_plain_predictor():
    lam, power = np.array([1.0, 0.5, 0.25, 0.1]), np.array([0.4, 0.3, 0.2, 0.1])
    error, noise = gaussian_errors(lam, power, 3, [0.1], 2, seed=5, times=[1e-9, 0.7])
    for trial in range(2):
        phi = np.random.default_rng([5, 3, trial]).standard_normal((3, 4))
        solve = np.linalg.inv(phi @ np.diag(lam) @ phi.T + 0.1 * np.eye(3))
        t = np.diag(lam) @ phi.T @ solve
        v = np.sqrt(power)
        assert error[trial, 0] == pytest.approx(np.sum((v - t @ phi @ v) ** 2))
        assert noise[trial, 0] == pytest.approx(1 + np.trace(t @ t.T))
        # gradient flow of the coefficients themselves
        left = expm(-0.7 * np.diag(lam) @ phi.T @ phi)
        assert error[trial, 2] == pytest.approx(np.sum((left @ v) ** 2))
    assert error[:, 1] == pytest.approx(power.sum())


def test_wrong_sizes_and_ridges_are_refuted_by_the_bootstrap(runs):
    _, measured = runs(BOOTSTRAP)
    findings = BOOTSTRAP.examine(measured)
    for name in ("half the time", "trained to the end", "ridge as time"):
        assert control(findings, name).told_apart, name


def test_power_laws_meet_the_exact_law_and_the_leading_term_is_refuted(runs):
    _, measured = runs(LAW)
    c, _ = power_theory(LAW, "2")
    for n, value in zip(LAW.sizes, c, strict=True):
        root = math.sqrt(value)
        exact = math.pi / (2 * root) / math.tanh(math.pi / root) - 0.5
        assert exact == pytest.approx(n, rel=1e-7)
    findings = LAW.examine(measured)
    assert control(findings, "C by its leading term").told_apart
    assert control(findings, "limit 0.9 α").told_apart


def test_fractions_are_those_of_the_proved_spectrum_and_another_depth_is_refuted(runs):
    one = np.array([2.0])
    found = fractional_variances(12, tuple(range(13)), "relu", "ntk", 3, one, one / 20)[
        :, 0
    ]
    s = spectrum("ntk:relu:depth=3,weight_variance=2,bias_variance=0.1", "hypercube:12")
    masses = np.array([float(x.eigenvalue) * float(x.multiplicity) for x in s.levels])
    assert np.allclose(found, masses / masses.sum(), rtol=1e-9)
    _, measured = runs(DEPTH)
    findings = DEPTH.examine(measured)
    assert control(findings, "NNGP for NTK").told_apart
    assert control(findings, "one layer more").told_apart


def test_data_curves_give_the_finite_domain_its_share(runs):
    _, measured = runs(DIGITS)
    naive = replace(DIGITS, finite=False).examine(measured)
    shares = [
        row.shares["finite domain"] for row in naive.errors if "δ = 1" in row.target
    ]
    assert max(map(abs, shares)) > 1e-3
    right = DIGITS.examine(measured)
    assert all(row.shares["finite domain"] == 0 for row in right.errors)


@pytest.mark.parametrize(
    ("experiment", "change", "match"),
    [
        (SUMS, {"domain": "hypercube:3"}, "circle:M"),
        (SUMS, {"domain": "circle:100"}, "2 to 32"),
        (SUMS, {"view": "pie"}, "view = 'pie'"),
        (SUMS, {"nets": ()}, "nets"),
        (SUMS, {"sizes": (5,)}, "sizes = 5"),
        (SUMS, {"scales": (0.0,)}, "scales"),
        (SUMS, {"starts": ()}, "starts"),
        (SUMS, {"trials": 1}, "trials = 1"),
        (WIDTH, {"widths": (8, 16)}, "three or more"),
        (DIGITS, {"ridges": ("-1",)}, "ridges"),
        (DIGITS, {"tasks": ()}, "tasks"),
        (DIGITS, {"kernel": "ntk:relo"}, "relo"),
        (PARITY, {"target": 6}, "target = 6"),
        (PARITY, {"sizes": (32,)}, "sizes = 32"),
        (PARITY, {"domain": "sphere:5"}, "hypercube:D"),
        (BOOTSTRAP, {"alpha": "1"}, "alpha = 1"),
        (BOOTSTRAP, {"ideal": 4000}, "ideal = 4000"),
        (LAW, {"alphas": ("1",)}, "alphas = 1"),
        (LAW, {"sampled_sizes": (11,)}, "sampled_sizes = 11"),
        (DEPTH, {"depths": ()}, "depths"),
        (DEPTH, {"activations": ("relo",)}, "relo"),
        (DEPTH, {"weight_variances": ("3", "1", 4)}, "weight_variances"),
        (DEPTH, {"degrees": (13,)}, "degrees = 13"),
    ],
)
def test_bad_specifications_of_each_kind_are_named(experiment, change, match):
    with pytest.raises(OutOfDomain, match=match):
        replace(experiment, **change)


@pytest.mark.parametrize(
    "experiment",
    [
        replace(PARITY, margins=Margins(learnability=1e-6)),
        replace(DIGITS, margins=Margins(learnability=1e-6)),
        replace(SPHERE, margins=Margins(learnability=1e-6)),
        replace(BOOTSTRAP, margins=type(BOOTSTRAP.margins)(1e-6)),
        replace(LAW, margins=type(LAW.margins)(measured=1e-6)),
    ],
    ids=lambda e: e.name,
)
def test_margins_that_no_run_of_this_size_resolves_are_refused(experiment):
    with pytest.raises(OutOfDomain, match=r"cannot be resolved .*data sets could"):
        experiment.preflight()
