"""The grid of marks says what the verdicts say, and expectations change none."""

from learnability.reproduction.grid import grid_of, reading
from learnability.startup.streams import plain
from verify.experiments.judgement import JudgedCurve, Judgement
from verify.verdicts.agreement import within

INSIDE = within(0.0, 0.001, 50, 0.02)
OUTSIDE = within(0.3, 0.001, 50, 0.02)
OPEN = within(0.02, 0.01, 50, 0.02)


def curve(subject, expected=()):
    expected = dict.fromkeys(expected, "few points")
    return JudgedCurve(
        subject, "kernel", (2, 16, 256), (OUTSIDE, OPEN, INSIDE), "n", expected
    )


def test_every_place_has_its_mark_below_its_number():
    head, first, second = grid_of([curve("k = 0", [2, 256]), curve("k = 11")])
    assert head.split() == ["n", "2", "16", "256"]
    assert first.split()[-3:] == ["✗*", "?", "✓"]
    assert second.split()[-3:] == ["✗", "?", "✓"]
    for line in (first, second):
        assert len(line) == len(head)
    assert plain(first).split()[-3:] == ["x*", "?", "+"]


def test_what_is_expected_changes_sentences_and_no_verdict():
    expected, surprising = (Judgement((curve("k = 0", x),)) for x in ([2], []))
    assert expected.verdict == surprising.verdict
    assert expected.as_json() == surprising.as_json()
    told, warned = ("\n".join(reading(x)) for x in (expected, surprising))
    assert "1 of 3 places agree" in told
    assert "1 refuted as expected: few points" in told
    assert "not expected" not in told
    assert "1 refuted, not expected, in kernel: k = 0, n = 2" in warned
    assert "1 open" in warned
