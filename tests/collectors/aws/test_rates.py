import pytest

from collectors.aws.rates import OTHERWISE, RATES, Rates


@pytest.mark.parametrize(
    ("operation", "rate"),
    [
        ("wafv2.ListResourcesForWebACL", RATES["wafv2.ListResourcesForWebACL"]),
        ("wafv2.ListWebACLs", RATES["wafv2"]),
        ("backup.ListBackupVaults", OTHERWISE),
        ("lambda.GetPolicy", RATES["lambda"]),
    ],
)
def test_an_operation_is_asked_at_its_own_rate_or_its_services(time, operation, rate):
    rates = Rates(clock=time.clock, sleep=time.sleep)
    for _ in range(int(rate.burst) + 4):
        rates.wait(("111122223333", "eu-west-1", operation))
    assert sum(time.slept) == pytest.approx(4 / rate.per_second)


@pytest.mark.parametrize(("share", "times"), [(0.5, 1.0), (0.25, 0.5), (0.8, 1.6)])
def test_a_share_is_taken_of_every_rate(time, share, times):
    rates, rate = Rates(clock=time.clock, sleep=time.sleep, share=share), RATES["lambda"]
    for _ in range(int(rate.burst * times) + 4):
        rates.wait(("111122223333", "eu-west-1", "lambda.GetPolicy"))
    assert sum(time.slept) == pytest.approx((4 - rate.burst * times % 1) / (rate.per_second * times))


def test_what_rests_is_forgotten_and_what_does_not_is_kept(time, monkeypatch):
    monkeypatch.setattr("collectors.aws.rates.MANY", 10)
    rates, spent = Rates(clock=time.clock, sleep=time.sleep), ("0", "eu-west-1", "lambda.GetPolicy")
    for attempt in range(1, 4):
        rates.pause(spent, attempt)
    busy = [("1", "eu-west-1", f"rds.Describe{number}") for number in range(9)]
    for api in busy:
        rates.wait(api)
    assert len(rates._meters) == 10
    rates.wait(("2", "eu-west-1", "rds.DescribeDBInstances"))  # nobody has rested yet: all stay
    assert len(rates._meters) == 11
    time.now += 60
    for number in range(12):
        rates.wait(("3", "eu-west-1", f"rds.Describe{number}"))
    assert {account for account, _, _ in rates._meters} == {"0", "3"}
    assert rates._meters[spent].budget < 100
