"""Names in the simulated organisation, known before it is founded: a programme file can be written from them."""

ORGANIZATION = "o-simulated01"
MANAGEMENT = "111122223333"
ACCOUNTS = {
    "management": MANAGEMENT,
    "log-archive": "222233334444",
    "security": "333344445555",
    "production": "444455556666",
    "staging": "555566667777",
    "sandbox": "666677778888",
    "retired": "777788889999",
}
"""Alias to id. The sandbox is there for a programme to exclude; the retired account is closed."""
IN_SCOPE = ("management", "log-archive", "security", "production", "staging")
"""Every account that is neither excluded (sandbox) nor closed (retired)."""
REGIONS = ("eu-central-1", "eu-west-1", "us-east-1")
"""The enabled ones."""
HOME = REGIONS[0]
ROLE = "starcadence-read"
"""The role that the agent assumes; `canaries.EXTERNAL_ID` is asked for."""
LANDING_ROLE = "OrganizationAccountAccessRole"
"""The role that AWS makes in every account which an organisation creates; the estate is seeded through it."""
