from datetime import UTC, datetime

import pytest

from collectors.aws.shares import Shares
from collectors.aws.stacks import Stacks
from tests.fakes.told import ACCOUNT, REGION, Told

THEN = datetime(2026, 1, 3, tzinfo=UTC)
ARN = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/web/51af"
ELEMENT = {
    "StackId": ARN, "StackName": "web", "StackStatus": "UPDATE_COMPLETE", "CreationTime": THEN, "DisableRollback": False,
    "EnableTerminationProtection": True, "DriftInformation": {"StackDriftStatus": "IN_SYNC", "LastCheckTimestamp": THEN},
    "Tags": [{"Key": "team", "Value": "web"}],
}  # fmt: skip
FACTS = ("kind", "rolls_back", "deletion_protected", "drifted", "drift_checked", "never_checked", "tags")
OF_SOUND = dict(zip(FACTS, ("stack", True, True, False, THEN, False, {"team": "web"}), strict=True))


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ({}, {}),
        ({"DisableRollback": True}, {"rolls_back": False}),
        ({"DisableRollback": None}, {"rolls_back": None}),
        ({"EnableTerminationProtection": False}, {"deletion_protected": False}),
        ({"EnableTerminationProtection": None}, {"deletion_protected": None}),
        ({"DriftInformation": {"StackDriftStatus": "DRIFTED", "LastCheckTimestamp": THEN}}, {"drifted": True}),
        ({"DriftInformation": {"StackDriftStatus": "UNKNOWN", "LastCheckTimestamp": THEN}}, {"drifted": None}),
        (
            {"DriftInformation": {"StackDriftStatus": "NOT_CHECKED"}},
            {"drifted": None, "drift_checked": None, "never_checked": True},
        ),
        ({"DriftInformation": None}, {"drifted": None, "drift_checked": None, "never_checked": None}),
        ({"ParentId": f"{ARN}-outer"}, {"kind": "nested stack"}),
        ({"Tags": []}, {"tags": {}}),
    ],
)
def test_each_field_changes_only_its_own_facts(element, expected):
    found = Stacks.describe(Told(), {**ELEMENT, **element})
    assert (found.id, found.name, found.created) == (ARN, "web", THEN)
    assert {fact: getattr(found, fact) for fact in FACTS} == {**OF_SOUND, **expected}


@pytest.mark.parametrize(
    ("status", "stands"),
    [("CREATE_COMPLETE", True), ("ROLLBACK_FAILED", True), ("DELETE_FAILED", True), ("REVIEW_IN_PROGRESS", False),
     ("DELETE_IN_PROGRESS", False), ("DELETE_COMPLETE", False)],
)  # fmt: skip
def test_only_stacks_that_made_something_are_seen(status, stands):
    found = Stacks.list(Told({"cloudformation.DescribeStacks": {"Stacks": [{**ELEMENT, "StackStatus": status}]}}))
    assert bool(list(found)) is stands


def test_what_a_stack_was_given_and_gives_is_not_kept():
    assert set(Stacks.redacts) == {"Parameters", "Outputs"}


SHARE = f"arn:aws:ram:{REGION}:{ACCOUNT}:resource-share/s-1"
LENT = {"resourceShareArn": SHARE, "name": "subnets", "status": "ACTIVE", "tags": [{"key": "team", "value": "web"}]}
ELSEWHERE = "arn:aws:organizations::999988887777:organization/o-else"
INSIDE = frozenset({ACCOUNT, "222233334444"})


def lent_to(*principals, status="ASSOCIATED"):
    return {"resourceShareAssociations": [
        {"resourceShareArn": SHARE, "associatedEntity": one, "associationType": "PRINCIPAL", "status": status} for one in principals
    ]}  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "inside", "expected"),
    [
        (lent_to(), INSIDE, ()),
        (lent_to(ACCOUNT, "222233334444"), INSIDE, ()),
        (lent_to("222233334444"), None, ("222233334444",)),
        (lent_to("999988887777", "333344445555"), INSIDE, ("333344445555", "999988887777")),
        (lent_to("arn:aws:iam::999988887777:role/reader"), INSIDE, ("arn:aws:iam::999988887777:role/reader",)),
        (lent_to("arn:aws:iam::222233334444:role/reader"), INSIDE, ()),
        (lent_to(f"arn:aws:organizations::{ACCOUNT}:organization/o-ours"), INSIDE, ()),
        (lent_to(f"arn:aws:organizations::{ACCOUNT}:ou/o-ours/ou-1"), INSIDE, ()),
        (lent_to(ELSEWHERE), INSIDE, (ELSEWHERE,)),
        (lent_to("resource-explorer-2.amazonaws.com"), INSIDE, ()),
        (lent_to("999988887777", status="DISASSOCIATED"), INSIDE, ()),
        (lent_to("999988887777", status="FAILED"), INSIDE, ()),
        (lent_to("999988887777", status="ASSOCIATING"), INSIDE, ("999988887777",)),
        (lent_to("999988887777", status="SUSPENDED"), INSIDE, ("999988887777",)),
        (lent_to("999988887777", status="BORROWED"), INSIDE, None),
        (lent_to(None), INSIDE, None),
        (lent_to("somebody"), INSIDE, None),
        ({"resourceShareAssociations": [{"associatedEntity": ACCOUNT, "status": "ASSOCIATED"}]}, INSIDE, None),
        (None, INSIDE, None),
    ],
)  # fmt: skip
def test_a_share_names_strangers(answer, inside, expected):
    found = Shares.describe(Told({"ram.GetResourceShareAssociations": answer}, organization_accounts=inside), LENT)
    assert (found.id, found.name, found.kind, found.tags) == (SHARE, "subnets", "resource share", {"team": "web"})
    assert found.foreign_access == expected


@pytest.mark.parametrize(
    ("status", "lends"), [("ACTIVE", True), ("PENDING", True), ("DELETED", False), ("FAILED", False), ("NEW", True)]
)
def test_only_shares_that_lend_are_seen(status, lends):
    found = Shares.list(Told({"ram.GetResourceShares": {"resourceShares": [{**LENT, "status": status}]}}))
    assert bool(list(found)) is lends
