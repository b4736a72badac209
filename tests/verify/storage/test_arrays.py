"""One file of finished arrays: whole, sealed, and moved only when it is damaged."""

import errno
import io
import json
import os
import resource
import subprocess
import sys

import numpy as np
import pytest

from verify.storage.arrays import Damaged, pack, stored, unpack
from verify.storage.files import SetAsideWarning, read_bytes, write_atomically

SETTINGS = {"seed": 3, "n": 8}


def numbers():
    return {"x": np.arange(5.0), "k": np.array([[1, 2]])}


def never():
    raise AssertionError("a finished piece was computed again")


def changed(content, **others):
    with np.load(io.BytesIO(content)) as archive:
        arrays = {name: archive[name] for name in archive.files} | others
    memory = io.BytesIO()
    np.savez(memory, **{k: v for k, v in arrays.items() if v is not None})
    return memory.getvalue()


def test_what_is_stored_is_read_and_not_computed_again(tmp_path):
    first = stored(tmp_path, "a", SETTINGS, numbers)
    again = stored(tmp_path, "a", SETTINGS, never)
    for name, array in first.items():
        np.testing.assert_array_equal(again[name], array)
    assert stored(None, "a", SETTINGS, numbers)["k"].shape == (1, 2)


@pytest.mark.parametrize(
    "others",
    [
        {"x": np.arange(5.0) + 1e-15},
        {"x": np.arange(5)},
        {"x": np.arange(6.0)},
        {"y": np.arange(2.0)},
        {"k": None},
        {"json": np.array(json.dumps({"format": 2, "seed": 4, "n": 8}))},
    ],
)
def test_other_numbers_or_settings_under_a_hash_are_set_aside(tmp_path, others):
    stored(tmp_path, "a", SETTINGS, numbers)
    (path,) = tmp_path.iterdir()
    path.write_bytes(changed(path.read_bytes(), **others))
    with pytest.warns(SetAsideWarning, match=path.name):
        again = stored(tmp_path, "a", SETTINGS, numbers)
    np.testing.assert_array_equal(again["x"], numbers()["x"])
    assert (tmp_path / f"{path.name}.set-aside").exists()


def test_a_file_without_a_hash_is_read_as_it_is(tmp_path):
    stored(tmp_path, "a", SETTINGS, numbers)
    (path,) = tmp_path.iterdir()
    path.write_bytes(changed(path.read_bytes(), sha256=None))
    assert stored(tmp_path, "a", SETTINGS, never)["x"][4] == 4


def test_every_flipped_byte_is_noticed_or_changes_nothing():
    content = pack("{}", {"x": np.arange(3)})
    for place in range(0, len(content), 7):
        broken = bytearray(content)
        broken[place] ^= 0x40
        try:
            text, arrays, sealed = unpack(bytes(broken))
        except Damaged:
            continue
        if sealed:
            assert (text, arrays["x"].tolist()) == ("{}", [0, 1, 2])


def test_a_file_that_cannot_be_opened_is_kept(tmp_path):
    stored(tmp_path, "a", SETTINGS, numbers)
    (path,) = tmp_path.iterdir()
    program = (
        "import resource, sys, time\n"
        "from pathlib import Path\n"
        "from verify.storage.arrays import stored\n"
        "time.sleep = lambda _: None\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))\n"
        f"stored(Path({str(tmp_path)!r}), 'a', {SETTINGS!r}, dict)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert "Too many open files" in ran.stderr
    assert "the file is kept" in ran.stderr
    assert list(tmp_path.iterdir()) == [path]
    assert stored(tmp_path, "a", SETTINGS, never)
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 3


def test_reading_is_tried_again_and_then_stops_with_a_sentence(tmp_path, monkeypatch):
    pauses = []
    monkeypatch.setattr("time.sleep", pauses.append)
    with pytest.raises(OSError, match="the file is kept") as told:
        read_bytes(tmp_path)  # a folder cannot be read as a file
    assert told.value.errno == errno.EISDIR
    assert len(pauses) == 4
    assert read_bytes(tmp_path / "none") is None


def test_a_file_keeps_its_permissions(tmp_path):
    path = tmp_path / "a"
    write_atomically(path, b"1")
    os.chmod(path, 0o640)
    write_atomically(path, b"2")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"2", 0o640)


def test_storage_needs_neither_jax_nor_the_theory():
    program = (
        "import sys, verify.storage.arrays\n"
        "bad = {'jax', 'sympy', 'theory'} & set(sys.modules)\n"
        "assert not bad, bad"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
