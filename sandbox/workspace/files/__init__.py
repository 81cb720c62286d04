"""The Files API: the files of versions, runs and logged models, whole, in parts, or by signed addresses."""
