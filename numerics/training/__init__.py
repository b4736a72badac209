"""Training in time: contours, C at complex ridges, statistics of spectral filters."""
