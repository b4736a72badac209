"""The best ridge, and many kernels at once, in float64 from the formulas of ``theory``."""
