"""Spectra in float64: levels, tails, samples of a kernel, grids of networks."""
