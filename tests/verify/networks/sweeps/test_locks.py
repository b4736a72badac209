"""Locks: one winner, dead holders found out, living ones respected."""

import multiprocessing
import signal
import subprocess
import sys

from verify.networks.sweeps.locks import Locks

HOLD = """
import sys, time
from pathlib import Path
from verify.networks.sweeps.locks import Locks
with Locks(Path(sys.argv[1])).taken("a") as ours:
    print(ours, flush=True)
    time.sleep(600)
"""


def test_a_living_holder_is_respected_and_a_killed_one_is_not(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        with Locks(tmp_path).taken("a") as ours:
            assert not ours
        with Locks(tmp_path).taken("b") as ours:
            assert ours
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
    with Locks(tmp_path).taken("a") as ours:
        assert ours


def test_a_lock_ends_with_its_block_also_when_that_fails(tmp_path):
    try:
        with Locks(tmp_path).taken("a"):
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    with Locks(tmp_path).taken("a") as ours:
        assert ours


def _race(folder, barrier, wins):
    locks = Locks(folder)
    for number in range(40):
        barrier.wait()
        with locks.taken(f"cell{number}") as ours:
            if ours:
                wins.put(number)
            barrier.wait()  # nobody lets go before all have tried


def test_of_several_processes_exactly_one_wins_each_cell(tmp_path):
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
