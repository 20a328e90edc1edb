import pytest

from collectors.aws.rates import OTHERWISE, RATES, Rates


@pytest.mark.parametrize(
    ("operation", "rate"),
    [
        ("wafv2.ListResourcesForWebACL", RATES["wafv2.ListResourcesForWebACL"]),
        ("wafv2.ListWebACLs", OTHERWISE),
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
