"""A depth-4 ReLU tangent kernel of many points: ours over the same closed form in NumPy.

``python benchmarks/kernel_matrices/against_numpy.py [POINTS]`` prints both CPU times of the
best of three rounds, which alternate, and their ratio. NumPy's expression has no error bound;
its largest deviation is printed too.
"""

import sys
from time import process_time

import numpy as np

from numerics import kernel_matrix
from theory import kernels

DEPTH = 4


def closed_form(x: np.ndarray) -> np.ndarray:
    """The recursion as papers print it, for weight variance 2 and no bias."""
    norms = np.sqrt(np.mean(x**2, axis=1))
    sizes = 2 * np.outer(norms, norms)
    covariance = 2 * (x @ x.T) / x.shape[1]
    cosine, tangent = covariance / sizes, covariance
    for layer in range(DEPTH):
        angle = np.arccos(np.clip(cosine, -1, 1))
        step = (np.pi - angle) / np.pi
        cosine = np.sqrt(np.clip(1 - cosine**2, 0, None)) / np.pi + cosine * step
        weight = 2 if layer < DEPTH - 1 else 1
        tangent = weight / 2 * (sizes * cosine + tangent * step)
    return tangent


def main(points: int = 4000) -> None:
    """Print the times and their ratio."""
    kernel = kernels.ntk("relu", depth=DEPTH)
    x = np.random.default_rng(0).standard_normal((points, 20))
    kernel_matrix(kernel, x[:2])  # the kernel's program is made once
    ours, theirs = [], []
    for _ in range(3):
        start = process_time()
        plain = closed_form(x)
        middle = process_time()
        found = kernel_matrix(kernel, x)
        theirs.append(middle - start)
        ours.append(process_time() - middle)
    off = float(np.max(np.abs(plain / found - 1)))
    print(
        f"{points} points: ours {min(ours):.2f} s, NumPy {min(theirs):.2f} s, ", end=""
    )
    print(f"ratio {min(ours) / min(theirs):.2f}; NumPy is off by {off:.1e}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
