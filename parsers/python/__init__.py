"""The Python language: source bytes to facts."""
