"""Ordinary boto3 clients into the simulated organisation's accounts: how the estate is seeded, broken and mended."""

from dataclasses import dataclass, field
from typing import Any

from agent.demo.names import ACCOUNTS, HOME, LANDING_ROLE
from agent.demo.simulation import Endpoint

AMBIENT = {"aws_access_key_id": "AKIASIMULATED0000000", "aws_secret_access_key": "simulated"}
"""The demo's credentials: those of the management account, as any key that the simulated cloud did not hand out."""


@dataclass(kw_only=True)
class Clients:
    """One client per service, account and region, made when first asked for."""

    endpoint: Endpoint
    made: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    credentials: dict[str, dict[str, str]] = field(default_factory=lambda: {"management": AMBIENT})
    session: Any = None

    def __call__(self, service: str, alias: str = "management", region: str = HOME) -> Any:
        """The client of a service in one account and region."""
        key = (service, alias, region)
        if key not in self.made:
            self.made[key] = self.create(service, region, self.credentials.get(alias) or self.assume(alias))
        return self.made[key]

    def create(self, service: str, region: str, credentials: dict[str, str]) -> Any:
        """A new client; no retries, since an outage is an outage."""
        from botocore.config import Config
        from botocore.session import get_session

        self.session = self.session or get_session()
        config = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
        client = self.session.create_client(
            service, region_name=region, endpoint_url=self.endpoint.url, config=config, **credentials
        )
        if service == "s3control":
            client.meta.events.register_first("before-sign.s3-control.*", without_account)
        return client

    def assume(self, alias: str) -> dict[str, str]:
        """Credentials of the role that the organisation made in the account."""
        arn = f"arn:aws:iam::{ACCOUNTS[alias]}:role/{LANDING_ROLE}"
        given = self("sts").assume_role(RoleArn=arn, RoleSessionName="estate")["Credentials"]
        names = {
            "aws_access_key_id": "AccessKeyId",
            "aws_secret_access_key": "SecretAccessKey",
            "aws_session_token": "SessionToken",
        }
        self.credentials[alias] = {name: given[key] for name, key in names.items()}
        return self.credentials[alias]


def without_account(request: Any, **_: Any) -> None:
    """S3 Control puts the account in front of the host; on 127.0.0.1 there is no such name, and a header says it anyway."""
    scheme, _, rest = request.url.partition("://")
    account, _, host = rest.partition(".")
    if account.isdigit() and len(account) == 12:
        request.url = f"{scheme}://{host}"
