"""What the measured process and its server agree on; apart from both, so that the one does not load what the other needs."""

LATENCY = 0.05
"""Seconds until each answer."""
CANONICAL, MEMBER = "111122223333", "111122223334"
"""The management account, and the member whose answers all members get, with their own ids."""
