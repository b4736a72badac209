"""Settings in TOML are read up to a size; whatever else a path holds is refused."""

import pytest

from learnability.reproduction.reproduce import from_toml
from theory import OutOfDomain
from verify.networks.errors import SettingError
from verify.networks.sweeps.specification import cells_of_file
from verify.regression.comparison.toml_fields import settings_of


def by_networks(path):
    return cells_of_file(path)


def by_comparison(path):
    return settings_of(path, "problem", ("name",), lambda table, _: table)


@pytest.mark.parametrize("reader", [from_toml, by_networks, by_comparison])
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "larger than 256 KiB"),  # a device that never ends
        (b"n = " + b"[" * 100_000, "nested too deeply"),
        (b"n = " + b"{a = " * 20_000, "nested too deeply"),
        (b"\xff\xfe\x00", "not text"),
        (b"[n", "not TOML"),
    ],
)
def test_it_is_refused_in_a_sentence(reader, content, says, tmp_path):
    path = tmp_path / "mine.toml"
    if content is None:
        path.symlink_to("/dev/zero")
    else:
        path.write_bytes(content)
    with pytest.raises((OutOfDomain, SettingError), match=says):
        reader(path)
    with pytest.raises((OutOfDomain, SettingError), match="No such file"):
        reader(tmp_path / "none.toml")
