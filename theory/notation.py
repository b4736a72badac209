"""Mathematics keeps its letters in one place: symbol, meaning, and names in papers.

Sums run over *levels* i = 1, …, ℓ. A level is one distinct eigenvalue λ_i, shared by
g_i orthonormal modes; a target function puts the power v_i² into it, summed over modes.
"""

from dataclasses import dataclass, field

from sympy import Idx, IndexedBase, Symbol, symbols

t = Symbol("t", real=True)
u = Symbol("u", nonnegative=True)
k, m = symbols("k m", integer=True, nonnegative=True)
d = Symbol("d", integer=True, positive=True)
n = Symbol("n", positive=True)
C = Symbol("C", positive=True)
ridge = Symbol("delta", nonnegative=True)
noise = Symbol("sigma2", nonnegative=True)
lam = IndexedBase("lambda", positive=True)
g = IndexedBase("g", integer=True, positive=True)
power = IndexedBase("v2", nonnegative=True)
i, j = symbols("i j", cls=Idx)
levels = Symbol("ell", integer=True, positive=True)
modes = Symbol("N", integer=True, positive=True)
points = Symbol("M", integer=True, positive=True)
weight_variance = Symbol("W", positive=True)
bias_variance = Symbol("b", nonnegative=True)
input_variance = Symbol("q_0", positive=True)
overfitting = Symbol("E_0", positive=True)
bias = Symbol("B", nonnegative=True)
variance = Symbol("V", nonnegative=True)
test_mse = Symbol("E", nonnegative=True)
train_mse = Symbol("E_tr", nonnegative=True)
target_learnability = Symbol("L_f", real=True)
s = Symbol("s")
time = Symbol("tau", nonnegative=True)
rate = Symbol("eta", positive=True)
momentum = Symbol("beta", nonnegative=True)
decay = Symbol("mu", positive=True)
batch = Symbol("b_s", integer=True, positive=True)
width = Symbol("w", positive=True)


@dataclass(frozen=True, slots=True)
class Letter:
    """A symbol with its LaTeX, its meaning, and the letters that papers use for it."""

    symbol: object
    latex: str
    name: str
    meaning: str
    elsewhere: dict[str, str] = field(default_factory=dict)


LETTERS: tuple[Letter, ...] = (
    Letter(t, "t", "t", "cosine of the angle between two inputs"),
    Letter(u, "u", "u", "(1 − t)/2, the squared sine of half the angle"),
    Letter(k, "k", "k", "level of an eigenvalue: degree, frequency, number of bits"),
    Letter(m, "m", "m", "Hamming distance between two corners of the hypercube"),
    Letter(d, "d", "d", "ambient dimension of the inputs"),
    Letter(n, "n", "n", "number of training points", {"canatar": "P"}),
    Letter(
        C,
        "C",
        "C",
        "the constant: root of Σ g λ/(λ + C) + δ/C = n",
        {"eigenlearning": r"\kappa", "canatar": r"\kappa = n C"},
    ),
    Letter(
        ridge,
        r"\delta",
        "ridge",
        "ridge, absolute: the predictor inverts K + δI",
        {"bach": r"n\lambda", "canatar": r"\lambda"},
    ),
    Letter(noise, r"\sigma^2", "noise", "variance of the label noise"),
    Letter(lam, r"\lambda", "lam", "eigenvalue of a level", {"canatar": r"\eta"}),
    Letter(g, "g", "g", "multiplicity of a level", {"bach": "N(d, k)"}),
    Letter(power, "v^2", "power", "power of the target in a level, summed over modes"),
    Letter(levels, r"\ell", "levels", "number of levels"),
    Letter(modes, "N", "modes", "number of modes with a positive eigenvalue"),
    Letter(points, "M", "points", "number of points of a finite domain"),
    Letter(
        weight_variance,
        r"\sigma_w^2",
        "weight_variance",
        "variance of hidden weights, times the fan-in",
        {"neural-tangents": r"\mathtt{W\_std}^2"},
    ),
    Letter(
        bias_variance,
        r"\sigma_b^2",
        "bias_variance",
        "variance of hidden biases",
        {"neural-tangents": r"\mathtt{b\_std}^2"},
    ),
    Letter(input_variance, "q_0", "input_variance", "squared norm of an input over d"),
    Letter(overfitting, r"\mathcal{E}_0", "overfitting", "overfitting coefficient"),
    Letter(bias, r"\mathcal{B}", "bias", "bias, without the label noise"),
    Letter(variance, r"\mathcal{V}", "variance", "variance over data sets"),
    Letter(test_mse, r"\mathcal{E}", "test_mse", "test MSE, label noise included"),
    Letter(train_mse, r"\mathcal{E}_{\mathrm{tr}}", "train_mse", "training MSE"),
    Letter(
        target_learnability,
        r"\mathcal{L}(f)",
        "target_learnability",
        "learnability of the target",
    ),
    Letter(s, "s", "s", "eigenvalue of the kernel matrix, or a complex ridge"),
    Letter(time, r"\tau", "time", "training time, steps or rounds"),
    Letter(rate, r"\eta", "rate", "learning rate"),
    Letter(momentum, r"\beta", "momentum", "momentum of the heavy ball"),
    Letter(decay, r"\mu", "decay", "weight decay"),
    Letter(batch, "b", "batch", "points in a batch"),
    Letter(
        width,
        "w",
        "width",
        "number of random features, width of a net",
        {"simon2024more": "k", "defilippis2024features": "p"},
    ),
)

LATEX_NAMES = {
    letter.symbol: letter.latex
    for letter in LETTERS
    if isinstance(letter.symbol, Symbol)
}
