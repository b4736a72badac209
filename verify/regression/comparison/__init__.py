"""``learnability verify regression``: theory against regression, and what refutes it."""
