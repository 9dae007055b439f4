"""One module a thing people do."""
