"""The neural tangent kernel of a net as it is: Θ(x, x′) = ∇f(x)·∇f(x′)."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from verify.networks.model.activations import activation
from verify.networks.model.net import Architecture, Parameters, pre_activation

_Signals = list[tuple[jax.Array, jax.Array]]


def _signals(
    architecture: Architecture, parameters: Parameters, inputs: jax.Array
) -> _Signals:
    """Return (what enters a layer, ∂f/∂z of that layer), both [samples, units]."""
    act = activation(architecture.activation)
    samples, dtype = inputs.shape[0], inputs.dtype

    def total(shifts: list[jax.Array]) -> tuple[jax.Array, list[jax.Array]]:
        entering, h, z = [], inputs, inputs
        for index, (layer, shift) in enumerate(zip(parameters, shifts, strict=True)):
            entering.append(h)
            z = pre_activation(architecture, index, layer, h) + shift
            h = act(z)
        return jnp.sum(z), entering

    zeros = [
        jnp.zeros((samples, layer.weights.shape[1]), dtype) for layer in parameters
    ]
    # the samples don't mix, so the gradient of the sum holds every sample's own
    derivatives, entering = jax.grad(total, has_aux=True)(zeros)
    return list(zip(entering, derivatives, strict=True))


def empirical_ntk(
    architecture: Architecture,
    parameters: Parameters,
    inputs: jax.Array,
    others: jax.Array | None = None,
) -> jax.Array:
    """Evaluate the tangent kernel layer by layer, without any Jacobian in memory.

    Parameters
    ----------
    architecture : Architecture
        The net.
    parameters : tuple of Layer
        Its parameters: at initialization, after training, anywhere.
    inputs, others : jax.Array
        Inputs [m, dim] and [k, dim]; ``others`` are ``inputs`` if not given.

    Returns
    -------
    jax.Array
        Θ [m, k], exact up to rounding.

    Examples
    --------
    >>> import jax
    >>> import jax.numpy as jnp
    >>> from verify.networks.model.net import initialize
    >>> net = Architecture(depth=2, width=8)
    >>> parameters = initialize(net, 3, jax.random.key(0))
    >>> kernel = empirical_ntk(net, parameters, jnp.eye(3))
    >>> bool(jnp.all(jnp.linalg.eigvalsh(kernel) > 0))
    True
    """
    left = _signals(architecture, parameters, inputs)
    right = left if others is None else _signals(architecture, parameters, others)
    ntk = architecture.parameterization == "ntk"
    kernel = jnp.zeros((inputs.shape[0], right[0][0].shape[0]), inputs.dtype)
    for index, ((h, delta), (g, epsilon)) in enumerate(zip(left, right, strict=True)):
        weight_variance, bias_variance = architecture.variances(index)
        factor = weight_variance / h.shape[1] if ntk else 1.0
        shift = bias_variance if ntk else float(bias_variance > 0)
        kernel = kernel + (delta @ epsilon.T) * (factor * (h @ g.T) + shift)
    return kernel


def largest_eigenvalue(
    architecture: Architecture,
    parameters: Parameters,
    inputs: jax.Array,
    mask: jax.Array,
) -> jax.Array:
    """Return λ_max of the kernel on the inputs [n, dim] whose mask [n] is 1."""
    kernel = empirical_ntk(architecture, parameters, inputs)
    kernel = kernel * mask[:, None] * mask[None, :]
    return jnp.linalg.eigvalsh(kernel)[-1]
