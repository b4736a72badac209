"""Means over a Gaussian pair with 18 digits, by a way that shares nothing with numerics.

With independent a and b the pair is x = √(1 − u) a + √u b, y = √(1 − u) a − √u b. For
given b the breaks in a are known, and what is left is smooth in b except where two of
them meet; so Gauss–Legendre panels that end there, in extended precision, are enough.
"""

from itertools import pairwise

import mpmath
import numpy as np
from mpmath import mp

L = np.longdouble
NODES = 20


def _rule(n):
    """Gauss–Legendre nodes and weights with 25 digits."""
    with mp.workdps(30):
        start = np.polynomial.legendre.leggauss(n)[0]
        x, w = [], []
        for guess in start:
            root = mpmath.findroot(lambda t: mpmath.legendre(n, t), mp.mpf(guess))
            slope = n * mpmath.legendre(n - 1, root) / (1 - root**2)
            x.append(mpmath.nstr(root, 25))
            w.append(mpmath.nstr(2 / ((1 - root**2) * slope**2), 25))
    return np.array([L(a) for a in x]), np.array([L(a) for a in w])


X, W = _rule(NODES)
TAU = L(mpmath.nstr(2 * mp.pi, 25))


def _panels(edges, width):
    """Nodes and Gaussian weights, shape [row, node], between edges [row, edge]."""
    low, high = edges[:, :-1], edges[:, 1:]
    parts = int(np.ceil(float((high - low).max()) / width))
    steps = np.arange(parts, dtype=L) / parts
    size = (high - low)[..., None]
    left = low[..., None] + size * steps
    half = size / (2 * parts)
    at = (left + half)[..., None] + half[..., None] * X
    weights = half[..., None] * W * np.exp(-at * at / 2) / np.sqrt(TAU)
    return at.reshape(len(edges), -1), weights.reshape(len(edges), -1)


def pair_means(f, breaks, q, u, reach=9.5, width=0.5):
    """E f(x)f(y), ½ E(f(x) − f(y))² and E f², for c = 1 − 2u, 0 < u < 1."""
    q, u = L(q), L(u)
    swap = u > 0.5
    # the variable with the larger factor is integrated inside
    large, small = np.sqrt(max(u, 1 - u)), np.sqrt(min(u, 1 - u))
    scale, bs = np.sqrt(q), np.array(breaks, dtype=L) / np.sqrt(q)
    sign = -1 if swap else 1
    # x = large·a + small·b and y = sign (large·a − small·b)
    ends = {L(-reach), L(0), L(reach)}
    for s in bs:
        for other in bs:
            crossing = (s - sign * other) / (2 * small)
            ends.add(max(min(crossing, L(reach)), L(-reach)))
    ends = np.array(sorted(ends))
    wide = min(2.0, width / max(float(small), 1e-9))
    outer = [
        _panels(np.array([[a, b]]), wide) for a, b in pairwise(ends) if b - a > 1e-30
    ]
    b = np.concatenate([p[0][0] for p in outer])
    weight = np.concatenate([p[1][0] for p in outer])
    columns = [np.full_like(b, -reach), np.full_like(b, reach)]
    for s in bs:
        columns += [(s - small * b) / large, (sign * s + small * b) / large]
    edges = np.sort(np.clip(np.stack(columns, axis=1), -reach, reach), axis=1)
    product = fall = L(0)
    for rows in np.array_split(np.arange(len(b)), max(1, len(b) // 64)):
        a, inner = _panels(edges[rows], width)
        x = scale * (large * a + small * b[rows, None])
        y = scale * sign * (large * a - small * b[rows, None])
        fx, fy = f(x), f(y)
        inner = inner * weight[rows, None]
        product += (fx * fy * inner).sum()
        fall += ((fx - fy) ** 2 * inner).sum() / 2
    return product, fall


def line_mean(g, breaks, q, reach=9.5, width=0.25):
    """E g(x) of one variable of variance q."""
    bs = np.clip(np.array(breaks, dtype=L) / np.sqrt(L(q)), -reach, reach)
    ends = np.sort(np.concatenate([np.array([-reach, 0, reach], dtype=L), bs]))
    at, weights = _panels(ends[None, :], width)
    return (g(np.sqrt(L(q)) * at) * weights).sum()
