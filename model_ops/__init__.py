"""What people did by clicking, around the models that a stack serves."""
