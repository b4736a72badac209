"""Statistics of learning over n, ridge and noise: as balls, or in float64."""
