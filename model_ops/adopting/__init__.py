"""Writing the settings of an endpoint that exists into a stack file. Nothing here changes the endpoint."""
