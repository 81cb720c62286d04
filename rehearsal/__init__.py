"""What `make demo` runs: the main job from an empty sandbox to a proven rollback, under load."""
