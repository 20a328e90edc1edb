"""Which organisation the ambient credentials belong to: asked once, before there is a scope (`starcadence init --discover`)."""

import time

from collectors.aws.clients import Clients
from collectors.aws.identities import Ambient
from collectors.aws.places import home, partition_of
from collectors.aws.rates import Rates
from collectors.aws.session import AwsSession
from collectors.aws.wire import Wire
from collectors.notes import Failure

NO_ORGANIZATION = "AWSOrganizationsNotInUseException"


def organization() -> tuple[str | None, Failure | None]:
    """Its id, or why it was not learned; neither, if the account is in no organisation. Raises nothing for what the world does."""
    clients = Clients(connections=1)
    try:
        ambient = Ambient()
        partition = partition_of(ambient.region() or "")
        session = AwsSession(
            wire=Wire(clients, Rates(clock=time.monotonic, sleep=time.sleep)), identity=ambient, region=home(partition),
            partition=partition, organization_accounts=None, seen={},
        )  # fmt: skip
        answer = session.ask("organizations.DescribeOrganization", absent=(NO_ORGANIZATION,))
        if answer is None:
            return None, session.notes.failures[-1]
        found = answer.get("Organization", {}).get("Id")
        return (str(found) if found else None), None
    finally:
        clients.close()
