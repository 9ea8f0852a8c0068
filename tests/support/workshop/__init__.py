"""An app of the tests: letters and tasks whose failures can be ordered."""
