"""Kernels as power series: in balls, in floats, at the ends of the angles."""
