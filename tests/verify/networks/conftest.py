"""Nets are tested under JAX's strictest rules for shapes and dtypes."""

import jax
import pytest


@pytest.fixture(autouse=True)
def strict():
    with jax.numpy_rank_promotion("raise"), jax.numpy_dtype_promotion("strict"):
        yield
