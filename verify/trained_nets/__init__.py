"""Claims about trained nets, tested on nets: what is exact, what a limit, what neither.

The nets are those of `verify.networks`, which needs NumPy and JAX alone; the kernels that
they are compared with are those of `theory`.
"""
