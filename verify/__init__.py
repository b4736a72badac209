"""Whether it holds: exact laws, Monte Carlo, trained nets, calibrated verdicts.

Nothing is imported here, so that ``verify.networks`` runs with NumPy and JAX alone.
"""
