"""A version from all sides: where it comes from, what is in it, how it differs from another."""
