"""What was changed by hand of what a stack deployed: the engine's own state against the workspace as it is."""
