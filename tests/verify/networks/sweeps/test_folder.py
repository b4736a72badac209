"""Folders of results: whole files, and nothing that can't be trusted."""

import errno
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from verify.networks import (
    Architecture,
    Cell,
    Folder,
    FolderError,
    HypercubeData,
    SetAsideWarning,
    TableData,
    Training,
    run_cells,
)
from verify.networks.sweeps.folder import pack, unpack
from verify.networks.sweeps.results import ARRAYS
from verify.storage.files import write_atomically

DATA = HypercubeData(3, ("parity:1", "parity:2"))
CELLS = [
    Cell(Architecture(1, 8), Training(max_steps=20), DATA, n=4, trials=(t,))
    for t in range(2)
]


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    path = tmp_path_factory.mktemp("finished")
    run_cells(CELLS, path)
    return path


@pytest.fixture
def folder(finished, tmp_path):
    shutil.copytree(finished, tmp_path / "folder")
    return Folder(tmp_path / "folder")


def test_a_result_survives_its_file(folder):
    direct = CELLS[0].run()
    saved = folder.load(CELLS[0].digest)
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(saved, name), getattr(direct, name))
    assert saved.settings == CELLS[0].description
    assert {"jax", "numpy", "python", "platform", "device", "date", "seconds"} <= set(
        saved.provenance
    )
    assert unpack(pack(saved)).provenance == saved.provenance


def _cut(path):
    path.write_bytes(path.read_bytes()[:-100])


def _flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def _empty(path):
    path.write_bytes(b"")


def _text(path):
    path.write_text("results of mine")


def _foreign_npz(path):
    with path.open("wb") as file:
        np.savez(file, a=np.ones(3))


def _another_cell(path):
    shutil.copy(path.parent / f"{CELLS[1].digest}.npz", path)


def _saved_again(path, keep, **changed):
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files if keep(name)}
    for name, change in changed.items():
        arrays[name] = change(arrays[name])
    with path.open("wb") as file:
        np.savez(file, **arrays)


def _other_numbers(path):
    _saved_again(path, lambda _: True, train_mse=lambda x: 1.5 * x)


def _other_numbers_of_old(path):
    _saved_again(
        path, lambda name: name != "sha256", predictions=lambda x: 1.5 * x + 0.1
    )


def _pickle(path):
    with path.open("wb") as file:
        np.savez(file, json=np.array([{}], dtype=object))


@pytest.mark.parametrize(
    "damage",
    [
        _cut,
        _flip,
        _empty,
        _text,
        _foreign_npz,
        _another_cell,
        _other_numbers,
        _other_numbers_of_old,
        _pickle,
    ],
)
def test_a_file_that_cannot_be_trusted_is_set_aside_and_trained_again(folder, damage):
    path = folder.file(CELLS[0].digest)
    good = folder.load(CELLS[0].digest)
    damage(path)
    with pytest.warns(SetAsideWarning, match=CELLS[0].digest):
        report = run_cells(CELLS, folder.path)
    assert (report.resumed, report.trained, report.missing) == (1, 1, 0)
    aside = sorted((folder.path / "set-aside").iterdir())
    assert [p.suffix for p in aside if p.suffix == ".why"] == [".why"]
    assert len(aside) == 2
    again = folder.load(CELLS[0].digest)
    np.testing.assert_array_equal(again.predictions, good.predictions)


def test_reading_a_damaged_cell_never_returns_numbers(folder):
    _flip(folder.file(CELLS[0].digest))
    with (
        pytest.warns(SetAsideWarning),
        pytest.raises(FolderError, match="lacks the cell"),
    ):
        list(folder.results(CELLS))


def test_a_folder_of_another_version_is_refused_by_name(tmp_path):
    (tmp_path / "format.json").write_text(
        '{"format":"learnability networks","version":9}'
    )
    with pytest.raises(FolderError, match=r'"version":9.*name another folder'):
        Folder(tmp_path)
    (tmp_path / "format.json").write_text("hello")
    with pytest.raises(FolderError, match="no JSON"):
        run_cells(CELLS, tmp_path)


def test_a_write_that_fails_leaves_the_old_file_and_no_rest(tmp_path, monkeypatch):
    place = tmp_path / "a"
    write_atomically(place, b"old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(place, b"new")
    assert place.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [place]


def test_what_was_asked_for_can_be_read_back_tables_included(tmp_path):
    table = TableData(np.eye(3), [[1.0, 2.0, 3.0]], ("a",))
    extra = Cell(Architecture(1, 8), Training(), table, n=2, trials=(0,))
    folder = Folder(tmp_path)
    with pytest.raises(FolderError, match="has no sweep"):
        folder.asked()
    folder.ask(CELLS)
    folder.ask([*CELLS[:1], extra])
    assert {c.digest for c in folder.asked()} == {c.digest for c in [*CELLS, extra]}
    (tmp_path / "tables" / f"{table.digest}.npz").write_bytes(b"junk")
    with pytest.raises(FolderError, match="can't be read"):
        folder.asked()


def test_a_damaged_sweep_is_named(tmp_path):
    folder = Folder(tmp_path)
    folder.ask(CELLS)
    path = next((tmp_path / "sweeps").iterdir())
    path.write_text(json.dumps([{"format": 1}]))
    with pytest.raises(FolderError, match="is no list of cells"):
        folder.asked()


def test_a_cell_from_before_there_was_a_hash_is_read(folder):
    path = folder.file(CELLS[0].digest)
    before = folder.load(CELLS[0].digest)
    _saved_again(path, lambda name: name != "sha256")
    np.testing.assert_array_equal(
        folder.load(CELLS[0].digest).predictions, before.predictions
    )


@pytest.mark.parametrize("number", [errno.EMFILE, errno.EIO, errno.ESTALE])
def test_an_error_of_the_disk_moves_no_good_cell(folder, monkeypatch, number):
    digest, fails = CELLS[0].digest, [3]
    read = Path.read_bytes

    def sometimes(path):
        if path.suffix == ".npz" and fails[0]:
            fails[0] -= 1
            raise OSError(number, os.strerror(number), str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", sometimes)
    monkeypatch.setattr("time.sleep", lambda _: None)
    assert folder.load(digest) is not None  # it passed after three tries
    fails[0] = 10**9
    with pytest.raises(OSError, match="the file is kept"):
        folder.load(digest)
    fails[0] = 0
    assert folder.load(digest) is not None
    assert not (folder.path / "set-aside").exists()
