"""Arc-cosine kernels: their slopes, their eigenvalues, and the tangent kernel of one layer."""

from typing import Any

from sympy import Derivative, Eq, Rational, gamma, pi, sqrt, symbols

from theory.activations.arc_cosine import arc_cosine_0, arc_cosine_1, arc_cosine_2
from theory.derivations.checks.special_functions import Arcs, GammaIdentity, SmallCases
from theory.derivations.steps.finished import FinishedDerivation
from theory.derivations.steps.step import Step
from theory.notation import d as dimension
from theory.notation import t
from theory.source import OURS

k, d, s = symbols("k d s", positive=True)
half = Rational(1, 2)
k0, k1, k2 = (f.rhs for f in (arc_cosine_0, arc_cosine_1, arc_cosine_2))
weight = gamma(d / 2) / (sqrt(pi) * gamma((d - 1) / 2))
gammas, arcs = GammaIdentity(), Arcs()


def amplitude(level: Any, order: Any, dimension: Any) -> Any:
    """λ_k of the half power t_+^s: c_k."""
    return (
        gamma(order + 1)
        * gamma(dimension / 2)
        / (
            2 ** (order + 1)
            * gamma((order - level) / 2 + 1)
            * gamma((order + level + dimension) / 2)
        )
    )


def radial(order: Any, dimension: Any) -> Any:
    """The mean of r^2s for a Gaussian vector of length r."""
    return 2**order * gamma(order + dimension / 2) / gamma(dimension / 2)


def eigenvalue(level: Any, order: Any, dimension: Any) -> Any:
    """λ_k of the arc-cosine kernel of any order."""
    return 2 * radial(order, dimension) * amplitude(level, order, dimension) ** 2


def laplacian(f: Any) -> Any:
    """Δ on the sphere, for a function of the cosine."""
    return (1 - t**2) * Derivative(f, (t, 2)) - (dimension - 1) * t * Derivative(f, t)


STEPS = (
    Step(
        says=(
            r"The kernel of order 1 holds the kernel of order 0, the dual of the "
            r"step."
        ),
        statement=Eq(k1, sqrt(1 - t**2) / pi + t * k0, evaluate=False),
        because=(
            r"$\kappa_0=1-\theta/\pi$ is the share of directions with both inputs on "
            r"the positive "
            r"side, doubled; $\pi\kappa_1=\sin\theta+(\pi-\theta)\cos\theta$."
        ),
        status="definition",
        check_by=arcs,
    ),
    Step(
        says=r"The kernel of order 1 has the kernel of order 0 as slope.",
        statement=Eq(Derivative(k1, t), k0, evaluate=False),
        because=(
            r"Price: "
            r"$\partial_t\mathbb{E}\varphi\varphi=\mathbb{E}\varphi'\varphi'$, "
            r"normalised; both vanish at $t=-1$."
        ),
        status="exact",
        check_by=arcs,
    ),
    Step(
        says=r"The kernel of order 2 has four times that of order 1 as slope.",
        statement=Eq(Derivative(k2, t), 4 * k1, evaluate=False),
        because=r"In general $\kappa_s'=s^2\kappa_{s-1}$.",
        status="exact",
        check_by=arcs,
    ),
    Step(
        says=r"A half power $t_+^s$ has a Beta integral as its eigenvalue at level 0.",
        statement=Eq(
            weight / 2 * gamma((s + 1) / 2) * gamma((d - 1) / 2) / gamma((s + d) / 2),
            amplitude(0, s, d),
            evaluate=False,
        ),
        because=(
            r"$\omega_d\int_0^1t^s(1-t^2)^{(d-3)/2}dt$. For real $s$ the two sides "
            r"agree by "
            r"Legendre's duplication formula for $\Gamma(s+1)$."
        ),
        status="exact",
        check_by=SmallCases({s: range(9)}),
    ),
    Step(
        says=r"Raising the dimension gives all its levels.",
        statement=Eq(
            amplitude(k, s, d), s / d * amplitude(k - 1, s - 1, d + 2), evaluate=False
        ),
        because=(
            r"$\lambda_k^{(d)}[f]=\frac1d\lambda_{k-1}^{(d+2)}[f']$ and "
            r"$(t_+^s)'=st_+^{s-1}$."
        ),
        status="exact",
        check_by=gammas,
    ),
    Step(
        says=r"A Gaussian weight vector has a radius, whose moments are:",
        statement=Eq(radial(s, d), (d + 2 * s - 2) * radial(s - 1, d), evaluate=False),
        because=r"$\mathbb{E}r^{2s}=2^s\Gamma(s+\frac d2)/\Gamma(\frac d2)$.",
        status="exact",
        check_by=gammas,
    ),
    Step(
        says=(
            r"So the eigenvalues of the kernel of order $s$ are squares, and obey "
            r"its slope."
        ),
        statement=Eq(
            eigenvalue(k, s, d),
            s**2 / d * eigenvalue(k - 1, s - 1, d + 2),
            evaluate=False,
        ),
        because=(
            r"$\kappa_s=2\mathbb{E}(w\cdot x)_+^s(w\cdot x')_+^s$ with $w=ru$; "
            r"Funk--Hecke twice gives "
            r"$\lambda_k=2\,\mathbb{E}r^{2s}\,c_k^2\ge0$."
        ),
        status="consequence",
        check_by=gammas,
    ),
    Step(
        says=(
            r"The tangent kernel of one hidden layer is $\kappa_s+s^2t\kappa_{s-1}$: "
            r"a rational multiple."
        ),
        statement=Eq(
            eigenvalue(k, s, d)
            + s**2
            * (
                (k + d - 2) * eigenvalue(k + 1, s - 1, d)
                + k * eigenvalue(k - 1, s - 1, d)
            )
            / (2 * k + d - 2),
            eigenvalue(k, s, d)
            * (k * (k + d - 2) + d + s**2 + 2 * s - 2)
            / (d + 2 * s - 2),
            evaluate=False,
        ),
        because=(
            r"Multiplication by $t$ mixes levels $k\pm1$ (derivation "
            r"\texttt{funk\_hecke})."
        ),
        status="consequence",
        check_by=gammas,
    ),
    Step(
        says=(
            r"For ReLU it is an identity of functions, with the Laplacian of the "
            r"sphere."
        ),
        statement=Eq(
            dimension * (k1 + t * k0),
            (dimension + 1) * k1 - laplacian(k1),
            evaluate=False,
        ),
        because=r"$\Delta$ has eigenvalue $-k(k+d-2)$; put $s=1$.",
        status="exact",
        check_by=arcs,
    ),
)

derivation = FinishedDerivation(
    name="arc_cosine",
    title="Arc-cosine kernels and the tangent kernel of one hidden layer",
    setting=(
        r"$\kappa_s(t)=2\,\mathbb{E}\,\varphi(w\cdot x)\varphi(w\cdot x')$ for "
        r"$\varphi(z)=z_+^s$, unit vectors "
        r"with cosine $t$ and Gaussian $w$; real $s>0$ in the statements on "
        r"eigenvalues."
    ),
    steps=STEPS,
    source=OURS,
)
