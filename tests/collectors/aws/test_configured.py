"""Configuration items as listings' elements: what fits is told as the service tells it, and nothing that is missing ever looks sound."""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import botocore.session
import pytest

from collectors.aws.catalogue import COLLECTORS
from collectors.aws.configured import HELD, Unfit, element, translated
from controls.assess import Judge
from controls.catalogue import CHECKS
from controls.verdict import Outcome
from tests.fakes.aggregated import NAMES, TELLS, Aggregated
from tests.fakes.aws_looking import NOW
from tests.fakes.told import ACCOUNT, REGION, Told

MODELS = botocore.session.Session()
THEN = datetime(2026, 1, 5, 12, tzinfo=UTC)


def shape(operation: str, key: str) -> Any:
    """botocore's of an element of a listing."""
    service, _, name = operation.partition(".")
    return MODELS.get_service_model(service).operation_model(name).output_shape.members[key].member


def volume(**configuration: object) -> dict[str, object]:
    """A volume by an item with that configuration."""
    whole = {"volumeId": "vol-1", "encrypted": False, "createTime": "2026-01-05T12:00:00.000Z", **configuration}
    operation = "ec2.DescribeVolumes"
    return dict(element(HELD[operation], shape(operation, "Volumes"), {"configuration": whole, "tags": None}))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"createTime": "2026-01-05T12:00:00.000Z"}, {"CreateTime": THEN}),
        ({"createTime": "2026-01-05T13:00:00+01:00"}, {"CreateTime": THEN}),
        ({"createTime": "2026-01-05T12:00:00"}, {"CreateTime": THEN}),
        ({"createTime": THEN.timestamp()}, {"CreateTime": THEN}),
        ({"createTime": THEN.timestamp() * 1000}, {"CreateTime": THEN}),
        ({"state": {"value": "in-use"}}, {"State": "in-use"}),
        ({"state": "in-use"}, {"State": "in-use"}),
        ({"snapshotId": None}, {}),
        ({"size": 8.0}, {"Size": 8}),
        ({"size": 8}, {"Size": 8}),
        ({"unheardOf": {"x": 1}}, {}),
        ({"tags": [{"key": "a", "value": "b"}]}, {"Tags": [{"Key": "a", "Value": "b"}]}),
        ({"attachments": [{"instanceId": "i-1"}]}, {"Attachments": [{"InstanceId": "i-1"}]}),
    ],
)
def test_what_fits_is_told_as_the_service_tells_it(said: dict[str, object], told: dict[str, object]) -> None:
    sound = {"VolumeId": "vol-1", "Encrypted": False, "CreateTime": THEN, "Tags": []}
    assert volume(**said) == sound | told


@pytest.mark.parametrize(
    "said",
    [
        {"encrypted": "false"}, {"encrypted": 0}, {"encrypted": None}, {"encrypted": True}, {"volumeId": 1}, {"volumeId": True},
        {"size": True}, {"size": "8"}, {"size": 8.5},
        {"createTime": True}, {"createTime": "soon"}, {"createTime": {}}, {"createTime": 1e300},
        {"createTime": "99999999999999"},
        {"state": {"value": "x", "other": "y"}}, {"state": {"value": 1}}, {"tags": {"a": "b"}}, {"tags": ["a"]}, {"attachments": "i-1"},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_nobody_s_answer(said: dict[str, object]) -> None:
    with pytest.raises(Unfit):
        volume(**said)


def test_maps_keep_their_names() -> None:
    model = MODELS.get_service_model("lambda").shape_for("EnvironmentVariables")
    assert translated(model, {"someName": "x"}) == {"someName": "x"}


@pytest.mark.parametrize(
    "changed",
    [{"ipv4Ranges": None}, {"ipv6Ranges": None}, {"prefixListIds": None}, {"userIdGroupPairs": None}, {"ipv4Ranges": []}, {"ipRanges": []}],
)  # fmt: skip
def test_sources_that_are_not_all_told_are_not_taken(changed: dict[str, object]) -> None:
    items = Aggregated().items(ACCOUNT, REGION, "AWS::EC2::SecurityGroup")
    group = next(one for one in items if one["resourceId"] == "sg-bastion")
    group["configuration"]["ipPermissions"][0] |= changed
    operation = "ec2.DescribeSecurityGroups"
    with pytest.raises(Unfit):
        element(HELD[operation], shape(operation, "SecurityGroups"), group)


class Silent(Told):
    """A session in which nothing else is learned."""

    def _answer(self, operation: str, parameters: dict[str, Any]) -> None:  # noqa: ARG002 - as the table's
        self.asked.append(operation)


def without(value: Any) -> Iterator[Any]:
    """The value without one of its members, or with null there, at any depth."""
    keys: list[Any] = (
        list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    )
    for key in keys:
        if isinstance(value, dict):
            yield {name: one for name, one in value.items() if name != key}
        yield _put(value, key, None)
        yield from (_put(value, key, less) for less in without(value[key]))


def _put(value: Any, key: Any, other: Any) -> Any:
    changed = copy.copy(value)
    changed[key] = other
    return changed


@pytest.mark.parametrize("operation", sorted(HELD))
def test_an_item_that_lacks_something_never_gets_a_better_verdict(operation: str) -> None:
    held, judge = HELD[operation], Judge(CHECKS)
    model, collector = shape(operation, held.key), next(one for one in COLLECTORS if held.native in one.counted)

    def outcomes(item: dict[str, Any]) -> dict[str, Outcome]:
        resource = collector.describe(Silent({}), element(held, model, item))
        return {check.name: verdict.outcome for check, verdict in judge(resource, NOW)}

    assert {**TELLS, **NAMES}[held.native][0] == operation
    tried = 0
    for item in json.loads(json.dumps(list(Aggregated().items(ACCOUNT, REGION, held.native)))):
        whole = outcomes(item)
        for less in without(item):
            try:
                found = outcomes(less)
            except (Unfit, AttributeError, KeyError, TypeError, ValueError):
                continue  # not taken, or a gap of the cell
            tried += 1
            assert {name for name, outcome in found.items() if outcome is Outcome.PASSED is not whole[name]} == set(), (
                less
            )
    assert tried
