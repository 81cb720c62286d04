"""Tables of Unity Catalog, as far as the sandbox has some: the payload tables of serving endpoints."""
