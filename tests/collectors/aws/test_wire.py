"""What a question comes to when AWS throttles, fails, refuses, talks nonsense, lets keys expire, or is not there."""

import socket
from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from agent.programme import AwsScope
from collectors.aws.cloud import Aws
from collectors.aws.faults import DENIED, EXPIRED, THROTTLED, UNSUPPORTED, fault
from collectors.aws.rates import ATTEMPTS, BUDGET, RETRY_COST
from collectors.aws.session import AwsSession
from collectors.collector import Unseen
from collectors.gap import Reason
from collectors.sighting import Call
from tests.conftest import ambient
from tests.fakes.aws import FakeAws, Raw, Refusal
from tests.fakes.estate import Estate

from .conftest import Time

ASK = ("kms.DescribeKey", {"KeyId": "key-1"})


def reason(session: AwsSession) -> tuple[Reason, str]:
    [failure] = session.notes.failures
    assert failure.operation
    return failure.reason, failure.detail


CODES = (
    *((code, 400, Reason.DENIED) for code in sorted(DENIED)),
    *((code, 400, Reason.UNSUPPORTED) for code in sorted(UNSUPPORTED)),
    *((code, 400, Reason.THROTTLED) for code in sorted(THROTTLED)),
    *((code, 400, Reason.EXPIRED) for code in sorted(EXPIRED)),
    ("InternalFailure", 500, Reason.FAILED),
    ("ValidationException", 400, Reason.FAILED),
    ("Surprise", 429, Reason.THROTTLED),
)


def test_each_error_code_has_its_reason(session: Callable[..., AwsSession], aws: FakeAws) -> None:
    for code, status, expected in CODES:
        aws.trouble("kms.DescribeKey", Refusal(code, status))
        here = session()
        assert here.ask(ASK[0], **ASK[1]) is None
        assert reason(here) == (expected, code)


@pytest.mark.parametrize("refusal", [Refusal("ThrottlingException"), Refusal("InternalFailure", 500)])
def test_what_passes_is_asked_again(
    session: Callable[..., AwsSession], aws: FakeAws, time: Time, refusal: Refusal
) -> None:
    aws.trouble("kms.DescribeKey", refusal, times=2)
    here = session()
    assert here.ask(ASK[0], **ASK[1])["KeyMetadata"]["KeyId"] == "key-1"
    assert here.notes.failures == []
    assert [call.status for call in here.notes.calls] == [refusal.status, refusal.status, 200]
    assert len(time.slept) == 2


def test_pauses_grow_and_end(session: Callable[..., AwsSession], aws: FakeAws, time: Time) -> None:
    aws.trouble("kms.DescribeKey", Refusal("ThrottlingException"))
    session().ask(ASK[0], **ASK[1])
    assert len(aws.operations() & {"kms.DescribeKey"}) == 1
    assert sum(request.operation == "kms.DescribeKey" for request in aws.requests) == ATTEMPTS
    assert len(time.slept) == ATTEMPTS - 1
    assert time.slept[-1] > time.slept[0]
    assert sum(time.slept) < 30


def test_the_retry_budget_of_one_api_ends_and_others_keep_theirs(
    session: Callable[..., AwsSession], aws: FakeAws
) -> None:
    aws.trouble("kms.DescribeKey", Refusal("InternalFailure", 500))
    for _ in range(100):
        session().ask(ASK[0], **ASK[1])
    asked = sum(request.operation == "kms.DescribeKey" for request in aws.requests)
    assert asked == 100 + BUDGET / RETRY_COST
    aws.trouble("kms.GetKeyPolicy", Refusal("InternalFailure", 500), times=1)
    assert session().ask("kms.GetKeyPolicy", KeyId="key-1", PolicyName="default") is not None
    aws.calm()
    aws.trouble("kms.DescribeKey", Refusal("InternalFailure", 500), times=1)
    assert session("333344445555").ask(ASK[0], **ASK[1]) is not None


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ASK,
        ("ec2.GetEbsEncryptionByDefault", {}),
        ("iam.GetAccountSummary", {}),
        ("s3.GetBucketEncryption", {"Bucket": "sound-222233334444"}),
        ("account.GetAlternateContact", {"AlternateContactType": "SECURITY"}),
    ],
)
def test_nonsense_is_malformed_in_every_protocol(
    session: Callable[..., AwsSession], aws: FakeAws, operation: str, parameters: dict[str, Any]
) -> None:
    for body in (b"", b"<html>sign in</html>", b"not here", b"\x00\xff", b"{", b"[]"):
        aws.trouble(operation, Raw(body))
        here = session()
        assert here.ask(operation, **parameters) is None
        assert reason(here) == (Reason.MALFORMED, "ResponseParserError")


def test_broken_markup_of_s3_is_a_failure(session: Callable[..., AwsSession], aws: FakeAws) -> None:
    """botocore itself takes it for one of S3's errors in a success."""
    aws.trouble("s3.GetBucketEncryption", Raw(b"<a>"))
    here = session()
    assert here.ask("s3.GetBucketEncryption", Bucket="sound-222233334444") is None
    assert reason(here)[0] is Reason.FAILED


@pytest.mark.parametrize(
    "body", [b'{"Keys": [1]}', b'{"Keys": "key-1"}', b'{"Keys": {"KeyId": 1}}', b'{"Keys": null}', b"{}"]
)
def test_another_shape_than_documented_is_malformed(
    session: Callable[..., AwsSession], aws: FakeAws, body: bytes
) -> None:
    aws.trouble("kms.ListKeys", Raw(body))
    here = session()
    with pytest.raises(Unseen):
        list(here.pages("kms.ListKeys", "Keys"))
    assert reason(here)[0] is Reason.MALFORMED


def test_empty_settings_are_not_malformed(session: Callable[..., AwsSession]) -> None:
    here = session()
    answer = here.ask("s3.GetBucketVersioning", Bucket="bare-222233334444")
    assert here.notes.failures == []
    assert answer.get("Status") is None


def test_ended_keys_are_renewed_once(session: Callable[..., AwsSession], aws: FakeAws, estate: Estate) -> None:
    here = session()
    here.ask(ASK[0], **ASK[1])
    estate.expired.add(aws.requests[-1].access_key)
    assert here.ask(ASK[0], **ASK[1]) is not None
    assert here.notes.failures == []
    assert aws.requests[-1].access_key not in estate.expired


def test_keys_that_stay_ended_are_a_gap(session: Callable[..., AwsSession], aws: FakeAws) -> None:
    aws.trouble("kms.DescribeKey", Refusal("ExpiredTokenException"))
    here = session()
    assert here.ask(ASK[0], **ASK[1]) is None
    assert reason(here) == (Reason.EXPIRED, "ExpiredTokenException")
    assert sum(request.operation == "kms.DescribeKey" for request in aws.requests) == 2


def test_roles_are_assumed_again_before_their_hour_ends(
    session: Callable[..., AwsSession], aws: FakeAws, estate: Estate, time: Time
) -> None:
    here = session()
    here.ask(ASK[0], **ASK[1])
    before = estate.generation
    time.now += 3300
    here.ask(ASK[0], **ASK[1])
    assert estate.generation == before + 1


def test_a_report_in_the_making_is_waited_for(session: Callable[..., AwsSession], aws: FakeAws, time: Time) -> None:
    started = b"<GenerateCredentialReportResponse><GenerateCredentialReportResult><State>STARTED</State></GenerateCredentialReportResult>"
    aws.trouble("iam.GenerateCredentialReport", Raw(started + b"</GenerateCredentialReportResponse>"), times=2)
    here = session(region="global")
    assert here.ask("iam.GenerateCredentialReport")["State"] == "COMPLETE"
    assert len(time.slept) == 2


def test_rates_hold_back_what_is_too_fast(session: Callable[..., AwsSession], time: Time) -> None:
    here = session()
    for _ in range(70):
        here.ask("ec2.GetEbsEncryptionByDefault")
    assert sum(time.slept) == pytest.approx((70 - 50) / 10, abs=0.2)


def test_calls_are_accounted_for(session: Callable[..., AwsSession], aws: FakeAws) -> None:
    here = session()
    here.ask(ASK[0], **ASK[1])
    [call] = here.notes.calls
    assert isinstance(call, Call)
    assert (call.operation, call.host, call.request_id, call.status) == (ASK[0], aws.host, "fake-request", 200)
    assert call.date.endswith("GMT")


def test_wrong_parameters_are_our_bug_and_no_gap(session: Callable[..., AwsSession]) -> None:
    with pytest.raises(ParamValidationError):
        session().ask("kms.DescribeKey", KeyName="key-1")


class Gone(Exception):
    """The server ends the connection instead of answering."""


def test_a_connection_that_ends_without_an_answer_is_tried_again_and_then_unreachable(
    session: Callable[..., AwsSession], aws: FakeAws
) -> None:
    aws.trouble("kms.ListKeys", Gone(), times=1)
    here = session()
    assert here.ask("kms.ListKeys") is not None
    aws.trouble("kms.ListKeys", Gone())
    there = session()
    assert there.ask("kms.ListKeys") is None
    assert reason(there)[0] is Reason.UNREACHABLE


def closed_port() -> int:
    """A port of loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_full_outage_of_300_calls_costs_seconds(
    session: Callable[..., AwsSession], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the real clock: the environment points nowhere, and each of three hundred calls is a gap at once."""
    ambient(monkeypatch, "111122223333", f"http://127.0.0.1:{closed_port()}")
    dark = Aws(AwsScope(), session_name="starcadence-dark", pseudonym_key=b"key")
    started = monotonic()
    assert [gap.reason for gap in dark.discover().gaps] == [Reason.UNREACHABLE]
    here = session(identity=dark._identities.ambient)
    here._wire = dark._wire
    operations = (
        "ec2.DescribeVolumes",
        "kms.ListKeys",
        "rds.DescribeDBInstances",
        "cloudtrail.DescribeTrails",
        "s3.ListBuckets",
    )
    for number in range(300):
        assert here.ask(operations[number % 5]) is None
    took = monotonic() - started
    dark.close()
    assert {failure.reason for failure in here.notes.failures} == {Reason.UNREACHABLE}
    assert len(here.notes.failures) == 300
    assert here.notes.calls == []
    assert took < 2


CLIENT_SIDE = (
    (ReadTimeoutError(endpoint_url="https://x"), Reason.UNREACHABLE),
    (ConnectTimeoutError(endpoint_url="https://x"), Reason.UNREACHABLE),
    (ConnectionClosedError(endpoint_url="https://x"), Reason.UNREACHABLE),
    (NoCredentialsError(), Reason.NO_ROLE),
    (NoRegionError(), Reason.UNSUPPORTED),
    (ResponseParserError("x"), Reason.MALFORMED),
    (BotoCoreError(), Reason.FAILED),
)


@pytest.mark.parametrize(("error", "expected"), CLIENT_SIDE, ids=lambda value: type(value).__name__)
def test_each_error_of_our_side_has_its_reason(error: Exception, expected: Reason) -> None:
    found = fault(error)
    assert found is not None
    assert (found.reason, found.detail) == (expected, type(error).__name__)


def test_a_strange_error_code_is_not_quoted() -> None:
    error = ClientError(
        {"Error": {"Code": "user jo@corp.example may not"}, "ResponseMetadata": {"HTTPStatusCode": 400}}, "X"
    )
    assert fault(error).detail == "no error code"


SCP = "User: arn:aws:sts::111122223333:assumed-role/Audit/x is not authorized to perform: %s with an explicit deny in a %s control policy"


@pytest.mark.parametrize(
    ("code", "message", "reason", "detail"),
    [
        ("AccessDeniedException", SCP % ("logs:DescribeLogGroups", "service"), Reason.WITHHELD, "AccessDeniedException"),
        ("AccessDenied", SCP % ("s3:GetBucketAcl", "resource"), Reason.WITHHELD, "AccessDenied"),
        ("UnauthorizedOperation", SCP % ("ec2:DescribeVpcs", "service"), Reason.WITHHELD, "UnauthorizedOperation"),
        ("AccessDenied", "with an explicit deny in an identity-based policy", Reason.DENIED, "AccessDenied"),
        ("AccessDenied", "", Reason.DENIED, "AccessDenied"),
        ("ValidationException", SCP % ("x:Y", "service"), Reason.FAILED, "ValidationException"),
        ("AccessDeniedException", "Macie is not enabled", Reason.FAILED, "NotEnabled"),
        ("AccessDeniedException", "not authorized to perform: macie2:GetMacieSession", Reason.DENIED, "AccessDeniedException"),
    ],
)  # fmt: skip
def test_a_refusals_message_says_whose_it_is(code: str, message: str, reason: Reason, detail: str) -> None:
    answer = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": 403}}
    found = fault(ClientError(answer, "X"))
    assert found is not None
    assert (found.reason, found.detail) == (reason, detail)


def test_what_the_organisation_denies_is_a_gap_of_its_own(session: Callable[..., AwsSession], aws: FakeAws) -> None:
    aws.trouble("ec2.DescribeVolumes", Refusal("UnauthorizedOperation", 403, SCP % ("ec2:DescribeVolumes", "service")))
    here = session()
    with pytest.raises(Unseen):
        list(here.pages("ec2.DescribeVolumes", "Volumes"))
    assert [(one.reason, one.detail) for one in here.notes.failures] == [(Reason.WITHHELD, "UnauthorizedOperation")]
