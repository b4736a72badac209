"""Means over nets: standard errors exactly, diverged nets counted and left out."""

from math import isclose, sqrt

import pytest

xarray = pytest.importorskip("xarray")


def test_three_nets_have_a_rational_variance():
    from verify.networks.sweeps.queries import rows

    table = xarray.Dataset(
        {
            "width": ("net", [4, 4, 4, 4, 8, 8]),
            "mse": ("net", [0.0, 2.0, 4.0, 99.0, 1.0, 3.0]),
            "outcome": ("net", ["max_time"] * 3 + ["diverged"] + ["max_time"] * 2),
        }
    )
    small, large = rows(table, ["mse"], by=["width"])
    assert (small["nets"], small["diverged"], small["mse"]) == (4, 1, 2.0)
    assert isclose(small["mse_stderr"], 2 / sqrt(3), rel_tol=1e-14)
    assert (large["nets"], large["diverged"], large["mse"]) == (2, 0, 2.0)
    assert isclose(large["mse_stderr"], 1, rel_tol=1e-14)
