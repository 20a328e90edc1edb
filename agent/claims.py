"""The words that every report, bundle and verification carries: what is shown, and what showing it rests on."""

PROVES = (
    "These results follow from the sealed evidence by the named checks: `starcadence verify --replay` judges it again.",
    "Nothing in this bundle was changed since the holder of the named key signed it, and it follows the earlier cycles that it names.",
    "Each result counts what could not be seen: a gap is never a pass, and a missed sweep is shown as missed.",
)
RESTS_ON = (
    "The provider runs the agent, chooses its scope and holds the signing key: the key must be known to you from elsewhere.",
    (
        "Evidence is what the provider's cloud answered to read-only calls; recorded hosts, request ids and dates let its own audit log "
        "corroborate them."
    ),
    (
        "A result speaks of the sweeps that were taken, not of every moment between them, and of what the named checks test, not of all "
        "that a specification asks."
    ),
    (
        "Records, registers and suppliers' reports are what the provider put there: who, when and which bytes is kept, and whether it is "
        "true was not tested."
    ),
    (
        "Whoever holds the key can withhold or remake the newest cycle until a later cycle, a timestamp or a published digest stands "
        "against it."
    ),
)
