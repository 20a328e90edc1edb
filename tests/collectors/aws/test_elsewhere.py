"""What is asked of another account: once in a sweep, by its own keys, and of no account that is out of scope."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from agent.programme import AwsScope
from collectors.aws.session import AwsSession
from collectors.gap import Reason

ELSEWHERE = "111122223333"


@pytest.fixture
def sessions(sweep, aws, estate):
    """Sessions of one sweep in several accounts of the organisation; two of its three are in scope."""
    found = sweep(AwsScope(organization=estate.organization, accounts=(ELSEWHERE, "222233334444"), role="Audit"))
    discovered = found.discover()
    assert discovered.management_account == ELSEWHERE
    aws.calm()

    def make(account="222233334444", region="eu-west-1"):
        return AwsSession(
            wire=found._wire, identity=found._identities.of(account), region=region, partition="aws",
            organization_accounts=None, seen={}, elsewhere=found._elsewhere,
        )  # fmt: skip

    return make


def test_many_cells_ask_another_account_once(sessions, aws):
    asking = [sessions(region=region) for region in ("eu-west-1", "us-east-1") for _ in range(4)]

    def ask(session):
        return session.elsewhere(ELSEWHERE, "ec2.DescribeVolumes", "Volumes", region="eu-west-1")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, asking))
    assert [len(answer["Volumes"]) for answer in answers] == [3] * 8
    assert {request.account for request in aws.requests if request.operation == "ec2.DescribeVolumes"} == {ELSEWHERE}
    assert [request.operation for request in aws.requests].count("ec2.DescribeVolumes") == 2
    assert sum(len(session.notes.calls) for session in asking) == 2
    assert all(session.notes.answers == [("ec2.DescribeVolumes", answers[0])] for session in asking)


def test_regions_and_parameters_tell_questions_apart(sessions, aws):
    session = sessions()
    session.elsewhere(ELSEWHERE, "ec2.GetEbsEncryptionByDefault")
    assert session.elsewhere(ELSEWHERE, "ec2.GetEbsEncryptionByDefault", region="us-east-1") == {
        "EbsEncryptionByDefault": False
    } | {key: value for key, value in session.notes.answers[-1][1].items() if key == "ResponseMetadata"}
    assert [request.region for request in aws.requests if request.operation.startswith("ec2")] == [
        "eu-west-1",
        "us-east-1",
    ]


def test_each_keeps_his_own_part_of_a_listing_that_is_read_once(sessions, aws):
    for volume in ("vol-1", "vol-3"):
        session = sessions()
        answer = session.elsewhere(
            ELSEWHERE,
            "ec2.DescribeVolumes",
            "Volumes",
            only=not_the_second,
            mine=lambda one, it=volume: one["VolumeId"] == it,
        )
        assert [one["VolumeId"] for one in answer["Volumes"]] == [volume]
        assert session.notes.answers == [("ec2.DescribeVolumes", answer)]
    every = sessions().elsewhere(ELSEWHERE, "ec2.DescribeVolumes", "Volumes", only=not_the_second)
    assert [one["VolumeId"] for one in every["Volumes"]] == ["vol-1", "vol-3"]
    assert [request.operation for request in aws.requests].count("ec2.DescribeVolumes") == 2


def not_the_second(volume):
    return volume["VolumeId"] != "vol-2"


def test_a_refusal_elsewhere_is_everybodys_gap(sessions, aws):
    aws.deny("ec2.DescribeVolumes", account=ELSEWHERE)
    asking = [sessions(), sessions()]
    for session in asking:
        assert session.elsewhere(ELSEWHERE, "ec2.DescribeVolumes", "Volumes") is None
        assert [(one.operation, one.reason) for one in session.notes.failures] == [
            ("ec2.DescribeVolumes", Reason.DENIED)
        ]
    assert [request.operation for request in aws.requests].count("ec2.DescribeVolumes") == 1


def test_an_absent_setting_elsewhere_is_an_answer(sessions):
    answer = sessions().elsewhere(
        "222233334444",
        "account.GetAlternateContact",
        absent=("ResourceNotFoundException",),
        AlternateContactType="SECURITY",
    )
    assert answer == {}


def test_who_asks_twice_keeps_one_piece_of_evidence(sessions):
    session = sessions()
    for _ in range(3):
        session.elsewhere(ELSEWHERE, "ec2.GetEbsEncryptionByDefault")
    assert [operation for operation, _ in session.notes.answers] == ["ec2.GetEbsEncryptionByDefault"]


def test_what_an_account_is_asked_about_itself_is_not_kept_for_the_sweep(sessions, aws):
    for _ in range(2):
        sessions().elsewhere("222233334444", "ec2.GetEbsEncryptionByDefault")
        sessions(region="global").elsewhere("222233334444", "iam.GetAccountSummary")
    asked = [request.operation for request in aws.requests]
    assert (asked.count("ec2.GetEbsEncryptionByDefault"), asked.count("iam.GetAccountSummary")) == (2, 1)


def test_accounts_out_of_scope_are_not_asked(sessions, aws):
    session = sessions()
    assert session.elsewhere("333344445555", "ec2.DescribeVolumes", "Volumes") is None
    assert [(one.reason, one.detail) for one in session.notes.failures] == [
        (Reason.NO_ROLE, "an account that is not in scope")
    ]
    assert aws.requests == []
