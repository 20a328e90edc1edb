"""Judges: resources in, verdicts and tallies out. Pure: no I/O, no clock, no configuration."""
