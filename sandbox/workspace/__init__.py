"""The workspace's HTTP API: `app` puts the rooms together, each of which has its routes, its rules and its records."""
