"""Who may do what with everything else here: the routes of grants and of permissions."""
