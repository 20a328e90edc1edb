"""The simulated cloud's process: it starts, obeys, remembers no more than is true, and ends."""

import os
import select
import socket
import subprocess
import sys
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from agent.demo.canaries import EXTERNAL_ID
from agent.demo.names import ACCOUNTS, HOME, ROLE
from agent.demo.simulation import SimulationError, environment, simulated


@pytest.fixture
def endpoint(founded):
    return founded.endpoint


@pytest.fixture
def sandbox(founded):
    """Clients of the sandbox, which nothing else looks at."""
    return lambda service, region=HOME: founded.client(service, "sandbox", region)


def test_it_listens_on_the_loopback_alone_and_ends_with_its_user():
    with simulated() as endpoint:
        address = (urlsplit(endpoint.url).hostname, urlsplit(endpoint.url).port)
        assert address[0] == "127.0.0.1"
        socket.create_connection(address, timeout=5).close()
        process = endpoint.process

    assert process.returncode == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=5)
    with pytest.raises(SimulationError):
        endpoint.clock(datetime.now(tz=UTC))


@pytest.mark.slow
@pytest.mark.whole
def test_it_ends_when_whoever_started_it_dies():
    starter = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-W', 'ignore', '-m', 'agent.demo.server'], stdin=subprocess.PIPE,"
        " stdout=subprocess.PIPE, text=True)\n"
        "print(child.pid, child.stdout.readline(), flush=True)\n"
        "import os; os.kill(os.getpid(), 9)\n"
    )
    died = subprocess.run(
        [sys.executable, "-c", starter], env=environment(), capture_output=True, text=True, check=False
    )
    pid = int(died.stdout.split()[0])

    # A process that has ended is found, by whoever adopted it, or not at all; poll through its pidfd instead of sleeping.
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    assert select.select([handle], [], [], 10)[0]
    os.close(handle)


def test_a_missing_extra_is_said_with_its_remedy(monkeypatch, tmp_path):
    (tmp_path / "moto").mkdir()
    (tmp_path / "moto" / "__init__.py").write_text("raise ModuleNotFoundError('no moto here')\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    with pytest.raises(SimulationError, match=r"no moto here.*starcadence\[demo\]"), simulated():
        pass


def test_no_credentials_of_the_machine_reach_it(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")

    assert not [name for name in environment() if name.startswith("AWS_")]


def test_an_order_that_it_does_not_know_is_an_error(endpoint):
    with pytest.raises(SimulationError, match="could not dance"):
        endpoint.order("dance")


def test_time_is_the_storys(endpoint, sandbox):
    endpoint.clock(datetime(2026, 9, 1, 8, tzinfo=UTC))

    sandbox("iam").create_user(UserName="somebody")
    sandbox("s3").create_bucket(Bucket="example-new", CreateBucketConfiguration={"LocationConstraint": HOME})
    answer = sandbox("iam").get_user(UserName="somebody")

    assert answer["User"]["CreateDate"].isoformat() == "2026-09-01T08:00:00+00:00"
    assert answer["ResponseMetadata"]["HTTPHeaders"]["date"] == "Tue, 01 Sep 2026 08:00:00 GMT"
    assert sandbox("s3").list_buckets()["Buckets"][0]["CreationDate"].isoformat() == "2026-09-01T08:00:00+00:00"


def test_an_answer_is_remembered_until_something_changes(endpoint, sandbox):
    ec2 = sandbox("ec2", "eu-west-1")
    first, second = ec2.describe_volumes(), ec2.describe_volumes()

    ec2.create_volume(AvailabilityZone="eu-west-1a", Size=1)

    assert first["Volumes"] == second["Volumes"] == []
    assert first["ResponseMetadata"]["RequestId"] != second["ResponseMetadata"]["RequestId"]
    assert len(ec2.describe_volumes()["Volumes"]) == 1


def test_an_answer_is_remembered_for_its_own_account_and_region_alone(founded, sandbox):
    sandbox("ec2", "us-east-1").create_volume(AvailabilityZone="us-east-1a", Size=1)

    assert len(sandbox("ec2", "us-east-1").describe_volumes()["Volumes"]) == 1
    assert sandbox("ec2", HOME).describe_volumes()["Volumes"] == []
    assert founded.client("ec2", "management", "us-east-1").describe_volumes()["Volumes"] == []
    assert sandbox("sts").get_caller_identity()["Account"] == ACCOUNTS["sandbox"]


def test_time_that_passes_by_itself_is_not_remembered(founded, endpoint):
    iam = founded.client("iam", "security")
    iam.generate_credential_report()
    made = []
    for day in (1, 2):
        endpoint.clock(datetime(2026, 9, day, tzinfo=UTC))
        made.append(iam.get_credential_report()["GeneratedTime"].day)

    assert made == [1, 2]


@pytest.mark.parametrize(
    ("operation", "method", "code"),
    [
        ("ec2.DescribeVpcs", "describe_vpcs", "UnauthorizedOperation"),
        ("iam.ListUsers", "list_users", "AccessDenied"),
        ("s3.ListBuckets", "list_buckets", "AccessDenied"),
        ("cloudtrail.DescribeTrails", "describe_trails", "AccessDeniedException"),
        ("rds.DescribeDBInstances", "describe_db_instances", "AccessDenied"),
    ],
)
def test_a_denial_is_spelled_as_the_service_spells_it_and_ends_with_its_order(
    endpoint, sandbox, operation, method, code
):
    ask = getattr(sandbox(operation.partition(".")[0]), method)
    endpoint.deny(ACCOUNTS["sandbox"], operation, "")
    with pytest.raises(ClientError) as refused:
        ask()

    endpoint.allow(ACCOUNTS["sandbox"], operation, "")

    assert refused.value.response["Error"]["Code"] == code
    assert ask()


def test_an_outage_refuses_everything_until_it_is_over(endpoint, sandbox):
    endpoint.outage(on=True)
    for call in (sandbox("sts").get_caller_identity, sandbox("s3").list_buckets, sandbox("kms").list_keys):
        with pytest.raises(ClientError, match="ServiceUnavailable"):
            call()

    endpoint.outage(on=False)

    assert sandbox("kms").list_keys()["Keys"] == []


def test_a_role_is_assumed_only_under_its_external_id(founded):
    sts = founded.client("sts")
    asked = {"RoleArn": f"arn:aws:iam::{ACCOUNTS['staging']}:role/{ROLE}", "RoleSessionName": "sweep"}

    assert sts.assume_role(**asked, ExternalId=EXTERNAL_ID)["Credentials"]["Expiration"] > datetime.now(tz=UTC)
    for refused in (asked, asked | {"ExternalId": "guessed"}, asked | {"RoleArn": asked["RoleArn"] + "s"}):
        with pytest.raises(ClientError, match="AccessDenied"):
            sts.assume_role(**refused)


def test_calls_are_counted(endpoint, sandbox):
    kms = sandbox("kms")
    endpoint.calls()

    kms.list_keys()
    kms.list_keys()

    assert endpoint.calls() == {"kms.ListKeys": 2}
    assert endpoint.calls() == {}


def test_what_moto_lacks_is_a_failure_of_the_provider_and_is_written_down(endpoint, sandbox):
    with pytest.raises(ClientError) as failed:
        sandbox("ec2").get_ebs_default_kms_key_id()

    endpoint.complaints.seek(0)
    assert failed.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert b"NotImplementedError" in endpoint.complaints.read()
