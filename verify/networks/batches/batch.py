"""The nets of one call: their data, and their results."""

from __future__ import annotations

from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from verify.networks.batches.memory import bucket
from verify.networks.batches.trained import Trained
from verify.networks.model.net import Architecture
from verify.networks.model.training_rule import Training
from verify.networks.steps.precision import Device
from verify.networks.steps.training_slots import Rules

Floats = NDArray[np.float64]
Place = tuple[int, int]
"""Trial and target of a net."""


class Batch:
    """The nets of one call, padded to a bucket of n, and their results."""

    def __init__(
        self,
        architecture: Architecture,
        training: Training,
        x: Floats,
        y: Floats,
        test: Floats,
        keys: Sequence[Sequence[jax.Array]],
        lambda_max: Floats | None,
        device: Device,
    ) -> None:
        trials, count, n = y.shape
        dtype = np.dtype(training.dtype)
        pad = bucket(n) - n
        self.architecture, self.training, self.n = architecture, training, n
        self.inputs = np.pad(x, ((0, 0), (0, pad), (0, 0))).astype(dtype)
        scaled = y * training.target_scale
        self.targets = np.pad(scaled, ((0, 0), (0, 0), (0, pad))).astype(dtype)
        self.mask = np.pad(np.ones(n), (0, pad)).astype(dtype)
        self.test = jnp.asarray(test.astype(dtype))
        self.given = lambda_max
        self.places = [(i, j) for i in range(trials) for j in range(count)]
        # each key once, and which of them is whose
        different = {id(key): key for row in keys for key in row}
        at = {name: index for index, name in enumerate(different)}
        self.key_of = np.array([[at[id(key)] for key in row] for row in keys])
        self.key_data = np.stack(
            [np.asarray(jax.random.key_data(key)) for key in different.values()]
        )
        self.key_impl = jax.random.key_impl(keys[0][0])
        self.platform = device.platform
        shape = (trials, count)
        nan = lambda: np.full(shape, np.nan)
        self.result = Trained(
            np.full((*shape, len(test)), np.nan),
            nan(),
            np.zeros(shape, np.int64),
            np.zeros(shape, np.int64),
            nan(),
            nan(),
            nan(),
            nan(),
            nan(),
        )
        eps = float(np.finfo(dtype).eps)
        max_time = np.inf if training.max_time is None else training.max_time
        self.rules = Rules(
            *(
                jnp.asarray(value, dtype)
                for value in (
                    training.stop_mse * training.target_scale**2,
                    training.divergence_factor,
                    training.flow_tolerance,
                    max_time * (1 - 4 * eps),
                )
            )
        )

    def predictions(self, values: Floats, start: Floats) -> Floats:
        """Return a net's outputs [m] as results have them, from those now and at first.

        They are centered if that is asked for, and in units of the targets.
        """
        if self.training.centered:
            values = values - start
        return values / self.training.target_scale
