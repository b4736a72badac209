"""The kernel regression predictor, and what any linear rule has in common with it."""

from typing import Any

from sympy import Identity, Inverse, Sum, Symbol, Trace
from sympy.matrices.expressions import MatrixSymbol

from theory.constant import EIGENLEARNING
from theory.data_set.symbols import (
    K,
    Lam,
    Phi,
    R,
    Rotation,
    T,
    Y,
    entry,
    modes,
    points,
    ridge,
    samples,
    scalar,
    v,
)
from theory.formula import formulas
from theory.notation import i
from theory.source import OURS

prediction = Symbol("f_x", real=True)
cross = MatrixSymbol("k_x", samples, 1)
coefficients = MatrixSymbol("u", modes, 1)
learned = Symbol("L_D_f", real=True)
Select = MatrixSymbol("P", samples, points)
Weights = MatrixSymbol("A_D", points, samples)

resolvent = formulas.declare(
    name="resolvent",
    says="The resolvent of the kernel matrix at the ridge.",
    lhs=R,
    rhs=Inverse(K + ridge * Identity(samples)),
    status="definition",
    source=OURS,
    given="without ridge K_D must be invertible; else its pseudo-inverse fits best",
)
predictor = formulas.declare(
    name="predictor",
    says="Kernel regression at a point x, from labels y on the data.",
    lhs=prediction,
    rhs=scalar(cross.T * R * Y),
    status="definition",
    source=EIGENLEARNING,
    given="k_x holds K(x, x_a) for the data points x_a",
)
predictor_coefficients = formulas.declare(
    name="predictor_coefficients",
    says="Its coefficients in the eigenbasis.",
    lhs=coefficients,
    rhs=Lam * Phi.T * R * Y,
    status="exact",
    source=EIGENLEARNING,
)
learnability_of_a_target = formulas.declare(
    name="learnability_of_a_target",
    says="Learnability of a target on one data set: its overlap with the predictor.",
    lhs=learned,
    rhs=scalar(v.T * T * v) / scalar(v.T * v),
    status="definition",
    source=EIGENLEARNING,
    given="labels without noise; in [0, 1] for eigenfunctions, not for every target",
)
rule: Any = Rotation.T * Weights * Select * Rotation
linear_rules = formulas.declare(
    name="conservation_for_linear_rules",
    says=(
        "T1'. Any linear rule conserves: what its weights put on their own data points."
    ),
    lhs=Sum(entry(rule, i, i), (i, 1, modes)),
    rhs=Trace(Select * Weights),
    status="exact",
    source=OURS,
    given=(
        "a finite domain; the rule predicts A_D y from labels y = P f, P selects the "
        "data; for every interpolator on distinct points P A_D = 1, and the sum is n"
    ),
)
