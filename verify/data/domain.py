"""A data set as a domain: its points are the measure, its modes those of the kernel.

Level i is the i-th eigenvalue of K/M in falling order; every level is one mode, and which
mode it is depends on the kernel. So kernels see the pair of points, not a cosine, and
λ_i has no closed form: it is enclosed from the kernel matrix.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

import numpy as np
from flint import arb
from sympy import Expr, Integer

from numerics.kernel_matrices.entries import NORMS, kernel_entries
from numerics.numbers.ball import Ball
from numerics.spectra import enclosures
from numerics.spectra.tails import Tail
from theory import Kernel, OutOfDomain, domains
from theory.errors import meant
from verify.data.kernel_spectra import spectrum_of_data
from verify.data.labelled_points import DataSet, data_set
from verify.data.load import load_data
from verify.data.point_masses import ModesOfAMatrix
from verify.data.reading.frames import is_frame
from verify.data.spectrum import DataSpectrum

OPTIONS = ("label", "norms", "task", "scale", "points")
UNIT = 2.0**-53


@dataclass(frozen=True, eq=False)
class DataDomain(ModesOfAMatrix):
    """The points of a data set with the uniform measure; make one with ``data``.

    Two are equal where points, targets and norms are.

    Attributes
    ----------
    data
        Points and targets.
    norms
        ``own`` or ``equal``.
    text
        How the command line spells it.
    """

    data: DataSet
    norms: str = "own"
    text: str = ""
    kind = "data"
    spellings = ("data:FILE",)

    @classmethod
    def read(cls, number: str | None) -> "DataDomain | None":
        """``data:FILE``, with options as in ``data:FILE?label=y&norms=equal``."""
        if not number:
            return None
        source, _, query = number.partition("?")
        options: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True))
        for name in options:
            if name not in OPTIONS:
                raise OutOfDomain(
                    f"option {name!r} is unknown (known: {', '.join(OPTIONS)})"
                    f"{meant(name, OPTIONS)}"
                )
        if options.get("label") == "none":
            options["label"] = None
        return _read(source, **options)

    @property
    def size(self) -> Expr:
        """The number of points M."""
        return Integer(self.data.size)

    @property
    def ambient(self) -> Expr:
        """The number of features."""
        return Integer(self.data.dimension)

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """None: a data set has no numbers to vary."""
        return {}

    @cached_property
    def digest(self) -> str:
        """A hash of points, targets and norms."""
        found = hashlib.sha256(f"{self.norms}:{self.data.points.shape}".encode())
        for array in (self.data.points, self.data.targets):
            if array is not None:
                found.update(np.ascontiguousarray(array).tobytes())
        return found.hexdigest()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DataDomain):
            return NotImplemented
        return self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __str__(self) -> str:
        return self.text or f"data:{self.data.name}"

    def __repr__(self) -> str:
        return f"<{self}: {self.data.size} points>"

    @property
    def facts(self) -> dict[str, Any]:
        """What a reader should know of the data: points, dimension, classes, label."""
        return {
            "points": self.data.size,
            "dimension": self.data.dimension,
            "classes": list(self.data.target_names),
            "label": self.data.label,
        }

    def understood(self) -> str:
        """What was understood of the file, in sentences."""
        norms = (
            "norms: as in the data"
            if self.norms == "own"
            else "norms: √d for every point"
        )
        return f"{self.data}\n  {norms}"

    def eigensystem(self, kernel: Kernel) -> DataSpectrum:
        """Eigenvalues and eigenfunctions of a kernel on the points, in float64."""
        return _eigensystem(self, kernel)


def data(
    x: Any,
    labels: Any = None,
    *,
    label: str | int | None = "last",
    norms: str = "own",
    task: str | None = None,
    scale: str | None = None,
    points: int | None = None,
    seed: int = 0,
    duplicates: str | None = None,
    features: Sequence[str | int] | None = None,
    name: str = "data",
) -> DataDomain:
    """A data set as a domain, for whatever takes a domain.

    Parameters
    ----------
    x
        A file, the name of a bundled set, an array [M, d], or a frame.
    labels
        With an array or a frame: one for each point, or columns of targets.
    label
        With a file or a frame: the column that is the label.
    norms
        ``own``: every point keeps its norm; ``equal``: every point has norm √d.
    task, scale, duplicates
        As for ``data_set``.
    points, seed, features
        As for ``load_data``; files and bundled sets only.
    name
        How messages call an array.

    Raises
    ------
    OutOfDomain
        Naming what is wrong with the data.

    Examples
    --------
    >>> import numpy as np
    >>> from numerics import predict, spectrum
    >>> x = np.random.default_rng(0).standard_normal((40, 3))
    >>> domain = data(x, np.sin(x[:, 0]))
    >>> s = spectrum("ntk:relu:depth=2", domain, digits=8)
    >>> len(s), s.domain is domain
    (40, True)
    """
    if norms not in NORMS:
        raise OutOfDomain(f"norms = {norms!r} is unknown (known: {', '.join(NORMS)})")
    if isinstance(x, str | Path):
        if labels is not None:
            raise OutOfDomain(
                f"labels are in the file {str(x)!r}; label = … names their column"
            )
        options: dict[str, Any] = {"task": task, "scale": scale, "points": points}
        if features is not None or seed or duplicates is not None:
            options |= {"seed": seed, "features": features, "duplicates": duplicates}
            return DataDomain(load_data(x, label=label, **options), norms)
        return _read(str(x), label=label, norms=norms, **options)
    if points is not None or features is not None:
        raise OutOfDomain(
            "points and features choose from files; pass the rows and columns you mean"
        )
    column = label if is_frame(x) and labels is None else None
    found = data_set(
        x,
        labels,
        name=name,
        task=task,
        scale=scale or "raw",
        duplicates=duplicates or "refuse",
        label=column,
    )
    return DataDomain(found, norms)


def _read(source: str, **options: Any) -> DataDomain:
    """The domain of a file or a bundled set, with the text that makes it again."""
    norms = options.pop("norms", "own")
    if norms not in NORMS:
        raise OutOfDomain(f"norms = {norms!r} is unknown (known: {', '.join(NORMS)})")
    given: dict[str, Any] = {
        name: x for name, x in options.items() if x is not None or name == "label"
    }
    found = load_data(source, **given)
    spelled = {name: x for name, x in given.items() if x != "last"} | (
        {} if norms == "own" else {"norms": norms}
    )
    query = "&".join(
        f"{name}={quote('none' if x is None else str(x), safe=' ')}"
        for name, x in spelled.items()
    )
    return DataDomain(found, norms, f"data:{source}" + (f"?{query}" if query else ""))


@lru_cache(maxsize=8)
def _eigensystem(domain: DataDomain, kernel: Kernel) -> DataSpectrum:
    return spectrum_of_data(kernel, domain.data, norms=domain.norms)


@lru_cache(maxsize=8)
def _radius(domain: DataDomain, kernel: Kernel) -> float:
    """A bound of how far each eigenvalue of K/M is from the one computed.

    K is the exact kernel of the floats given. The entries' own errors move an eigenvalue
    by no more than their Frobenius norm (Weyl). With modes V, nearly orthonormal, and
    ε ≥ ‖VᵀV − 1‖, the residual R = K V − V D bounds the rest by ‖R‖ + 2 ε ‖K‖ for ε < 1:
    the orthonormal factor of V is within ε of V. The rounding of the products is bounded
    by M 2⁻⁵² times the product of absolute values.
    """
    s = domain.eigensystem(kernel)
    entries = kernel_entries(kernel, domain.data.points, norms=domain.norms)
    count = s.size
    v = s.eigenfunctions / np.sqrt(count)
    d = s.computed * count
    gamma = 2.0 * (count + 2) * UNIT
    k_norm = float(np.linalg.norm(s.matrix))
    products = float(np.linalg.norm(np.abs(s.matrix) @ np.abs(v) + np.abs(v * d)))
    residual = float(np.linalg.norm(s.matrix @ v - v * d)) + gamma * products
    orthogonal = float(np.linalg.norm(v.T @ v - np.eye(count)))
    orthogonal += gamma * float(np.linalg.norm(np.abs(v.T) @ np.abs(v)))
    total = float(np.linalg.norm(entries.errors)) + residual + 2 * orthogonal * k_norm
    return (1 + 1e-6) * total / count


def _enclose(
    kernel: Kernel, domain: DataDomain, last: int, digits: int
) -> tuple[list[Ball], Tail]:
    """Every eigenvalue within the error bound of the matrix and of its eigensystem."""
    del last, digits
    s, radius = domain.eigensystem(kernel), _radius(domain, kernel)
    method = "kernel matrix in float64, with bounds of its errors"
    balls = []
    for value in s.computed.tolist():
        low = value - radius
        if value + radius <= 0:
            value = 0.0  # it is not negative, by the theory of K
        balls.append(Ball(arb(value, radius if low != value else 0.0), None, method))
    return balls, Tail.empty()


domains.register(DataDomain)
enclosures.register("data", _enclose)
