"""Whether what is pinned is what answers, asked of the workspace and of the endpoint itself."""
