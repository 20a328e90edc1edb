"""One simulated organisation for all tests of a worker; what changes over its story stands in one test."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from agent.demo.accounts import admit
from agent.demo.clients import AMBIENT, Clients
from agent.demo.defects import broken
from agent.demo.estate import SEEDED, Estate
from agent.demo.names import ACCOUNTS, REGIONS
from agent.demo.seeding import organize, seeded
from agent.demo.simulation import Endpoint, simulated
from agent.demo.story import BEGINS
from controls.verdict import Outcome
from tests.agent.demo.looking import Look, look

OTHERS = (
    "AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CA_BUNDLE", "AWS_REGION", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Organization:
    """A seeded and broken estate, and what was seen of it before it was broken."""

    estate: Estate
    clean: Look
    made: Counter[str]
    """What had been made by then, by kind."""

    @property
    def unguarded(self) -> dict[tuple[str, str], Outcome]:
        """What is wrong in every organisation of AWS: its policies do not bind its own account."""
        checks = ("audit_cannot_be_switched_off", "data_stays_in_chosen_regions", "strangers_cannot_be_let_in")
        return {(check, self.estate.ids["management/guardrail"]): Outcome.FAILED for check in checks}


@pytest.fixture(scope="session")
def one_organization() -> Iterator[Organization]:
    """The estate as it stands when the programme begins; made once."""
    with simulated() as endpoint:
        estate = seeded(endpoint)
        endpoint.clock(BEGINS)
        with pytest.MonkeyPatch.context() as patch:
            surround(patch, endpoint)
            clean = look(BEGINS)
        made = Counter(estate.made)
        broken(estate)
        endpoint.clock(BEGINS)
        yield Organization(estate=estate, clean=clean, made=made)


@pytest.fixture(scope="session")
def founded() -> Iterator[Estate]:
    """An organisation with its accounts, of which one lets the agent in, and nothing else."""
    with simulated() as endpoint:
        estate = Estate(endpoint=endpoint, client=Clients(endpoint=endpoint))
        endpoint.clock(SEEDED)
        organize(estate)
        for account in ACCOUNTS.values():
            endpoint.undress(account, REGIONS)
        admit(estate, "staging")
        yield estate


@pytest.fixture
def organization(one_organization: Organization, monkeypatch: pytest.MonkeyPatch) -> Organization:
    """That estate, and the environment of an agent in its management account."""
    surround(monkeypatch, one_organization.estate.endpoint)
    return one_organization


def surround(patch: pytest.MonkeyPatch, endpoint: Endpoint) -> None:
    """Set the environment that botocore reads, and nothing of the machine's own."""
    for name in OTHERS:
        patch.delenv(name, raising=False)
    patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    patch.setenv("AWS_CONFIG_FILE", "/dev/null")
    patch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    patch.setenv("AWS_ACCESS_KEY_ID", AMBIENT["aws_access_key_id"])
    patch.setenv("AWS_SECRET_ACCESS_KEY", AMBIENT["aws_secret_access_key"])
    patch.setenv("AWS_ENDPOINT_URL", endpoint.url)


@pytest.fixture
def simulation() -> Iterator[Endpoint]:
    """An empty simulated cloud."""
    with simulated() as endpoint:
        yield endpoint
