"""What runs inside the oracle's environment: kernels by neural-tangents, JSON to JSON.

This file is run by that environment's interpreter and never imported by the package; it
knows neural-tangents and nothing of ours. A job names an activation, the depth, the
variances of weights and biases, and the inputs; the answer holds the NNGP and NTK
matrices in float64, as numbers that read back to the same float.
"""

import json
import os
import sys
import types
from importlib.metadata import version


def _layer(stax, job):
    """The activation as neural-tangents has it."""
    import jax.numpy as jnp

    name, numbers = job["activation"], job.get("numbers", [])
    plain = {
        "relu": stax.Relu,
        "abs": stax.Abs,
        "erf": stax.Erf,
        "gelu": stax.Gelu,
        "sin": stax.Sin,
        "cos": stax.Cos,
        "exp": stax.Exp,
        "linear": stax.Identity,
    }
    if name in plain:
        return plain[name]()
    if name == "leaky_relu":
        return stax.LeakyRelu(numbers[0])
    if name == "rectified_monomial":
        return stax.RectifiedMonomial(int(numbers[0]))
    if name == "polynomial":
        return stax.Polynomial(numbers)
    if name == "tanh_by_quadrature":
        return stax.ElementwiseNumerical(jnp.tanh, deg=int(numbers[0]))
    msg = f"no such activation: {name}"
    raise ValueError(msg)


def _answer(stax, job):
    import numpy as np

    dense = {
        "W_std": job["weight_variance"] ** 0.5,
        "b_std": job["bias_variance"] ** 0.5,
    }
    layers = []
    for _ in range(job["depth"]):
        layers += [stax.Dense(1, **dense), _layer(stax, job)]
    _, _, kernel = stax.serial(*layers, stax.Dense(1, W_std=1.0, b_std=None))
    found = kernel(np.asarray(job["inputs"], dtype=np.float64), None, ("nngp", "ntk"))
    return {
        "nngp": np.asarray(found.nngp, dtype=np.float64).tolist(),
        "ntk": np.asarray(found.ntk, dtype=np.float64).tolist(),
    }


def main():
    """Answer the jobs on standard input, one line of JSON for each on standard output."""
    os.environ["JAX_PLATFORMS"] = "cpu"
    answers = sys.stdout
    sys.stdout = sys.stderr  # nothing else may write between the answers
    # neural_tangents.experimental imports tf2jax, hence TensorFlow; nothing here needs it
    name = "neural_tangents.experimental"
    sys.modules[name] = types.ModuleType(name)
    import jax

    jax.config.update("jax_enable_x64", True)
    # only the oracle's environment has it
    import neural_tangents  # pyright: ignore[reportMissingImports]
    import numpy
    from neural_tangents import stax  # pyright: ignore[reportMissingImports]

    versions = {
        "neural_tangents": neural_tangents.__version__,
        "jax": jax.__version__,
        "jaxlib": version("jaxlib"),
        "numpy": numpy.__version__,
        "python": sys.version.split()[0],
    }
    print(json.dumps({"versions": versions}), file=answers, flush=True)
    for job in json.load(sys.stdin)["jobs"]:
        try:
            answer = _answer(stax, job)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
