"""Spectra: the eigenvalue levels of a kernel on a domain, each enclosed."""
