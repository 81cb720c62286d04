"""Whether a version may be served: each check, and all of them together."""
