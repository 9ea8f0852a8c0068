"""An app of the tests: a worker that is killed at a named point of a payment."""
