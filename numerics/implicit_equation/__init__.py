"""The constant C: enclosed by a proof, or in float64 for whole arrays."""
