"""A net: architecture, activations, its kernel, its linearization, its training rule."""
