"""Progress where standard error is no terminal."""

import time

from learnability.reproduction import progress_bars


def test_a_line_comes_at_least_every_few_seconds(capsys, monkeypatch):
    monkeypatch.setattr(progress_bars, "SECONDS", 0.1)
    with progress_bars.Stages(quiet=False) as tell:
        tell("nets", 0.1, "cell 1 of 10")
        time.sleep(0.6)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "nets: 10 %  cell 1 of 10"
    assert len(lines) >= 3
    assert all("cell 1 of 10" in line for line in lines[1:])
    time.sleep(0.3)
    assert capsys.readouterr().err == ""


def test_after_the_last_stage_it_says_what_follows(capsys, monkeypatch):
    monkeypatch.setattr(progress_bars, "SECONDS", 0.05)
    with progress_bars.Stages(quiet=False) as tell:
        tell("nets", 1.0, "done")
        time.sleep(0.3)
    first, second, *_ = capsys.readouterr().err.splitlines()
    assert first == "nets: 100 %  done"
    assert "comparisons" in second


def test_quiet_is_silent(capsys, monkeypatch):
    monkeypatch.setattr(progress_bars, "SECONDS", 0.05)
    with progress_bars.Stages(quiet=True) as tell:
        tell("nets", 0.1, "cell 1 of 10")
        time.sleep(0.2)
    assert capsys.readouterr().err == ""
