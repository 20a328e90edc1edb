"""What serves all items of a cell is read once, and each item keeps its own part, its own evidence and its own gap."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from collectors.aws.gathered import Gathered, indexed
from collectors.collector import Gone
from collectors.gap import Reason
from tests.fakes.aws import FakeAws, Refusal


def test_a_listing_is_read_once_and_each_item_keeps_its_part(session, aws: FakeAws) -> None:
    cell = session()
    items = [cell.apart() for _ in range(3)]
    found = [item.among("ec2.DescribeVolumes", "Volumes", by="VolumeId", of=f"vol-{n}") for n, item in enumerate(items)]
    assert [[one["VolumeId"] for one in part] for part in found] == [[], ["vol-1"], ["vol-2"]]
    assert [[one["VolumeId"] for one in item.notes.answers[0][1]["Volumes"]] for item in items] == [
        [],
        ["vol-1"],
        ["vol-2"],
    ]
    assert [request.operation for request in aws.requests if request.operation.startswith("ec2")] == [
        "ec2.DescribeVolumes"
    ] * 2
    assert sum(len(item.notes.calls) for item in items) == 2


def test_a_listing_with_other_parameters_is_another(session, aws: FakeAws) -> None:
    cell = session()
    for region in ("a", "b", "a"):
        cell.apart().common("ec2.DescribeFlowLogs", Filters=[{"Name": "resource-id", "Values": [region]}])
    assert [request.operation for request in aws.requests].count("ec2.DescribeFlowLogs") == 2


def test_a_refused_listing_is_a_gap_of_every_item_and_asked_once(session, aws: FakeAws) -> None:
    aws.deny("ec2.DescribeVolumes")
    cell = session()
    items = [cell.apart() for _ in range(2)]
    assert [item.among("ec2.DescribeVolumes", "Volumes", by="VolumeId", of="vol-1") for item in items] == [None, None]
    assert [[failure.reason for failure in item.notes.failures] for item in items] == [[Reason.DENIED]] * 2
    assert [request.operation for request in aws.requests].count("ec2.DescribeVolumes") == 1


def test_a_listing_that_breaks_off_is_no_listing(session, aws: FakeAws) -> None:
    aws.trouble("ec2.DescribeVolumes", Refusal("UnauthorizedOperation", 403), about="2")
    assert session().apart().among("ec2.DescribeVolumes", "Volumes", by="VolumeId", of="vol-1") is None


def test_a_common_answer_is_evidence_of_every_item(session, aws: FakeAws) -> None:
    cell = session()
    items = [cell.apart() for _ in range(2)]
    answers = [item.common("ec2.GetEbsEncryptionByDefault") for item in items]
    assert answers[0] == answers[1]
    assert [item.notes.answers[0][0] for item in items] == ["ec2.GetEbsEncryptionByDefault"] * 2
    assert [request.operation for request in aws.requests].count("ec2.GetEbsEncryptionByDefault") == 1


def test_what_is_made_once_is_made_once_from_many_threads() -> None:
    gathered, made = Gathered(), []
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: gathered.once("x", lambda: made.append(1) or len(made)), range(64)))
    assert found == {1}


def test_a_listing_about_one_item_is_read_whole_or_not_at_all(session, aws: FakeAws) -> None:
    item = session().apart()
    assert len(item.every("kms.ListKeys", "Keys")) == 6
    assert len(item.notes.answers[0][1]["Keys"]) == 6
    aws.trouble("kms.ListKeys", Refusal("AccessDeniedException", 403), about="2")
    assert item.every("kms.ListKeys", "Keys") is None
    assert [failure.reason for failure in item.notes.failures] == [Reason.DENIED]


def test_a_listing_about_what_is_gone_says_so(session, aws: FakeAws) -> None:
    aws.trouble("kms.ListKeys", Refusal("NotFoundException", 404))
    with pytest.raises(Gone):
        session().apart().every("kms.ListKeys", "Keys", gone=("NotFoundException",))


def test_of_many_elements_only_the_newest_is_held() -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    elements = [{"of": "a"}, {"of": "a", "at": late}, {"of": "a", "at": early}, {"of": "b", "at": early}, {"of": "b"}]
    assert indexed(elements, "of", "at") == {"a": ({"of": "a", "at": late},), "b": ({"of": "b", "at": early},)}
    assert indexed(elements, "of")["a"] == tuple(elements[:3])
