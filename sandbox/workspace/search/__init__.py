"""Vector search: its endpoints, its indexes, what is in them, and the answers to queries."""
