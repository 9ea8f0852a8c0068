"""What the panel promises, told by the people who use it."""
