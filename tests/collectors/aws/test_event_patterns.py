"""EventBridge patterns, against the events of the user guide's examples."""

import json

import pytest

from collectors.aws.event_patterns import matches

EVENT = {
    "source": "aws.guardduty", "detail-type": "GuardDuty Finding", "account": "111122223333",
    "detail": {"severity": 8, "type": "zq7", "resources": ["a", "b"], "archived": False, "nothing": None},
}  # fmt: skip


def of_detail(**fields):
    return {"detail": fields}


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ({"source": ["aws.guardduty"]}, True),
        ({"source": ["aws.macie", "aws.guardduty"]}, True),
        ({"source": ["aws.macie"]}, False),
        ({"source": "aws.guardduty"}, False),
        ({"source": [{"prefix": "aws."}], "detail-type": [{"suffix": "Finding"}]}, True),
        ({"source": [{"prefix": "com."}]}, False),
        ({"source": [{"wildcard": "aws.*"}]}, True),
        ({"source": [{"equals-ignore-case": "AWS.GuardDuty"}]}, True),
        ({"source": [{"anything-but": "aws.macie"}]}, True),
        ({"source": [{"anything-but": ["aws.macie", "aws.guardduty"]}]}, False),
        ({"source": [{"anything-but": {"prefix": "com."}}]}, False),
        ({"source": [{"cidr": "10.0.0.0/8"}]}, False),
        ({"id": [{"exists": False}], "account": [{"exists": True}]}, True),
        ({"id": [{"exists": True}]}, False),
        ({"id": [{"anything-but": "x"}]}, False),
        (of_detail(severity=[4, 4.0, 8, 8.0]), True),
        (of_detail(severity=[4]), False),
        (of_detail(severity=[{"numeric": [">=", 7]}]), True),
        (of_detail(severity=[{"numeric": [">", 0, "<=", 5]}]), False),
        (of_detail(severity=[{"numeric": ["=", 8]}]), True),
        (of_detail(severity=[{"numeric": []}]), False),
        (of_detail(severity=[{"numeric": [">="]}]), False),
        (of_detail(severity=[{"numeric": [">=", "7"]}]), False),
        (of_detail(resources=["b"]), True),
        (of_detail(resources=["c"]), False),
        (of_detail(archived=[False]), True),
        (of_detail(archived=[0]), False),
        (of_detail(nothing=[None]), True),
        (of_detail(type=["Recon"]), False),
        (of_detail(service={"action": ["x"]}), False),
        ({"$or": [{"source": ["aws.macie"]}, {"account": ["111122223333"]}]}, True),
        ({"$or": [{"source": ["aws.macie"]}]}, False),
        ({"$or": {"source": ["aws.guardduty"]}}, False),
        ({}, False),
    ],
)  # fmt: skip
def test_patterns(pattern, fits):
    assert matches(json.dumps(pattern), EVENT) is fits


@pytest.mark.parametrize("pattern", [None, "", "{", "[]", '"x"'])
def test_what_is_no_pattern_fits_nothing(pattern):
    assert not matches(pattern, EVENT)
