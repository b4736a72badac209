"""Precision is nobody's state: it is restored, and threads do not see each other's."""

import threading

import pytest
from flint import arb, arb_series, ctx

from numerics import spectrum
from numerics.interpreters.series.ball_series import series_length
from numerics.numbers.precision import bits_for, working_precision
from numerics.spectra.spectrum import _spectrum


def test_precision_is_restored_also_after_an_error():
    before = ctx.prec
    with working_precision(321):
        assert ctx.prec == 321
        with working_precision(77):
            assert ctx.prec == 77
        assert ctx.prec == 321
    with pytest.raises(ZeroDivisionError), working_precision(999):
        raise ZeroDivisionError
    assert ctx.prec == before


def test_series_length_is_restored():
    before = ctx.prec, ctx.cap
    with series_length(37, 200):
        assert len(arb_series([0, 1]).exp().coeffs()) == 37
    assert (ctx.prec, ctx.cap) == before


def test_results_do_not_depend_on_the_precision_outside():
    answers = []
    for bits in (53, 10, 4000):
        _spectrum.cache_clear()
        with working_precision(bits):
            s = spectrum("ntk:relu:depth=2", "sphere:4", levels=range(5))
            h = spectrum("laplace:width=1", "hypercube:5")
            answers.append([str(x.eigenvalue) for x in (*s.levels, *h.levels)])
            assert s.digits >= 30
            assert ctx.prec == bits
    assert answers[0] == answers[1] == answers[2]


def test_two_threads_give_what_one_gives():
    jobs = [
        ("laplace:width=1", "hypercube:9", 40),
        ("ntk:relu:depth=3", "hypercube:12", 25),
        ("gaussian:width=2", "circle:17", 60),
        ("laplace:width=3", "sphere:3", 20),
    ]
    alone = [str(spectrum(a, b, digits=n)) for a, b, n in jobs]
    found: dict[int, list[str]] = {0: [], 1: []}

    def work(index):
        order = jobs if index == 0 else jobs[::-1]
        for a, b, n in order:
            _spectrum.cache_clear()
            found[index].append(str(spectrum(a, b, digits=n)))

    threads = [threading.Thread(target=work, args=(i,)) for i in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == alone
    assert found[1] == alone[::-1]


def test_bits_for_digits():
    with working_precision(bits_for(50)):
        assert (arb(1) / 3).rel_accuracy_bits() > 50 * 3.33
