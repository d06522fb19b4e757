"""Finding what was logged."""
