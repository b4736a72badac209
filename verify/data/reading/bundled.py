"""The data sets that scikit-learn brings along: nothing is downloaded."""

from dataclasses import dataclass

import numpy as np

from verify.extras import require


@dataclass(frozen=True, slots=True)
class Bundled:
    """A bundled set, and how it is taken unless another way is asked for."""

    loader: str
    task: str
    scale: str
    duplicates: str = "refuse"


BUNDLED: dict[str, Bundled] = {
    "digits": Bundled("load_digits", "parity", "raw"),
    "wine": Bundled("load_wine", "classes", "standardized"),
    "breast_cancer": Bundled("load_breast_cancer", "classes", "standardized"),
    "diabetes": Bundled("load_diabetes", "values", "standardized"),
    "iris": Bundled("load_iris", "classes", "standardized", "drop"),
    "linnerud": Bundled("load_linnerud", "values", "standardized"),
}


def read_bundled(name: str) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Points, labels and names of the features.

    Raises
    ------
    MissingExtra
        When scikit-learn is not installed.

    Examples
    --------
    >>> read_bundled("wine")[0].shape
    (178, 13)
    """
    require("sklearn", "verify", "bundled data sets")
    from sklearn import datasets

    found = getattr(datasets, BUNDLED[name].loader)()
    return found.data, found.target, tuple(map(str, found.feature_names))
