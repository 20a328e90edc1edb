import msgspec
import pytest

from collectors.aws.filters import Filters
from tests.fakes.told import ACCOUNT, REGION, Told

ARN = f"arn:aws:wafv2:{REGION}:{ACCOUNT}:regional/webacl/edge/a1b2"
ITEM = {"ARN": ARN, "Scope": "REGIONAL"}
GROUP = {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}


def taken(version=None, action="None", **more):
    """A rule that takes a managed rule group."""
    group = {**GROUP, **({"Version": version} if version else {})}
    return {"Name": "common", "Statement": {"ManagedRuleGroupStatement": group}, "OverrideAction": {action: {}}, **more}


def own(action):
    return {"Name": "ours", "Statement": {"GeoMatchStatement": {"CountryCodes": ["AQ"]}}, "Action": {action: {}}}


def acl(*rules, default="Allow", **more):
    return {
        "WebACL": {
            "Name": "edge",
            "Id": "a1b2",
            "ARN": ARN,
            "DefaultAction": {default: {}},
            "Rules": list(rules),
            **more,
        }
    }


def from_above(version, action):
    return {
        "FirewallManagerStatement": {"ManagedRuleGroupStatement": {**GROUP, "Version": version}},
        "OverrideAction": {action: {}},
    }


SOUND = {
    "wafv2.GetWebACL": acl(taken("Version_2.1")),
    "wafv2.ListAvailableManagedRuleGroupVersions": {"Versions": [], "CurrentDefaultVersion": "Version_2.1"},
    "wafv2.ListLoggingConfigurations": {"LoggingConfigurations": [{"ResourceArn": ARN}]},
    "resourcegroupstaggingapi.GetResources": {
        "ResourceTagMappingList": [{"ResourceARN": ARN, "Tags": [{"Key": "team", "Value": "web"}]}]
    },
}
FACTS = ("blocking", "managed_rules", "logged", "tags")
OF_SOUND = {"blocking": True, "managed_rules": "current", "logged": True, "tags": {"team": "web"}}


def facts(**answers):
    found = Filters.describe(Told({**SOUND, **{name.replace("__", "."): one for name, one in answers.items()}}), ITEM)
    assert (found.id, found.name, found.kind) == (ARN, "edge", "web application firewall")
    return {fact: getattr(found, fact) for fact in FACTS}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ((taken(),), {}),
        ((taken("Version_2.0"),), {"managed_rules": "outdated"}),
        ((taken("Version_1.10"),), {"managed_rules": "outdated"}),
        ((taken("Version_2.10"),), {}),
        ((taken("Version_3.0"),), {}),
        ((taken("newest"),), {"managed_rules": None}),
        (
            ({"Statement": {"ManagedRuleGroupStatement": {**GROUP, "Version": 2}}, "OverrideAction": {"None": {}}},),
            {"managed_rules": None},
        ),
        (({"Statement": {"ManagedRuleGroupStatement": {}}, "OverrideAction": {"None": {}}},), {"managed_rules": None}),
        ((taken(), taken("newest"), taken("Version_1.0")), {"managed_rules": "outdated"}),
        ((taken(action="Count"),), {"blocking": False}),
        ((taken(action="Count"), own("Block")), {}),
        ((own("Block"),), {"managed_rules": "none"}),
        ((own("Challenge"),), {"managed_rules": "none"}),
        ((own("Count"), own("Allow")), {"managed_rules": "none", "blocking": False}),
        ((), {"managed_rules": "none", "blocking": False}),
    ],
)
def test_rules_tell_what_is_turned_away_and_how_old_they_are(rules, expected):
    assert facts(wafv2__GetWebACL=acl(*rules)) == {**OF_SOUND, **expected}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"wafv2__GetWebACL": acl(default="Block")}, {"managed_rules": "none"}),
        ({"wafv2__GetWebACL": acl(PreProcessFirewallManagerRuleGroups=[from_above("Version_1.0", "None")])}, {"managed_rules": "outdated"}),
        ({"wafv2__GetWebACL": acl(PostProcessFirewallManagerRuleGroups=[from_above("Version_2.1", "Count")])}, {"blocking": False}),
        ({"wafv2__GetWebACL": None}, {"managed_rules": None, "blocking": None}),
        ({"wafv2__GetWebACL": {"WebACL": {"Name": "edge"}}}, {"managed_rules": None, "blocking": None}),
        ({"wafv2__GetWebACL": {"WebACL": {"Rules": [own("Block")]}}}, {"managed_rules": "none", "blocking": None}),
        ({"wafv2__ListAvailableManagedRuleGroupVersions": None}, {"managed_rules": None}),
        ({"wafv2__ListAvailableManagedRuleGroupVersions": {"Versions": []}}, {"managed_rules": None}),
        ({"wafv2__ListLoggingConfigurations": {"LoggingConfigurations": []}}, {"logged": False}),
        ({"wafv2__ListLoggingConfigurations": {}}, {"logged": None}),
        ({"wafv2__ListLoggingConfigurations": None}, {"logged": None}),
        ({"resourcegroupstaggingapi__GetResources": {"ResourceTagMappingList": []}}, {"tags": {}}),
    ],
)  # fmt: skip
def test_each_answer_changes_only_its_own_facts(answers, expected):
    assert facts(**answers) == {**OF_SOUND, **expected}


def by_owner(owner):
    """Logs that somebody else than the account has switched on."""
    return lambda given: {"LoggingConfigurations": [{"ResourceArn": ARN}] if given["LogScope"] == owner else []}


@pytest.mark.parametrize("owner", ["CUSTOMER", "SECURITY_LAKE", "CLOUDWATCH_TELEMETRY_RULE_MANAGED"])
def test_a_log_counts_whoever_switched_it_on(owner):
    assert facts(wafv2__ListLoggingConfigurations=by_owner(owner))["logged"] is True


def test_a_refused_listing_of_others_logs_leaves_open_whether_it_is_logged():
    def answer(given):
        return {"LoggingConfigurations": []} if given["LogScope"] == "CUSTOMER" else None

    assert facts(wafv2__ListLoggingConfigurations=answer)["logged"] is None


@pytest.mark.parametrize(("region", "scopes"), [("eu-west-1", ["REGIONAL"]), ("us-east-1", ["REGIONAL", "CLOUDFRONT"])])
def test_firewalls_of_the_edge_are_listed_in_their_one_region(region, scopes):
    asked = []

    def answer(given):
        asked.append(given["Scope"])
        return {"WebACLs": [{"ARN": f"{ARN}-{given['Scope']}"}]}

    found = list(Filters.list(Told({"wafv2.ListWebACLs": answer}, region=region)))
    assert asked == scopes
    assert found == [{"ARN": f"{ARN}-{scope}", "Scope": scope} for scope in scopes]


def test_a_secret_that_a_rule_compares_with_is_not_kept():
    assert {"SearchString", "RegexString"} <= set(msgspec.json.decode(msgspec.json.encode(Filters.redacts)))
