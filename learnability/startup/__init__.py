"""What happens before a command runs: names in the way, output streams, plug-ins."""
