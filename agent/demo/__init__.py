"""The simulated provider of `starcadence demo`: embedded clouds, their estates, their defects and their story.

Nothing here judges or seals: the demo is the production code over endpoints that happen to be simulated.
"""
