"""The simulated organisation of `starcadence demo`: an embedded cloud, its estate, its defects and its story.

Nothing here judges or seals: the demo is the production code over an endpoint that happens to be simulated.
"""
