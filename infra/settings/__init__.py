"""The only reader of a stack file: what it may say, and what explains a mistake in it. It asks no workspace."""
