"""Power of a target function by level."""
