"""What is asked of the workspace: the guard before anything is made, the hook after. Nothing here makes a resource."""
