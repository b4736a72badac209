"""A question that takes too long is ended, and holds up nobody else's."""

import threading
from time import monotonic

import pytest

from learnability.explore.bounded import Workers
from learnability.explore.question import ExplorerQuery
from theory.errors import OutOfDomain, Unsupported

SLOW = ExplorerQuery("sphere:8", "nngp:tanh:depth=300", "1=1", 5)
QUICK = ExplorerQuery("hypercube:4", "exponential", "1=1", 5)


def test_one_tab_does_not_freeze_another():
    pool = Workers(count=2, seconds=6.0)
    try:
        pool.ask("answer", QUICK)  # both have started before time is taken
        ended = {}

        def slow():
            try:
                pool.ask("answer", SLOW)
            except Unsupported as error:
                ended["slow"] = (monotonic(), str(error))

        thread = threading.Thread(target=slow)
        thread.start()
        found = pool.ask("answer", QUICK)
        answered = monotonic()
        thread.join(timeout=90)
        assert sum(x.taken for x in found.levels) == pytest.approx(5)
        assert "no answer within 6 seconds" in ended["slow"][1]
        assert answered < ended["slow"][0]
        with pytest.raises(OutOfDomain, match="factorial of a number"):
            pool.ask("answer", ExplorerQuery("hypercube:4", "expr:factorial(10^7)*t"))
        assert pool.ask("simulate", QUICK).trials >= 20
    finally:
        pool.close()
