"""Running an experiment: its folder, its report, its tables, its progress."""
