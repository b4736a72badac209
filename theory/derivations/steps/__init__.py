"""What a derivation consists of: steps that can be checked, and how they print."""
