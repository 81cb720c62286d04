"""The router and the model server processes behind it."""
