"""Many cells as one table: every setting a column, queries by command."""

import json

import numpy as np
import pytest

pytest.importorskip("xarray", reason="needs the extra sweeps")
pytest.importorskip("h5py", reason="needs the extra sweeps")
pytest.importorskip("h5netcdf", reason="needs the extra sweeps")

from verify.networks import (
    Architecture,
    CircleData,
    Folder,
    HypercubeData,
    SettingError,
    Training,
    run_cells,
    sweep,
)
from verify.networks.store import NUMBERS, load, main, merge, save
from verify.networks.sweeps.queries import query, rows

CUBE = HypercubeData(3, ("parity:1", "parity:2"))
RING = CircleData(5, ("cos:1",))
CELLS = [
    *sweep(Architecture(1, 8), Training(max_steps=20), CUBE, (2, 4), trials=3, block=2),
    *sweep(Architecture(1, 8), Training(learning_rate=0.1), RING, 2, trials=1),
    *sweep(
        Architecture(1, 8, "polynomial:0,1"),
        Training(learning_rate=1e4, max_steps=100), RING, 2, trials=1,
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("cells")
    run_cells(CELLS, path)
    return path


def test_every_net_is_a_row_with_its_settings_and_numbers(folder):
    table = merge(Folder(folder).results(), predictions=True)
    assert table.sizes == {"net": 14, "point": 8}
    result = Folder(folder).load(CELLS[2].digest)
    assert (CELLS[2].n, CELLS[2].trials) == (4, (0, 1))
    one = query(table, {"n": 4, "trial": 1, "target": "parity:2"})
    for name in NUMBERS:
        assert one[name].item() == getattr(result, name)[1, 1]
    np.testing.assert_array_equal(one["predictions"][0], result.predictions[1, 1])
    assert json.loads(one["settings"].item()) == CELLS[2].description
    for name in ("run_jax", "run_device", "seed", "data_seed", "dtype", "width"):
        assert name in table.coords


def test_a_table_survives_its_file(folder, tmp_path):
    table = merge(Folder(folder).results(), predictions=True)
    save(table, tmp_path / "t.nc")
    again = load(tmp_path / "t.nc")
    assert set(again.variables) == set(table.variables)
    for name in table.variables:
        np.testing.assert_array_equal(again[name].values, table[name].values)


def test_diverged_nets_are_counted_and_not_averaged(folder):
    table = merge(Folder(folder).results())
    ring = query(table, {"domain": "circle:5"})
    (row,) = rows(ring, ["test_mse"], by=["domain"])
    assert (row["nets"], row["diverged"]) == (2, 1)
    good = query(ring, {"activation": "relu"})
    assert row["test_mse"] == good["test_mse"].item()
    (lost,) = rows(query(ring, {"outcome": "diverged"}), ["test_mse"], by=["n"])
    assert np.isnan(lost["test_mse"])


def test_means_are_means_with_their_standard_error(folder):
    table = query(merge(Folder(folder).results()), {"domain": "hypercube:3"})
    found = rows(table, ["learnability"], by=["n", "target"])
    assert [(r["n"], r["target"]) for r in found] == [
        (2, "parity:1"), (2, "parity:2"), (4, "parity:1"), (4, "parity:2"),
    ]  # fmt: skip
    x = query(table, {"n": 4, "target": "parity:1"})["learnability"].values
    assert found[2]["nets"] == len(x) == 3
    assert found[2]["learnability"] == pytest.approx(x.mean())
    assert found[2]["learnability_stderr"] == pytest.approx(np.std(x, ddof=1) / 3**0.5)


def test_the_commands_merge_query_and_export(folder, tmp_path, capsys):
    store = str(tmp_path / "t.nc")
    assert main(["merge", str(folder), store]) == 0
    where = ["--where", "n=2,4", "--where", "target=parity:1"]
    assert main(["query", store, *where]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "n,trial,target,learnability,test_mse"
    assert len(lines) == 7
    out = tmp_path / "t.json"
    by = ["--by", "n", "--format", "json", "--output", str(out)]
    assert main(["query", store, *where, *by]) == 0
    assert [row["n"] for row in json.loads(out.read_text())] == [2, 4]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--where", "depht=1"], "column = 'depht': must be one of"),
        (["--where", "depth"], "where = 'depth': must be COLUMN=VALUE"),
        (["--columns", "loss"], "column = 'loss'"),
        (["--by", "predictions"], "column = 'predictions'"),
    ],
)
def test_a_bad_query_is_named(folder, tmp_path, capsys, arguments, words):
    store = str(tmp_path / "t.nc")
    main(["merge", str(folder), store])
    assert main(["query", store, *arguments]) == 2
    assert words in capsys.readouterr().err


def test_a_query_that_fits_nothing_gives_no_rows(folder, tmp_path, capsys):
    store = str(tmp_path / "t.nc")
    main(["merge", str(folder), store])
    assert main(["query", store, "--where", "n=many"]) == 0
    assert main(["query", str(tmp_path / "none.nc")]) == 2
    assert "can't be read" in capsys.readouterr().err


def test_nothing_to_merge_is_said(tmp_path):
    with pytest.raises(SettingError, match="no finished cell"):
        merge(Folder(tmp_path).results())
