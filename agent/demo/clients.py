"""Ordinary botocore clients into the simulated organisation's accounts: how the estate is seeded, broken and mended.

There is one client for each service: making one takes longer than most calls. Whose account and which region a call is for is said before
it is made, so the clients are for one thread.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from agent.demo.names import ACCOUNTS, HOME, LANDING_ROLE
from agent.demo.simulation import Endpoint

AMBIENT = {"aws_access_key_id": "AKIASIMULATED0000000", "aws_secret_access_key": "simulated"}
"""The demo's credentials: those of the management account, as any key that the simulated cloud did not hand out."""


@dataclass(kw_only=True)
class Clients:
    """What calls any service in any account and region."""

    endpoint: Endpoint
    made: dict[str, Any] = field(default_factory=dict)
    credentials: dict[str, Any] = field(default_factory=dict)
    session: Any = None
    acting: "Acting | None" = None
    """For whom the next call is made."""

    def __call__(self, service: str, alias: str = "management", region: str = HOME) -> "Acting":
        """The client of a service in one account and region."""
        if service not in self.made:
            self.made[service] = self.create(service)
        return Acting(clients=self, client=self.made[service], credentials=self.of(alias), region=region)

    def create(self, service: str) -> Any:
        """A new client; no retries, since an outage is an outage."""
        from botocore.config import Config
        from botocore.session import get_session

        from collectors.aws.models import models

        if self.session is None:
            self.session = get_session()
            self.session.register_component("data_loader", models())
            self.session.register_component("credential_provider", Provider(self))
        config = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
        client = self.session.create_client(service, region_name=HOME, endpoint_url=self.endpoint.url, config=config)
        client.meta.events.register_first("before-endpoint-resolution.*", self.place)
        if service == "s3control":
            client.meta.events.register_first("before-sign.s3-control.*", without_account)
        return client

    def place(self, builtins: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        """Sign for the region that the call at hand is for."""
        assert self.acting
        builtins["AWS::Region"] = self.acting.region
        context.setdefault("signing", {})["region"] = self.acting.region

    def of(self, alias: str) -> Any:
        """Credentials in an account: the ambient ones, or those of the role that the organisation made there."""
        from botocore.credentials import ReadOnlyCredentials

        if alias not in self.credentials:
            if alias == "management":
                self.credentials[alias] = ReadOnlyCredentials(*AMBIENT.values(), None)
            else:
                arn = f"arn:aws:iam::{ACCOUNTS[alias]}:role/{LANDING_ROLE}"
                given = self("sts").assume_role(RoleArn=arn, RoleSessionName="estate")["Credentials"]
                names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
                self.credentials[alias] = ReadOnlyCredentials(*(given[name] for name in names))
        return self.credentials[alias]


class Provider:
    """Stands where botocore looks for its credential chain, and for credentials: those of the call at hand."""

    def __init__(self, clients: Clients) -> None:
        self.clients = clients

    def load_credentials(self) -> "Provider":
        """Itself."""
        return self

    def get_frozen_credentials(self) -> Any:
        """Key, secret and token with which the call at hand is signed."""
        assert self.clients.acting
        return self.clients.acting.credentials

    def get_deferred_property(self, name: str) -> Callable[[], Any]:
        """Of these, one by one, when a client wants to know."""
        return lambda: getattr(self.clients.acting and self.clients.acting.credentials, name, None)


@dataclass(frozen=True, kw_only=True)
class Acting:
    """The client of a service, in one account and region."""

    clients: Clients
    client: Any
    credentials: Any
    region: str

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """One of the client's operations."""

        def call(**parameters: Any) -> Any:
            self.clients.acting = self
            return getattr(self.client, name)(**parameters)

        return call


def without_account(request: Any, **_: Any) -> None:
    """S3 Control puts the account in front of the host; on 127.0.0.1 there is no such name, and a header says it anyway."""
    scheme, _, rest = request.url.partition("://")
    account, _, host = rest.partition(".")
    if account.isdigit() and len(account) == 12:
        request.url = f"{scheme}://{host}"
