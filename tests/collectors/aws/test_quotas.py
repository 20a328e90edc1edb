import pytest

from collectors.aws.quotas import AccountQuotas, Quotas
from collectors.collector import Unseen
from tests.fakes.told import Told


def found(collector, answers, region="eu-west-1"):
    told = Told(answers, region=region)
    return {
        one.name: (one.limit, one.used, one.id)
        for one in (collector.describe(told, item) for item in collector.list(told))
    }


REGIONAL = {
    "rds.DescribeAccountAttributes": {"AccountQuotas": [{"AccountQuotaName": "DBInstances", "Used": 39, "Max": 40}]},
    "autoscaling.DescribeAccountLimits": {"MaxNumberOfAutoScalingGroups": 500, "NumberOfAutoScalingGroups": 2},
}


def test_quotas_of_a_region():
    arn = "arn:aws:servicequotas:eu-west-1:111122223333"
    assert found(Quotas, REGIONAL) == {
        "rds: DBInstances": (40, 39, f"{arn}:rds/DBInstances"),
        "autoscaling: NumberOfAutoScalingGroups": (500, 2, f"{arn}:autoscaling/NumberOfAutoScalingGroups"),
        "autoscaling: NumberOfLaunchConfigurations": (None, None, f"{arn}:autoscaling/NumberOfLaunchConfigurations"),
    }


def test_quotas_that_were_listed_stay_seen_where_others_are_refused():
    told = Told({**REGIONAL, "autoscaling.DescribeAccountLimits": None})
    listing = Quotas.list(told)
    assert next(listing)["AccountQuotaName"] == "DBInstances"
    with pytest.raises(Unseen):
        next(listing)


def test_quotas_of_an_account_are_pairs_of_its_summary():
    summary = {"Users": 7, "UsersQuota": 5000, "Groups": 2, "AttachedPoliciesPerUserQuota": 10, "MFADevices": 3}
    assert found(AccountQuotas, {"iam.GetAccountSummary": {"SummaryMap": summary}}, region="global") == {
        "iam: Users": (5000, 7, "arn:aws:servicequotas::111122223333:iam/Users")
    }


@pytest.mark.parametrize("answer", [None, {}])
def test_without_a_summary_quotas_are_unseen(answer):
    with pytest.raises(Unseen):
        list(AccountQuotas.list(Told({"iam.GetAccountSummary": answer})))
