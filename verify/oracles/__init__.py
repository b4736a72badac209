"""Outside oracles: another library computes the same kernels, in a process of its own."""

from verify.oracles.environment import Environment, OracleUnavailable

__all__ = ["Environment", "OracleUnavailable"]
