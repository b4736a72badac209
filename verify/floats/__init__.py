"""Float64 kernels against an independent recursion in many digits."""
