"""What served when, from the engine's own record."""
