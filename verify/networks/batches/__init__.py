"""Many nets trained together: batches, queues, memory, outcome."""
