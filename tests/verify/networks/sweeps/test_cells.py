"""A cell's digest: everything that determines the numbers, and nothing else."""

import json
from dataclasses import fields, replace

import jax
import numpy as np
import pytest

from verify.networks import (
    Architecture,
    Cell,
    CellResult,
    DivergenceError,
    HypercubeData,
    SettingError,
    TableData,
    Training,
    ensemble,
    sweep,
)
from verify.networks.batches.memory import bucket

NET = Architecture(1, 8)
DATA = HypercubeData(3, ("parity:1", "parity:2"))
CELL = Cell(NET, Training(max_steps=30), DATA, n=4, trials=(0, 1))

OTHER = {
    "depth": 2, "width": 9, "activation": "tanh", "weight_variance": 1.0,
    "bias_variance": 0.0, "parameterization": "standard", "learning_rate": 0.1,
    "max_steps": 31, "stop_mse": 1e-4, "check_every": 5, "max_time": 9.0,
    "dtype": "float64", "centered": False, "dynamics": "flow", "flow_tolerance": 1e-3,
    "target_scale": 0.5, "shared_initialization": False, "divergence_factor": 1e3,
}  # fmt: skip


def test_the_digest_is_frozen():
    """Folders of results outlive this code: a digest that moves orphans them."""
    assert CELL.digest == FROZEN


FROZEN = "15826dd949ee1365a5b428494fa3bd88bfdd50cb382f5bb6a83b2c0f2a027961"


def test_the_digest_changes_with_every_setting():
    cells = [CELL]
    for part, settings in (("architecture", NET), ("training", CELL.training)):
        for field in fields(settings):
            changed = replace(settings, **{field.name: OTHER[field.name]})
            cells.append(replace(CELL, **{part: changed}))
    cells += [
        replace(CELL, **change)
        for change in (
            {"n": 5},
            {"trials": (0,)},
            {"seed": 1},
            {"member": 1},
            {"lambda_max": (1.0, 2.0)},
            {"data": replace(DATA, seed=1)},
            {"data": replace(DATA, targets=("parity:2", "parity:1"))},
            {"data": replace(DATA, sampling="with_replacement")},
            {"data": replace(DATA, dimension=4)},
        )
    ]
    assert len({cell.digest for cell in cells}) == len(cells)


def test_the_digest_ignores_types_and_last_digits_of_the_eigenvalue():
    one = replace(CELL, n=np.int64(4), lambda_max=(1.0, 2.0 + 1e-9))
    assert one.digest == replace(CELL, lambda_max=np.array([1, 2])).digest


def test_a_description_survives_json():
    table = TableData(np.eye(3), [[1.0, 2.0, 3.0]], ("a",))
    for cell in (
        CELL,
        replace(CELL, lambda_max=(1.5, 2.5)),
        replace(CELL, data=table, n=2),
    ):
        text = json.loads(json.dumps(cell.description))
        again = Cell.from_description(text, lambda _: (table.points, table.values))
        assert again == cell
        assert again.digest == cell.digest


def test_a_table_is_known_by_its_numbers():
    one = TableData(np.eye(3), [[1.0, 2.0, 3.0]], ("a",))
    same = TableData(np.eye(3).tolist(), [[1, 2, 3]], ("a",))
    other = TableData(np.eye(3), [[1.0, 2.0, 3.0 + 1e-12]], ("a",))
    assert one.digest == same.digest != other.digest


def test_keys_depend_on_content_and_not_on_position():
    def data(cell):
        return np.array([[jax.random.key_data(k) for k in row] for row in cell.keys()])

    own = replace(CELL, training=Training(shared_initialization=False))
    turned = replace(own, trials=(1, 0), data=replace(DATA, targets=DATA.targets[::-1]))
    np.testing.assert_array_equal(data(own), data(turned)[::-1, ::-1])
    numbers = [data(c) for c in (own, replace(own, seed=1), replace(own, member=1))]
    assert len(np.unique(np.stack(numbers).reshape(-1, 2), axis=0)) == 12
    shared = data(CELL)
    np.testing.assert_array_equal(shared[:, 0], shared[:, 1])


def test_a_sweep_covers_every_combination_once():
    nets = [Architecture(d, 8) for d in (1, 2)]
    seen = []

    def top(n, trials):
        seen.append((n, trials))
        return [float(n + t) for t in trials]

    cells = sweep(
        nets, Training(), DATA, [2, 4], trials=5, block=2, members=3, lambda_max=top
    )
    assert len({c.digest for c in cells}) == len(cells) == 2 * 2 * 3 * 3
    assert {c.lambda_max for c in cells if c.n == 4 and 4 in c.trials} == {(8.0,)}
    more = sweep(
        nets, Training(), DATA, [2, 4], trials=7, block=2, members=3, lambda_max=top
    )
    full = [c for c in cells if len(c.trials) == 2]
    assert {c.digest for c in full} <= {c.digest for c in more}


def test_learnability_and_mse_are_their_definitions():
    result = CELL.run()
    y = result.test_targets
    for i in range(2):
        for j in range(2):
            f = result.predictions[i, j]
            assert result.learnability[i, j] == pytest.approx(
                (f @ y[j]) / (y[j] @ y[j])
            )
            assert result.test_mse[i, j] == pytest.approx(np.mean((f - y[j]) ** 2))
    train = np.take_along_axis(
        result.predictions - y[None], result.indices[:, None, :], axis=2
    )
    np.testing.assert_allclose((train**2).mean(axis=2), result.train_mse, rtol=1e-3)


def test_an_ensemble_is_the_mean_of_its_members():
    members = [replace(CELL, member=k).run() for k in range(3)]
    mean = ensemble(members)
    np.testing.assert_allclose(mean, sum(m.predictions for m in members) / 3)
    assert not np.allclose(members[0].predictions, members[1].predictions)
    with pytest.raises(SettingError, match="differ in member only"):
        ensemble([members[0], replace(CELL, n=3).run()])


def test_a_diverged_member_is_never_averaged_in():
    wild = Cell(
        Architecture(1, 8, "polynomial:0,1"),
        Training(learning_rate=1e3, max_steps=200),
        DATA, 4, trials=(7,),
    ).run()  # fmt: skip
    assert isinstance(wild, CellResult)
    assert wild.diverged.all()
    assert np.isnan(wild.learnability).all()
    assert "trial 7, target parity:1 at n = 4 diverged at step" in wild.divergences()[0]
    with pytest.raises(DivergenceError, match="trial 7"):
        ensemble([wild])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"n": 0}, "n = 0"),
        ({"trials": ()}, "must be one or more different numbers"),
        ({"trials": (1, 1)}, "must be one or more different numbers"),
        ({"trials": (-1,)}, "trial = -1"),
        ({"seed": 2**32}, "seed = 4294967296"),
        ({"seed": -1}, "seed = -1"),
        ({"lambda_max": (1.0,)}, "must be 2 finite numbers > 0"),
        ({"lambda_max": (1.0, -1.0)}, "must be 2 finite numbers > 0"),
    ],
)
def test_a_bad_cell_is_named_with_what_is_allowed(change, words):
    with pytest.raises(SettingError, match=words):
        replace(CELL, **change)


def test_a_cell_of_another_format_is_refused():
    with pytest.raises(SettingError, match="format = 99"):
        Cell.from_description({**CELL.description, "format": 99})


def test_buckets_grow_by_at_most_a_half():
    for n in range(1, 2000):
        assert n <= bucket(n) <= max(1.5 * n, 2)
    assert len({bucket(n) for n in range(2, 257)}) == 15
