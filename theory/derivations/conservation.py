"""The conservation law, from the predictor to Σ L = n."""

from sympy import Eq, Ge, Identity, Inverse, MatrixSymbol, Sum, Trace, ZeroMatrix

from theory.constant import EIGENLEARNING
from theory.data_set.conservation import conservation as law
from theory.data_set.conservation import learning_matrix
from theory.data_set.symbols import (
    L_D,
    K,
    Lam,
    Phi,
    R,
    Rotation,
    T,
    Y,
    entry,
    lam,
    modes,
    ridge,
    samples,
)
from theory.derivations.checks.random_identities import ModularIdentity, Sampled
from theory.derivations.checks.random_problems import regression
from theory.derivations.language.derivation import Derivation
from theory.notation import i

fitted = MatrixSymbol("u", modes, 1)
MEANS = {fitted: Lam * Phi.T * R * Y}


def ridgeless(random, field, size):
    """A regression problem without a ridge."""
    return regression(random, field, size, ridgeless=True)


identity, at_zero = ModularIdentity(means=MEANS), ModularIdentity(ridgeless)

derivation = Derivation(
    name="conservation",
    title="The conservation law of learnability",
    setting=(
        r"Let $\phi_1,\dots,\phi_N$ be the orthonormal eigenfunctions of a kernel with "
        r"eigenvalues $\lambda_i>0$, let $D$ be any data set of $n$ points, and "
        r"$\delta\ge0$ "
        r"a ridge. Nothing is averaged: every statement holds for each $D$."
    ),
    source=EIGENLEARNING,
    at_once=False,
)

derivation.step(
    says=(
        r"The kernel on the data, $K_D$, has the eigenvalues and features of the "
        r"kernel."
    ),
    statement=Eq(K, Phi * Lam * Phi.T, evaluate=False),
    why=(
        r"Mercer: $K(x,x')=\sum_i\lambda_i\phi_i(x)\phi_i(x')$, with "
        r"$\Phi_{ai}=\phi_i(x_a)$. "
        r"On a finite domain it is the spectral theorem."
    ),
    status="definition",
    check_by=identity,
)
derivation.step(
    says=r"$R$ is the resolvent of the kernel matrix at the ridge.",
    statement=Eq(R, Inverse(K + ridge * Identity(samples)), evaluate=False),
    why=r"For $\delta=0$ the matrix $K_D$ is assumed invertible.",
    status="definition",
    check_by=identity,
)
derivation.step(
    says=r"Kernel regression on labels $y$ fits the coefficients $u$.",
    statement=Eq(fitted, Lam * Phi.T * R * Y, evaluate=False),
    why=r"$\hat f(x)=K_{xD}Ry$ and $K_{xD}=\phi(x)^\top\Lambda\Phi^\top$.",
    status="definition",
    check_by=identity,
)
derivation.step(
    says=(
        r"It is the minimizer of $\|\Phi u-y\|^2+\delta\,u^\top\Lambda^{-1}u$: "
        r"the gradient vanishes."
    ),
    statement=Eq(
        Phi.T * (Phi * fitted - Y) + ridge * Inverse(Lam) * fitted,
        ZeroMatrix(modes, 1),
        evaluate=False,
    ),
    why=(
        r"$\Phi u-y=(K_DR-I)y=-\delta Ry$, and "
        r"$\delta\Lambda^{-1}u=\delta\Phi^\top Ry$; "
        r"the objective is convex, so this is its minimum."
    ),
    status="exact",
    check_by=identity,
)
derivation.step(
    says=(
        r"On labels $y=\Phi v$ without noise, a matrix takes the target's "
        r"coefficients "
        r"to the predictor's."
    ),
    statement=learning_matrix.equation,
    why=r"Insert $y=\Phi v$ into $u=\Lambda\Phi^\top Ry$: $u=Tv$.",
    status="definition",
    check_by=identity,
)
derivation.step(
    says=(
        r"The learnability of a mode on $D$ is $\langle\phi_i,\hat f\rangle/"
        r"\langle\phi_i,\phi_i\rangle$ for the target $\phi_i$."
    ),
    statement=Eq(L_D(i), T[i, i], evaluate=False),
    why=r"The target $\phi_i$ has $v=e_i$, and the basis is orthonormal.",
    status="definition",
    check_by=identity,
)
derivation.step(
    says=(
        r"Any other orthonormal basis, with coefficients in the columns of an "
        r"orthogonal "
        r"matrix $O$, has the same total."
    ),
    statement=Eq(
        Sum(entry(Rotation.T * T * Rotation, i, i), (i, 1, modes)),
        Sum(T[i, i], (i, 1, modes)),
        evaluate=False,
    ),
    why=(
        r"$L(f_j)=o_j^\top To_j$ sums to $\operatorname{tr}(O^\top "
        r"TO)=\operatorname{tr}T$. "
        r"On an infinite domain the basis functions must be continuous."
    ),
    status="exact",
    check_by=identity,
)
derivation.step(
    says=r"The total is a trace over the data.",
    statement=Eq(Sum(T[i, i], (i, 1, modes)), Trace(K * R), evaluate=False),
    why=(
        r"$\operatorname{tr}(\Lambda\Phi^\top R\Phi)=\operatorname{tr}(\Phi\Lambda"
        r"\Phi^\top R)$: a trace is cyclic."
    ),
    status="exact",
    check_by=identity,
)
derivation.step(
    says=(
        r"What the resolvent leaves of the kernel matrix is the identity, less "
        r"the ridge's part."
    ),
    statement=Eq(K * R, Identity(samples) - ridge * R, evaluate=False),
    why=r"$(K_D+\delta I)R=I$.",
    status="exact",
    check_by=identity,
)
derivation.step(
    says=(
        r"The conservation law: learnabilities sum to $n$, less the ridge's "
        r"share."
    ),
    statement=law.equation,
    why=r"Take the trace of the last step and insert it into the one before.",
    status="consequence",
    check_by=identity,
)
derivation.step(
    says=(
        r"Without ridge they sum to the number of data points, for every data "
        r"set."
    ),
    statement=Eq(Sum(L_D(i), (i, 1, modes)), samples, evaluate=False),
    why=(
        r"Put $\delta=0$. If $K_D$ is singular, the pseudo-inverse gives its "
        r"rank instead."
    ),
    status="consequence",
    check_by=at_zero,
)
derivation.step(
    says=(
        r"The trace of the resolvent is a sum of squares with non-negative "
        r"weights."
    ),
    statement=Eq(
        Trace(R),
        Sum(lam[i] * entry(Phi.T * R * R * Phi, i, i), (i, 1, modes))
        + ridge * Trace(R * R),
        evaluate=False,
    ),
    why=(
        r"$R=R(K_D+\delta I)R$, $R$ is symmetric, and $\phi_i^\top "
        r"R^2\phi_i=\|R\phi_i\|^2$."
    ),
    status="exact",
    check_by=identity,
)
derivation.step(
    says=r"So a ridge can only lower the total: it is at most $n$.",
    statement=Ge(samples, Sum(L_D(i), (i, 1, modes)), evaluate=False),
    why=r"$\lambda_i\ge0$ and $\delta\ge0$, so $\delta\operatorname{tr}R\ge0$.",
    status="consequence",
    check_by=Sampled(),
)
