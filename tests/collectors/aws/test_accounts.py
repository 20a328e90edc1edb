import pytest

from collectors.aws.accounts import BLOCKS, Accounts, all_blocked
from tests.fakes.told import ACCOUNT, Told

SOUND = {
    "iam.GetAccountSummary": {"SummaryMap": {"AccountMFAEnabled": 1, "AccountAccessKeysPresent": 0}},
    "iam.GetAccountPasswordPolicy": {"PasswordPolicy": {"MinimumPasswordLength": 16, "PasswordReusePrevention": 24}},
    "s3control.GetPublicAccessBlock": {"PublicAccessBlockConfiguration": dict.fromkeys(BLOCKS, True)},
    "account.GetAlternateContact": {"AlternateContact": {"AlternateContactType": "SECURITY"}},
}
ROOTLESS = {"AccountMFAEnabled": 0, "AccountAccessKeysPresent": 0, "AccountPasswordPresent": 0}
FACTS = (
    "root_mfa",
    "root_keys",
    "password_length",
    "password_reuse_prevented",
    "public_data_blocked",
    "security_contact",
)


def facts(**answers):
    told = Told({**SOUND, **{name.replace("__", "."): answer for name, answer in answers.items()}})
    (item,) = Accounts.list(told)
    account = Accounts.describe(told, item)
    assert account.id == "arn:aws:iam::111122223333:root"
    return {fact: getattr(account, fact) for fact in FACTS}


def test_a_sound_account():
    assert facts() == dict(zip(FACTS, (True, False, 16, 24, True, True), strict=True))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"iam__GetAccountPasswordPolicy": "NoSuchEntity"}, {"password_length": 0, "password_reuse_prevented": 0}),
        (
            {"iam__GetAccountPasswordPolicy": {"PasswordPolicy": {"MinimumPasswordLength": 8}}},
            {"password_length": 8, "password_reuse_prevented": 0},
        ),
        ({"s3control__GetPublicAccessBlock": "NoSuchPublicAccessBlockConfiguration"}, {"public_data_blocked": False}),
        ({"account__GetAlternateContact": "ResourceNotFoundException"}, {"security_contact": False}),
        (
            {"iam__GetAccountSummary": {"SummaryMap": {"AccountMFAEnabled": 0, "AccountAccessKeysPresent": 1}}},
            {"root_mfa": False, "root_keys": True},
        ),
        ({"iam__GetAccountSummary": {"SummaryMap": {}}}, {"root_mfa": None, "root_keys": None}),
        ({"iam__GetAccountSummary": None}, {"root_mfa": None, "root_keys": None}),
        ({"iam__GetAccountPasswordPolicy": None}, {"password_length": None, "password_reuse_prevented": None}),
        (
            {"iam__GetAccountPasswordPolicy": {"Surprise": 1}},
            {"password_length": None, "password_reuse_prevented": None},
        ),
        ({"s3control__GetPublicAccessBlock": None}, {"public_data_blocked": None}),
        ({"account__GetAlternateContact": None}, {"security_contact": None}),
        ({"account__GetAlternateContact": {"Surprise": 1}}, {"security_contact": None}),
    ],
)
def test_each_answer_changes_only_its_own_facts(answers, expected):
    assert facts(**answers) == {**facts(), **expected}


@pytest.mark.parametrize("block", BLOCKS)
def test_one_block_that_is_off_or_unknown_is_enough(block):
    on = dict.fromkeys(BLOCKS, True)
    assert all_blocked({"PublicAccessBlockConfiguration": {**on, block: False}}) is False
    assert all_blocked({"PublicAccessBlockConfiguration": {key: on[key] for key in BLOCKS if key != block}}) is None


def test_nothing_of_the_contact_itself_may_be_kept():
    assert {"EmailAddress", "Name", "PhoneNumber", "Title"} <= set(Accounts.redacts)


MANAGEMENT = "999900001111"


@pytest.mark.parametrize(
    ("summary", "management", "features", "expected"),
    [
        (ROOTLESS, MANAGEMENT, {"EnabledFeatures": ["RootCredentialsManagement", "RootSessions"]}, True),
        (ROOTLESS, MANAGEMENT, {"EnabledFeatures": ["RootSessions"]}, False),
        (ROOTLESS, MANAGEMENT, {}, False),
        (ROOTLESS, MANAGEMENT, "ServiceAccessNotEnabledException", False),
        (ROOTLESS, MANAGEMENT, None, None),
        (ROOTLESS, ACCOUNT, {"EnabledFeatures": ["RootCredentialsManagement"]}, False),
        (ROOTLESS, None, {"EnabledFeatures": ["RootCredentialsManagement"]}, False),
        ({**ROOTLESS, "AccountPasswordPresent": 1}, MANAGEMENT, {"EnabledFeatures": ["RootCredentialsManagement"]}, False),
        ({**ROOTLESS, "AccountAccessKeysPresent": 1}, MANAGEMENT, {"EnabledFeatures": ["RootCredentialsManagement"]}, False),
        ({**ROOTLESS, "AccountPasswordPresent": None}, MANAGEMENT, {"EnabledFeatures": ["RootCredentialsManagement"]}, False),
        ({**ROOTLESS, "AccountMFAEnabled": 1}, MANAGEMENT, {"EnabledFeatures": []}, True),
    ],
)  # fmt: skip
def test_a_root_user_that_cannot_sign_in_needs_no_second_factor(summary, management, features, expected):
    told = Told(
        {
            **SOUND,
            "iam.GetAccountSummary": {"SummaryMap": summary},
            f"{MANAGEMENT}/iam.ListOrganizationsFeatures": features,
        }
    )
    told.management_account = management
    assert Accounts.describe(told, {"AccountId": ACCOUNT}).root_mfa is expected
