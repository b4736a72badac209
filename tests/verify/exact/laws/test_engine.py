"""The numerics contain what is known exactly, and a wrong number is refuted."""

from dataclasses import replace

import pytest

from verify.exact.laws import definitions, engine
from verify.exact.testing.law import examine
from verify.verdicts.verdict import Verdict

LAWS = {law.name.split("/")[1]: law for law in engine.laws()}
SPOILED = {
    "constant": ("constant", lambda ball: replace(ball, value=ball.value * 2)),
    "statistics": ("_truths", lambda known: {**known, "bias": known["bias"] + 1}),
    "floats": ("_truths", lambda known: {k: x * (1 + 2) for k, x in known.items()}),
    "eigenvalues": ("textbook", lambda ball: ball * 2),
    "forms": ("_half", lambda ball: ball + 1),
    "nets": ("textbook", lambda ball: ball * 2),
}


@pytest.mark.parametrize("name", LAWS)
def test_the_engine_contains_what_is_known_exactly(name):
    report = examine(LAWS[name], 8, seed=2)
    assert report.verdict is Verdict.CONFIRMED, report


@pytest.mark.parametrize("name", SPOILED)
def test_every_test_of_the_engine_can_fail(name, monkeypatch):
    target, spoil = SPOILED[name]
    right = getattr(engine, target)
    monkeypatch.setattr(engine, target, lambda *a, **k: spoil(right(*a, **k)))
    law = LAWS[name]
    verdicts = {engine_finding(law, k) for k in range(4)}
    assert True in verdicts


def engine_finding(law, example):
    from verify.exact.testing.choices import seeded
    from verify.exact.testing.law import judged

    return bool(judged(law, law.build(seeded(5, example, law.name))).failure)


DEFINED = {law.name.split("/")[1]: law for law in definitions.laws()}
WRONG = {
    "zonal": ("_of", lambda x: x / 2 + 1),
    "eigenvalues": ("rational", lambda x: x + 1),
    "families": ("textbook", lambda ball: ball * 2),
    "angles": ("as_ball", lambda ball: ball / 2),
}


@pytest.mark.parametrize("name", DEFINED)
def test_definitions_are_what_they_define(name):
    report = examine(DEFINED[name], 6, seed=2)
    assert report.verdict is Verdict.CONFIRMED, report


@pytest.mark.parametrize("name", WRONG)
def test_every_test_of_a_definition_can_fail(name, monkeypatch):
    target, spoil = WRONG[name]
    right = getattr(definitions, target)
    monkeypatch.setattr(definitions, target, lambda *a: spoil(right(*a)))
    assert any(engine_finding(DEFINED[name], k) for k in range(3))
