"""The list of planted faults fits the code: every place is there once, every test too."""

from collections import Counter

import pytest
from planted_faults.listed import faults, problems

from verify.planted.fault import BadFault, Fault

LISTED = faults()


def test_every_place_and_every_test_is_there():
    assert problems(LISTED) == []


def test_the_list_covers_all_packages():
    count = Counter(fault.file.partition("/")[0] for fault in LISTED)
    assert set(count) == {"theory", "numerics", "verify", "learnability"}
    different = {(fault.file, fault.place, fault.change) for fault in LISTED}
    assert len(different) == len(LISTED) >= 60
    assert count.most_common(1)[0][0] == "verify"


@pytest.mark.parametrize("change", [{"place": "no such line"}, {"change": "_LOST = 1"}])
def test_a_place_that_is_lost_is_an_error(change):
    fault = Fault("verify/planted/fault.py", "TOP = Path", "BOTTOM = Path", "name", "x")
    assert "BOTTOM" in fault.planted("TOP = Path(1)")
    given = {name: getattr(fault, name) for name in fault.__slots__} | change
    with pytest.raises(BadFault, match=r"stands [02] times"):
        Fault(**given).planted("TOP = Path(1)\nTOP = Path(2)\n")
    [line] = problems([Fault("verify/none.py", "a", "b", "name", "tests")])
    assert "none.py" in line
