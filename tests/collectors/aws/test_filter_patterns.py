"""Metric filters' patterns, against the forms of the user guide and of the CIS benchmark."""

import pytest

from collectors.aws.filter_patterns import matches

RECORD = {
    "eventSource": "kms.amazonaws.com", "eventName": "DisableKey", "eventType": "AwsApiCall", "readOnly": False, "bytes": 512,
    "userIdentity": {"type": "Root", "sessionContext": {"attributes": {"mfaAuthenticated": "false"}}}, "errorCode": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("{ $.eventName = DisableKey }", True),
        ('{($.eventName="DisableKey")}', True),
        ("{ $.eventName = Disable* }", True),
        ("{ $.eventName = EnableKey }", False),
        ("{ $.eventName != EnableKey }", True),
        ("{ $.eventName != Disable* }", False),
        ("{($.eventSource = kms.amazonaws.com) && (($.eventName=EnableKey)||($.eventName=DisableKey))}", True),
        ("{($.eventSource = iam.amazonaws.com) && (($.eventName=EnableKey)||($.eventName=DisableKey))}", False),
        ("{ $.eventName = EnableKey || $.eventName = DisableKey && $.eventSource = iam.amazonaws.com }", False),
        ("{ ($.eventName = DisableKey || $.eventName = EnableKey) && $.eventSource = kms.amazonaws.com }", True),
        (
            '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
            True,
        ),
        ("{ $.userIdentity.type EXISTS }", True),
        ("{ $.userIdentity.type NOT EXISTS }", False),
        ("{ $.userIdentity.sessionContext.attributes.mfaAuthenticated = false }", True),
        ("{ $.errorCode IS NULL }", True),
        ("{ $.readOnly IS FALSE }", True),
        ("{ $.readOnly IS TRUE }", False),
        ("{ $.readOnly = false }", True),
        ("{ $.missing = x }", False),
        ("{ $.missing != x }", True),
        ("{ $.bytes > 500 }", True),
        ("{ $.bytes >= 512 && $.bytes <= 512 }", True),
        ("{ $.bytes < 512 }", False),
        ("{ $.eventName > 1 }", False),
        ('{ $.eventName = "Disable?ey" }', False),
    ],
)
def test_patterns(pattern, fits):
    assert matches(pattern, RECORD) is fits


@pytest.mark.parametrize(
    "pattern",
    [
        None, "", "DisableKey", '"DisableKey"', "[ip, user]", "{}", "{ $.eventName }", "{ $.eventName = }", "{ ($.eventName = DisableKey }",
        "{ $.eventName = DisableKey ) }", "{ $.eventName = DisableKey $.x = y }", "{ $.eventName = DisableKey && }",
        "{ eventName = DisableKey }", "{ $.eventName IS ODD }", "{ $.eventName NOT THERE }", "{ $.bytes > many }",
        "{ $.eventName & DisableKey }", "{ $.eventName = DisableKey || & }",
    ],
)  # fmt: skip
def test_what_cannot_be_read_fits_nothing(pattern):
    assert not matches(pattern, RECORD)
