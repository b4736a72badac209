"""A value on a box of angles, with what is needed to take its root and its angle."""

from dataclasses import dataclass, field

from flint import acb, arb, fmpq

from numerics.interpreters.complex_angles.jets import Jet


def _sine(x: Jet) -> Jet:
    return x.through(acb.sin, lambda z, _: z.cos())


def _cosine(x: Jet) -> Jet:
    return x.through(acb.cos, lambda z, _: -z.sin())


@dataclass(slots=True)
class Box:
    """A box of complex θ with sin(θ/2) and cos(θ/2)."""

    theta: Jet
    sine: Jet
    cosine: Jet

    @classmethod
    def of(cls, theta: acb) -> "Box":
        """The box with its half-angle functions."""
        variable = Jet.variable(theta)
        half = variable * arb(0.5)
        return cls(variable, _sine(half), _cosine(half))

    def divided(self, x: Jet, quotient: Jet) -> Jet:
        """x/sin²(θ/2) with the slope that x gives it, (x′ − quotient·sin θ/2)/sin²(θ/2)."""
        sine, cosine = self.sine.range, self.cosine.range
        return quotient.narrowed((x.slope / sine - quotient.range * cosine) / sine)


@dataclass(slots=True)
class Analytic:
    """A value on a box.

    Attributes
    ----------
    x
        The value.
    box
        Where it lives.
    quotient
        x/sin²(θ/2), analytic, where the value vanishes like that; else None.
    linear
        Rationals (a, b) with x = a + b u exactly, or None.
    """

    x: Jet
    box: Box
    quotient: Jet | None = None
    linear: tuple[fmpq, fmpq] | None = None
    _angle: Jet | None = field(default=None, repr=False)

    def root(self) -> Jet:
        """The square root that is positive on 0 < θ < π."""
        if self.linear is not None:
            a, b = self.linear
            if a == 0 and b > 0:
                return self.box.sine * arb(b).sqrt()
            if a > 0 and a == -b:
                return self.box.cosine * arb(a).sqrt()
        if self.quotient is not None:
            return self.box.sine * self.quotient.root()
        return self.x.root()

    def angle(self) -> Jet:
        """2 arcsin of the root, with the derivative 2/sin θ by the value."""
        if self.linear == (0, 1):
            return self.box.theta
        if self.linear == (1, -1):
            return self.box.theta * arb(-1) + arb.pi()
        if self._angle is None:
            theta = self.root().arcsine() * arb(2)
            self._angle = theta.following(self.x, 2 / theta.range.sin())
        return self._angle
