"""The gate: what citizens may read."""
