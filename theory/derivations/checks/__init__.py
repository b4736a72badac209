"""Ways to check a step: modular arithmetic, random problems, proofs, measurement."""
