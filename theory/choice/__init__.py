"""What a choice can reach: exact floors, the framework's optimum, the best ridge."""
