"""Stores of other kinds than a folder, each SDK loaded only where it is used; and what looks after a store of any kind."""
