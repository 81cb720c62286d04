"""Where pull requests live, GitHub or Azure DevOps: comments, issues, pull requests, and the run that works there."""
