"""What the front door itself refuses, before the theory is asked."""

from theory.errors import LearnabilityError


class BadRequest(LearnabilityError, ValueError):
    """A request that cannot be met; its text is the one line that the user reads."""


EXTRAS = {
    "jax": "jax",
    "jaxlib": "jax",
    "hypothesis": "verify",
    "sklearn": "verify",
    "xarray": "sweeps",
    "h5netcdf": "sweeps",
    "distributed": "sweeps",
    "filelock": "jax",
    "dask": "sweeps",
    "matplotlib": "figures",
    "tueplots": "figures",
    "marimo": "explore",
}


def what_to_install(module: str) -> str | None:
    """The line that brings a missing module, or None where no extra has it.

    Examples
    --------
    >>> what_to_install("matplotlib.pyplot")
    "pip install 'learnability[figures]'"
    """
    extra = EXTRAS.get(module.partition(".")[0])
    return None if extra is None else f"pip install 'learnability[{extra}]'"
