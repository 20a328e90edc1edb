"""One client for all accounts and regions sends what a dedicated one would, and nothing of another cell ever."""

import random
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import Any

import botocore.session
import pytest
from botocore.config import Config

from agent.programme import AwsScope
from collectors.aws.caller import Caller, Credentials, Trace
from collectors.aws.clients import Clients
from collectors.aws.cloud import Aws
from collectors.aws.guard import MixedCallers
from collectors.aws.identities import Ambient
from collectors.aws.rates import Rates
from collectors.aws.session import AwsSession
from collectors.aws.wire import NoIdentity, Wire
from tests.conftest import WHOLE, ambient
from tests.fakes.aws import FakeAws, Request
from tests.fakes.estate import Estate

ASKED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("account", "GetAlternateContact", {"AlternateContactType": "SECURITY"}),
    ("cloudtrail", "DescribeTrails", {}),
    ("apigatewayv2", "GetApis", {}),
    ("ec2", "DescribeVolumes", {}),
    ("ecr", "DescribeRepositories", {}),
    ("elbv2", "DescribeLoadBalancers", {}),
    ("resourcegroupstaggingapi", "GetResources", {}),
    ("iam", "GetAccountSummary", {}),
    ("kms", "ListKeys", {}),
    ("organizations", "ListAccounts", {}),
    ("rds", "DescribeDBInstances", {}),
    ("s3", "ListBuckets", {}),
    ("s3", "GetBucketEncryption", {"Bucket": "a-bucket"}),
    ("s3control", "GetPublicAccessBlock", {"AccountId": "111122223333"}),
    ("sts", "GetCallerIdentity", {}),
)
REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-2", "cn-north-1", "cn-northwest-1", "us-gov-west-1", "us-gov-east-1")
TRIED = REGIONS if WHOLE else REGIONS[:1] + REGIONS[3:6:2]
"""One of each partition by default."""
EACH = 50 if WHOLE else 5
"""Sessions of each account in each region, of which there are twelve."""


class Caught(Exception):
    """What was about to be sent."""


def caught(request: Any, **_: Any) -> None:
    """Stop a request at the last moment and tell its URL and credential scope."""
    header = request.headers["Authorization"]
    text = header.decode() if isinstance(header, bytes) else header
    raise Caught(request.url, re.search(r"Credential=([^,]+)", text)[1])


class Fixed:
    """One account's fixed keys."""

    account = "111122223333"

    def credentials(self) -> Credentials:
        return Credentials(access_key="AKIAFAKE111122223333", secret_key="secret")

    def renew(self, stale: Credentials) -> bool:  # noqa: ARG002 - there is nothing to renew
        return False


@pytest.fixture(scope="module")
def dedicated() -> Callable[[str, str], Any]:
    """Makes botocore's own client of one service in one region."""
    session = botocore.session.Session()
    config = Config(s3={"addressing_style": "path", "us_east_1_regional_endpoint": "regional"})

    def make(service: str, region: str) -> Any:
        client = session.create_client(
            service,
            region_name=region,
            aws_access_key_id="AKIAFAKE111122223333",
            aws_secret_access_key="secret",
            config=config,
        )
        client.meta.events.register_last("before-send.*", caught)
        return client

    return make


@pytest.mark.slow
def test_urls_and_scopes_equal_those_of_dedicated_clients(
    dedicated: Callable[[str, str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ambient(monkeypatch, "111122223333", "")
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    clients = Clients()
    wire = Wire(clients, Rates())
    for service in {service for service, _, _ in ASKED}:
        clients.client(service).meta.events.register_last("before-send.*", caught)
    for service, operation, parameters in ASKED:
        for region in TRIED:
            with pytest.raises(Caught) as ours:
                wire.read(Fixed(), region, f"{service}.{operation}", parameters)
            with pytest.raises(Caught) as theirs:
                getattr(dedicated(service, region), botocore.xform_name(operation))(**parameters)
            assert ours.value.args == theirs.value.args, (service, region)


@pytest.fixture
def cells(sweep: Callable[..., Aws], aws: FakeAws, estate: Estate) -> list[AwsSession]:
    """Sessions of 600 cells (a tenth by default), every account in every region many times."""
    found = sweep(AwsScope(organization=estate.organization, role="Audit"))
    found.discover()
    return [
        AwsSession(
            wire=found._wire, identity=found._identities.of(account), region=region, partition="aws", organization_accounts=None, seen={}
        )
        for account in estate.accounts
        for region in ("eu-west-1", "us-east-1", "ap-southeast-2", "sa-east-1")
        for _ in range(EACH)
    ]  # fmt: skip


@pytest.mark.slow
def test_interleaved_listings_never_mix_their_callers(cells: list[AwsSession], aws: FakeAws) -> None:
    """Generators wander over 16 threads, page by page; the server says for whom each page was signed."""
    strangers: list[Request] = []

    def for_whom(request: Request) -> None:
        if request.parameters["Filters"][0]["Values"] != [f"{request.account}/{request.region}"]:
            strangers.append(request)

    aws.before = for_whom
    listings: SimpleQueue[tuple[AwsSession, Iterator[Any], list[str]]] = SimpleQueue()
    told: list[tuple[AwsSession, list[str]]] = []
    shuffled = random.Random(7).sample(cells, len(cells))
    for session in shuffled:
        wanted = [{"Name": "tag:cell", "Values": [f"{session.account}/{session.region}"]}]
        listings.put((session, session.pages("ec2.DescribeVolumes", "Volumes", Filters=wanted), []))

    def advance() -> None:
        while True:
            try:
                session, listing, met = listings.get_nowait()
            except Empty:
                return
            element = next(listing, None)
            if element is None:
                told.append((session, met))
            else:
                met.append(element.get("KmsKeyId", ""))
                listings.put((session, listing, met))

    with ThreadPoolExecutor(16) as pool:
        for turn in [pool.submit(advance) for _ in range(16)]:
            turn.result()
    assert not strangers
    assert len(told) == len(cells) == 12 * EACH
    for session, met in told:
        arn = f"arn:aws:kms:{session.region}:{session.account}:key/key-1"
        assert met == [arn, arn, ""]


def tampered(change: Callable[[Any], None]) -> Callable[..., None]:
    def tamper(request: Any, **_: Any) -> None:
        change(request)

    return tamper


def header(request: Any, old: str, new: str) -> None:
    value = request.headers["Authorization"]
    request.headers["Authorization"] = (value.decode() if isinstance(value, bytes) else value).replace(old, new)


@pytest.mark.parametrize(
    "change",
    [
        lambda request: header(request, "111122223333", "999988887777"),
        lambda request: header(request, "eu-west-1", "us-east-1"),
        lambda request: setattr(request, "url", request.url.replace("127.0.0.1", "localhost")),
        lambda request: request.headers.__delitem__("Authorization"),
    ],
    ids=["keys", "region", "host", "unsigned"],
)
def test_the_guard_lets_nothing_of_another_cell_leave(aws: FakeAws, change: Callable[[Any], None]) -> None:
    clients = Clients()
    clients.client("ec2").meta.events.register_first("before-send.*", tampered(change))
    caller = Caller(account="111122223333", region="eu-west-1", credentials=Fixed().credentials())
    with pytest.raises(MixedCallers):
        clients.send(caller, "ec2.DescribeVolumes", {}, Trace())
    assert aws.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "https://ec2.us-east-1.amazonaws.com/",
        "https://ec2.eu-west-1.amazonaws.com.evil.example/",
        "https://ec2.eu-west-1.amazonaws.com.cn/",
        "https://999988887777.ec2.eu-west-1.amazonaws.com/",
        "https://eu-west-1.example/",
    ],
)
def test_the_guard_knows_the_providers_hosts_by_itself(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    ambient(monkeypatch, "111122223333", "")
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    clients = Clients()
    clients.client("ec2").meta.events.register_first(
        "before-send.*", tampered(lambda request: setattr(request, "url", url))
    )
    caller = Caller(account="111122223333", region="eu-west-1", credentials=Fixed().credentials())
    with pytest.raises(MixedCallers):
        clients.send(caller, "ec2.DescribeVolumes", {}, Trace())


def test_no_client_acts_outside_of_a_cell(aws: FakeAws) -> None:
    with pytest.raises(LookupError):
        Clients().client("ec2").describe_volumes()
    assert aws.requests == []


def test_s3_control_reaches_an_endpoint_without_account_hosts(aws: FakeAws) -> None:
    caller = Caller(account="111122223333", region="eu-west-1", credentials=Fixed().credentials())
    trace = Trace()
    answer = Clients().send(caller, "s3control.GetPublicAccessBlock", {"AccountId": "111122223333"}, trace)
    assert answer["PublicAccessBlockConfiguration"]["BlockPublicAcls"] is True
    assert trace.host == aws.host


def test_requests_name_the_agent(aws: FakeAws) -> None:
    Clients().send(
        Caller(account="111122223333", region="eu-west-1", credentials=Fixed().credentials()),
        "kms.ListKeys",
        {},
        Trace(),
    )
    assert "starcadence/" in aws.requests[0].user_agent


def test_the_ambient_chain_says_when_it_has_nothing(no_ambient_aws: None) -> None:
    with pytest.raises(NoIdentity, match="no ambient credentials"):
        Ambient().credentials()
