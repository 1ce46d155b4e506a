"""Demo data: the five events, complete, with invented delegates, entered through the services."""
