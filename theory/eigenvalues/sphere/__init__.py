"""Closed forms on the sphere; the circle is the sphere of d = 2."""
