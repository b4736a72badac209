"""How registered questions are evaluated: in float64, and as balls."""
