"""Sees AWS: its collectors, and the machinery that calls it. Importing this package imports no SDK."""
