"""Pull requests that propose the pin of a newly registered version: on a schedule, or as a registry's webhook says."""
