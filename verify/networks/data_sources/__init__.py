"""Training data: domains, tables, label noise, which points a trial trains on."""
