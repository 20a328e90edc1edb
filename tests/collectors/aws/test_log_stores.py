from datetime import UTC, datetime

import pytest

from collectors.aws.log_stores import LogStores
from tests.fakes.told import Told

ARN = "arn:aws:logs:us-east-1:111122223333:log-group:app"
GROUP = {
    "arn": f"{ARN}:*",
    "creationTime": 1465469363080,
    "metricFilterCount": 0,
    "logGroupName": "app",
    "storedBytes": 0,
}
"""As AWS answered: nothing is set."""


def store(**more):
    (item,) = LogStores.list(Told({"logs.DescribeLogGroups": {"logGroups": [{**GROUP, **more}]}}))
    return LogStores.describe(Told(), item)


def test_a_group_on_which_nothing_is_set():
    found = store()
    assert (found.id, found.name, found.created) == (ARN, "app", datetime(2016, 6, 9, 10, 49, 23, 80000, tzinfo=UTC))
    assert (found.retention_days, found.key_held_by, found.masked, found.locked) == (0, "provider", False, None)


@pytest.mark.parametrize(
    ("more", "fact", "value"),
    [
        ({"retentionInDays": 400}, "retention_days", 400),
        ({"retentionInDays": "400"}, "retention_days", None),
        ({"kmsKeyId": "arn:aws:kms:us-east-1:111122223333:key/k"}, "key_held_by", "customer"),
        ({"dataProtectionStatus": "ACTIVATED"}, "masked", True),
        ({"dataProtectionStatus": "DISABLED"}, "masked", False),
        ({"inheritedProperties": ["ACCOUNT_DATA_PROTECTION"]}, "masked", True),
        ({"logGroupArn": "arn:other"}, "id", "arn:other"),
    ],
)
def test_each_fact_is_in_the_element(more, fact, value):
    assert getattr(store(**more), fact) == value
