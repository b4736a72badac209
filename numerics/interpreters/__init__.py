"""Expression → number in one of four arithmetics, one file each."""
