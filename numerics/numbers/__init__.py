"""Numbers: balls with proved radii, decimals, working precision, scaled floats."""
