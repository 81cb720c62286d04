"""Moving a pin: planned, checked and shown first, then written as one line, or as a commit."""
