"""This repository as a template: what `init` writes into it, and what it takes out. Nothing here asks a workspace."""
