"""What a stack needs before its first deployment: the place of its state, and identities that hold no secret."""
