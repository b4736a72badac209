"""What is saved comes back equal, bit by bit; a file that was changed is refused."""

import json
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq

from learnability import Hypercube, Hypersphere, UnitCircle, kernels, predict, spectrum
from numerics import Spectrum, constant
from numerics.numbers.ball import Ball
from theory import OutOfDomain, Unsupported
from verify.storage.results import load, save

CUBE = spectrum(kernels.parse("ntk:relu:depth=2,bias_variance=0.01"), Hypercube(4))
LISTED = Spectrum.from_levels([("1/2", 3), ("1e-400", 5)])
RESULTS = [
    Ball.exact(fmpq(2, 3)),
    Ball.exact(fmpq(7) ** 9000),  # more digits than Python writes by default
    constant(CUBE, 3),
    Ball.infinite("a limit"),
    CUBE,
    LISTED,
    spectrum(kernels.gaussian(1), UnitCircle(points=9)),
    spectrum(kernels.exponential(1), Hypersphere(3), levels=6),
    predict(CUBE, {1: 1}, [1, 2.5, "1/3"], ridge=[0.0, 0.1, 1e-300], noise=0.2),
    predict([CUBE, CUBE], [{1: 1}, {0: 1, 3: "1/2"}], n=[[1], [16]], digits=12),
    predict(CUBE, {1: 1}, 20, sampling="independent"),
]


def same(a, b):
    return (
        a.same_enclosure(b) and a.rational == b.rational
        if hasattr(a, "rational")
        else a == b
    )


@pytest.mark.parametrize("number", range(len(RESULTS)))
def test_it_comes_back_equal(number, tmp_path):
    result = RESULTS[number]
    assert repr(result)
    again = load(save(result, tmp_path / "result.json"))
    assert same(again, result)
    first = (tmp_path / "result.json").read_bytes()
    assert save(again, tmp_path / "again.json").read_bytes() == first


def test_a_spectrum_from_a_file_goes_on(tmp_path):
    s = spectrum(kernels.exponential(1), Hypersphere(3), levels=2)
    again = load(save(s, tmp_path / "s.json"))
    assert again.extend() == s.extend()
    assert constant(again, 3).same_enclosure(constant(s, 3))


def test_a_changed_file_is_refused(tmp_path):
    path = save(LISTED, tmp_path / "s.json")
    text = path.read_text("utf-8")
    path.write_text(text.replace('["int","3"]', '["int","4"]'), "utf-8")
    with pytest.raises(OutOfDomain, match="not the one that was saved"):
        load(path)
    for other in ("{}", "[1]", "", "[" * 100_000, json.dumps({"format": 1})):
        path.write_text(other, "utf-8")
        with pytest.raises(OutOfDomain, match="no file that save"):
            load(path)


def test_what_has_no_form_is_refused_before_a_file_is_there(tmp_path):
    from theory.kernels import from_expression
    from theory.notation import t

    path = tmp_path / "x.json"
    with pytest.raises(OutOfDomain, match="is needed"):
        save(Fraction(1, 2), path)
    odd = predict(CUBE, {1: 1}, 2)
    odd.asked["rule"] = np.sin
    with pytest.raises(Unsupported, match="rule"):
        save(odd, path)
    assert not path.exists()
    s = spectrum(from_expression(1 / (2 - t)), Hypercube(3))
    assert load(save(s, path)) == s
