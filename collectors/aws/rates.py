"""How fast each API of each account and region is asked, and how often again.

botocore's own retry quota and adaptive limiter are per client, and ours are shared by all accounts: with them, 190 of 400 calls
fail or one account's throttling slows the others. So buckets and budgets are kept here, per account, region and API.
"""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

Api = tuple[str, str, str]
"""Account, region, `service.Operation`."""


class Rate(NamedTuple):
    """Calls per second, and how many at once after a rest."""

    per_second: float
    burst: float


GRANTED = 0.5
"""Share of what AWS grants that the table below takes."""
RATES = {
    # About half of what AWS documents or is known to grant, so that the provider's own automation keeps the rest.
    "ec2": Rate(10, 50),
    "iam": Rate(10, 20),
    "kms": Rate(100, 200),
    "organizations": Rate(5, 10),
    "account": Rate(5, 10),
    "cloudtrail": Rate(5, 10),
    "s3": Rate(100, 200),
    "sts": Rate(50, 100),
    "acm": Rate(4, 8),
    "apigateway": Rate(2, 4),
    "apigatewayv2": Rate(2, 4),
    "cloudfront": Rate(5, 10),
    # AWS documents none, and the whole organisation's queries meet in one account.
    "config.SelectAggregateResourceConfig": Rate(2, 4),
    "kinesis": Rate(2.5, 5),
    "kinesis.DescribeStreamSummary": Rate(10, 20),
    "lambda": Rate(6, 12),
    "resourcegroupstaggingapi": Rate(7, 15),
    "secretsmanager": Rate(25, 50),
    # AWS documents five a second of any one read of WAF, twenty of all of Identity Center, and none of the other two.
    "wafv2": Rate(2.5, 5),
    "wafv2.ListResourcesForWebACL": Rate(0.8, 1),
    "sso-admin": Rate(2, 4),
    "cloudformation": Rate(5, 10),
    "ram": Rate(2.5, 5),
}
"""By service, or by operation where one is granted less."""
OTHERWISE = Rate(10, 30)

ATTEMPTS = 8
"""Times that one question is put, the first included: with the pauses between, about twenty seconds."""
SILENT_ATTEMPTS = 3
"""As `ATTEMPTS`, where no answer came at all: each of these may take a whole time-out."""
BUDGET = 100.0
RETRY_COST = 5.0
"""A budget of 100 pays for 20 retries of one API; each success gives one point back."""
MANY = 10_000
"""So many APIs of accounts and regions are kept without a look at which of them rest."""
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 8.0


@dataclass(kw_only=True, slots=True)
class _Meter:
    """One API's bucket and budget."""

    tokens: float
    filled: float
    budget: float = BUDGET


class Rates:
    """Token buckets and retry budgets of a sweep. Safe to use from many threads; clock and sleep can be replaced.

    `share` of what AWS grants is taken, 0 to 1.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        seed: int | None = None,
        share: float = GRANTED,
    ) -> None:
        self._share = share / GRANTED
        self._clock = clock
        self._sleep = sleep
        self._random = random.Random(seed)  # noqa: S311 - jitter, not a secret
        self._meters: dict[Api, _Meter] = {}
        self._most = MANY
        self._lock = threading.Lock()

    def wait(self, api: Api) -> None:
        """Take a token, and wait until it is there."""
        rate = self._rate(api)
        with self._lock:
            meter, now = self._meter(api), self._clock()
            meter.tokens = min(rate.burst, meter.tokens + (now - meter.filled) * rate.per_second) - 1
            meter.filled = now
            delay = -meter.tokens / rate.per_second
        if delay > 0:
            self._sleep(delay)

    def throttled(self, api: Api) -> None:
        """The provider says that it is too fast: whatever burst is left is given up."""
        with self._lock:
            meter = self._meter(api)
            meter.tokens = min(meter.tokens, 0.0)

    def succeeded(self, api: Api) -> None:
        """An answer came: a point of the retry budget comes back."""
        with self._lock:
            meter = self._meter(api)
            meter.budget = min(BUDGET, meter.budget + 1)

    def pause(self, api: Api, attempt: int, *, silent: bool = False) -> bool:
        """Wait before attempt `attempt + 1`, longer each time and never equally long. `False`: not again, the budget is spent.

        `silent` says that no answer came.
        """
        with self._lock:
            meter = self._meter(api)
            if attempt >= (SILENT_ATTEMPTS if silent else ATTEMPTS) or meter.budget < RETRY_COST:
                return False
            meter.budget -= RETRY_COST
            delay = self._random.uniform(0.5, 1.0) * min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1))
        self._sleep(delay)
        return True

    def _meter(self, api: Api) -> _Meter:
        if api not in self._meters:
            if len(self._meters) >= self._most:
                self._forget()
            self._meters[api] = _Meter(tokens=self._rate(api).burst, filled=self._clock())
        return self._meters[api]

    def _forget(self) -> None:
        """Let go of those that are as good as new: of accounts that were looked at long ago, however many there are."""
        now = self._clock()
        self._meters = {api: meter for api, meter in self._meters.items() if not self._rested(api, meter, now)}
        self._most = max(MANY, 2 * len(self._meters))

    def _rested(self, api: Api, meter: _Meter, now: float) -> bool:
        """Its bucket is full again, and its budget whole."""
        rate = self._rate(api)
        return meter.budget >= BUDGET and meter.tokens + (now - meter.filled) * rate.per_second >= rate.burst

    def _rate(self, api: Api) -> Rate:
        rate = RATES.get(api[2]) or RATES.get(api[2].partition(".")[0], OTHERWISE)
        return Rate(rate.per_second * self._share, max(1.0, rate.burst * self._share))
