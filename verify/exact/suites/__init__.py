"""The exact suites, one a file; each has ``run(request)``."""
