"""Whether what a fake estate says agrees with why checks are not proven on its cloud (`controls.unproven`)."""

from collections.abc import Collection, Mapping

from controls.unproven import UNPROVEN

AGREES = {
    "nothing": lambda seen: not {"passed", "failed", "unknown"} & seen,
    "always": lambda seen: "passed" in seen and not {"failed", "unknown"} & seen,
    "unsaid": lambda seen: "not applicable" in seen and not {"passed", "unknown"} & seen,
}
"""What a reason says of the outcomes that anything of the estate had."""


def contradicted(cloud: str, outcomes: Mapping[str, Collection[str]]) -> list[str]:
    """Checks whose reason the estate's outcomes do not bear out."""
    reasons = UNPROVEN[cloud].items()
    return [check for check, reason in reasons if not AGREES[reason.why](set(outcomes.get(check, ())))]
