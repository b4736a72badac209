"""Claims: one winner, dead holders found out, living ones respected."""

import json
import multiprocessing
import os
import subprocess
import sys
import time

import pytest

from verify.networks.sweeps.claims import Claims

OTHER_MACHINE = json.dumps({"machine": "another", "pid": 1, "born": "1"})


def _dead_pid():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_living_holder_is_respected(tmp_path):
    one, two = Claims(tmp_path, 0.01), Claims(tmp_path, 0.01)
    assert one.take("a")
    time.sleep(0.05)
    assert not two.take("a")
    assert one.holds("a")
    one.release("a")
    assert two.take("a")


def test_a_dead_process_of_this_machine_is_outdone_at_once(tmp_path):
    dead = Claims(tmp_path)
    dead._me = json.dumps({**json.loads(dead._me), "pid": _dead_pid(), "born": "5"})
    assert dead.take("a")
    alive = Claims(tmp_path)
    if not json.loads(alive._me)["machine"]:
        pytest.skip("this system doesn't say which process is alive")
    assert alive.take("a")
    assert alive.holds("a")
    assert not dead.holds("a")


def test_a_reused_process_number_is_not_mistaken_for_the_holder(tmp_path):
    ghost = Claims(tmp_path)
    ghost._me = json.dumps({**json.loads(ghost._me), "born": "1"})
    ghost.take("a")
    alive = Claims(tmp_path)
    if not json.loads(alive._me)["machine"]:
        pytest.skip("this system doesn't say which process is alive")
    assert alive.take("a")


def test_a_silent_holder_elsewhere_is_outdone_after_a_while_and_not_before(tmp_path):
    far = Claims(tmp_path)
    far._me = OTHER_MACHINE
    far.take("a")
    near = Claims(tmp_path, stale_after=0.2)
    assert not near.take("a")
    for _ in range(3):  # a holder that touches its claim stays
        time.sleep(0.15)
        far.touch()
        assert not near.take("a")
    time.sleep(0.3)
    assert near.take("a")


def test_a_clock_that_is_wrong_elsewhere_does_not_matter(tmp_path):
    far = Claims(tmp_path)
    far._me = OTHER_MACHINE
    far.take("a")
    os.utime(far.mine["a"], (0, 0))  # touched in 1970, says its clock
    assert not Claims(tmp_path, stale_after=60).take("a")


def test_a_claim_that_was_being_written_counts_as_living(tmp_path):
    Claims(tmp_path)
    (tmp_path / "claims" / "a.1").write_text("")
    assert not Claims(tmp_path, stale_after=60).take("a")


def test_the_heart_beats_inside_the_with_block_and_claims_end_with_it(tmp_path):
    one = Claims(tmp_path, stale_after=0.3)
    with one.alive():
        one.take("a")
        before = one.mine["a"].stat().st_mtime_ns
        time.sleep(0.3)
        assert one.mine["a"].stat().st_mtime_ns > before
    assert list((tmp_path / "claims").iterdir()) == []


def _race(folder, barrier, wins):
    claims = Claims(folder)
    for number in range(40):
        barrier.wait()
        if claims.take(f"cell{number}"):
            wins.put(number)
    barrier.wait()


@pytest.mark.parametrize("stale", [False, True])
def test_of_several_processes_exactly_one_wins_each_cell(tmp_path, stale):
    """Also when all find the claim of a dead process at the same moment."""
    if stale:
        dead = Claims(tmp_path)
        dead._me = json.dumps({**json.loads(dead._me), "pid": _dead_pid(), "born": "5"})
        if not json.loads(dead._me)["machine"]:
            pytest.skip("this system doesn't say which process is alive")
        for number in range(40):
            dead.take(f"cell{number}")
    spawn = multiprocessing.get_context("spawn")
    barrier, wins = spawn.Barrier(4), spawn.Queue()
    racers = [
        spawn.Process(target=_race, args=(tmp_path, barrier, wins)) for _ in range(4)
    ]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(wins.get() for _ in range(40)) == list(range(40))
    assert wins.empty()
