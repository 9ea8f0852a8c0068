"""The other side of the sandbox gateway: a server that takes payments and, by choice, misbehaves."""
