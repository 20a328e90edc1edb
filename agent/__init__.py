"""Keeps: time, store, keys, reports, health and the command line around what collectors see and controls judge."""
