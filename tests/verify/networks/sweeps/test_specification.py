"""Sweeps in TOML: the cells that they stand for, and mistakes named by their field."""

import pytest

from verify.networks import Architecture, CircleData, SettingError, Training, sweep
from verify.networks.sweeps.specification import cells_of, cells_of_file

GOOD = """
[net]
depth = 1
width = [8, 16]
bias_variance = 0

[training]
max_steps = [5, 7]

[data]
domain = "circle:12"
targets = ["cos:1", "sin:2"]
norm = 1.0

[sweep]
n = [2, 4]
trials = 3
block = 2
seed = 5
"""


def test_lists_stand_for_all_combinations():
    data = CircleData(12, ("cos:1", "sin:2"), norm=1.0)
    nets = [Architecture(1, width, bias_variance=0) for width in (8, 16)]
    amount = {"trials": 3, "block": 2, "seed": 5}
    expected = [
        cell
        for steps in (5, 7)
        for cell in sweep(nets, Training(max_steps=steps), data, (2, 4), **amount)
    ]
    assert [cell.digest for cell in cells_of(GOOD)] == [c.digest for c in expected]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("width =", "widht =", r"\[net\] has no field 'widht'.*did you mean 'width'"),
        ("[training]", "[trainnig]", "no table 'trainnig'.*did you mean 'training'"),
        ("trials = 3", "trails = 3", "'trails'.*did you mean 'trials'"),
        ("trials = 3", "", r"\[sweep\] trials is missing"),
        ("n = [2, 4]", "n = []", r"\[sweep\] n = \[\]"),
        ("depth = 1", "depth = 0", r"\[net\] depth = 0: must be"),
        ("depth = 1", "depth = true", r"\[net\] depth = True"),
        ("[5, 7]", '"many"', r"\[training\] max_steps = 'many'"),
        ('"circle:12"', '"cirle:12"', "'cirle:12'.*did you mean 'circle'"),
        ('"cos:1"', '"cosine:1"', r"\[data\] target = 'cosine:1'"),
        ("norm = 1.0", "norms = 1.0", "did you mean 'norm'"),
        ("[net]", "[net", "it is not TOML"),
    ],
)
def test_a_mistake_is_named_with_its_table_and_field(old, new, message):
    with pytest.raises(SettingError, match=f"(?s){message}"):
        cells_of(GOOD.replace(old, new))


def test_the_file_is_named(tmp_path):
    with pytest.raises(SettingError, match=r"none\.toml cannot be read: No such file"):
        cells_of_file(tmp_path / "none.toml")
    path = tmp_path / "bad.toml"
    path.write_text("net = 1")
    with pytest.raises(SettingError, match=r"bad.toml: net = 1: must be a table"):
        cells_of_file(path)
