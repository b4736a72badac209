"""Steps of training for many nets at once: slots, passes, dynamics, precision."""
