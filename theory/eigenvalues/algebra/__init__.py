"""Algebra of closed forms: Gamma quotients, linearity, moves, and proofs."""
