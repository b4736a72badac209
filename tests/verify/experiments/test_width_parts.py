"""A net's deviation from the infinite one: its start, its drift, and random features."""

import numpy as np

from numerics import predict, spectrum
from verify.experiments.conservation.measure import cell_of, source_of
from verify.experiments.conservation.parts import as_features, split, start_kernels
from verify.experiments.conservation.specification import Conservation
from verify.experiments.net import Net

NET = Net("erf", 1)
WIDE = Conservation(
    "wide",
    domain="circle:4",
    view="width",
    nets=(NET,),
    sizes=(2,),
    widths=(16, 64, 4096),
    trials=2,
)


def test_parts_make_up_the_whole():
    nets, start, infinite = np.random.default_rng(0).standard_normal((3, 5, 2, 4))
    found = split(nets, start, infinite)
    parts = found["start"] + found["drift"] + found["both"]
    assert np.allclose(parts, found["whole"])
    assert np.allclose(found["whole"], np.mean((nets - infinite) ** 2, axis=(1, 2)))


def test_the_kernel_at_the_start_is_the_infinite_one_for_wide_nets():
    x = source_of(WIDE).examples(2, (0,)).test_inputs
    wanted = NET.gram(x, WIDE.input_variance)
    gaps = []
    for case in WIDE.cases[::2]:
        found = start_kernels(cell_of(WIDE, case), x, shared=True)
        assert found.shape == (WIDE.trials, 1, len(x), len(x))
        gaps.append(np.sqrt(np.mean((found - wanted) ** 2)) / wanted[0, 0])
    assert gaps[1] < 0.03 < gaps[0]


def test_random_features_fall_like_one_over_the_width():
    found = as_features(WIDE, NET, 2)
    s = spectrum(NET.kernel("1/2"), "circle:4", digits=None)
    ps = [predict(s, {k: 1}, 2, width=64) for k in (0, 1, 1, 2)]
    one = np.mean([p.variance_features + p.variance_both for p in ps])
    assert np.isclose(found[1], one)
    assert np.isclose(found[1] / found[2], 64, rtol=0.05)
