"""Judges of what ``predict`` can be asked beyond kernel regression: time, width."""
