"""Closed forms on the circle and on its equispaced points, beyond those of d = 2."""
