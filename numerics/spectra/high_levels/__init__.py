"""Eigenvalues at high levels, from the asymptotic expansion with a proved remainder."""
