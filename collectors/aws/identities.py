"""Whose credentials each account is read with: the ambient ones, or those of our role there, assumed when needed and renewed."""

import re
import threading
from collections.abc import Callable

import botocore.session
from botocore.exceptions import BotoCoreError, ClientError

from collectors.aws.caller import Credentials
from collectors.aws.faults import fault
from collectors.aws.places import doors, partition_of
from collectors.aws.wire import Identity, NoIdentity, Reply, Wire
from collectors.gap import Reason
from collectors.notes import Failure
from collectors.sighting import Call

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_+=,.@-]")
"""What STS refuses in a role session's name: the colons of an instant, for one."""
SILENT = frozenset({Reason.UNREACHABLE, Reason.THROTTLED, Reason.FAILED})
"""Why another region may answer what this one does not."""
RENEW_AFTER = 3000.0
"""Seconds after which an assumed role's hour is not trusted any more."""


class Ambient:
    """The credentials that the agent was started with, from botocore's own chain, which renews what it can."""

    def __init__(self) -> None:
        self.account = ""
        """Empty until `GetCallerIdentity` has said it."""
        self._session = botocore.session.Session()
        self._lock = threading.Lock()

    def region(self) -> str | None:
        """The region that the environment is set to."""
        try:
            region: str | None = self._session.get_config_variable("region")
        except BotoCoreError:
            return None
        return region

    def credentials(self) -> Credentials:
        """The chain's keys at this moment. Raises `NoIdentity` when it has none."""
        try:
            with self._lock:
                found = self._session.get_credentials()
                frozen = found.get_frozen_credentials() if found else None
        except (BotoCoreError, ClientError) as error:
            raise NoIdentity(_failure("", error)) from error
        if frozen is None:
            raise NoIdentity(Failure(operation="", reason=Reason.NO_ROLE, detail="no ambient credentials"))
        return Credentials(access_key=frozen.access_key, secret_key=frozen.secret_key, token=frozen.token)

    def renew(self, stale: Credentials) -> bool:
        """Read the chain again. `False` if it still gives the same keys."""
        with self._lock:
            self._session = botocore.session.Session()
        try:
            return self.credentials() != stale
        except NoIdentity:
            return False


class Nobody:
    """An account that there is no way into: no role is configured, and it is not the ambient one."""

    def __init__(self, account: str) -> None:
        self.account = account

    def credentials(self) -> Credentials:
        """Raises `NoIdentity`."""
        raise NoIdentity(Failure(operation="", reason=Reason.NO_ROLE, detail="no role is configured"))

    def renew(self, stale: Credentials) -> bool:  # noqa: ARG002 - there is nothing to renew
        """There is no way to."""
        return False


class Assumed:
    """Our role in one account."""

    def __init__(
        self, account: str, *, wire: Wire, by: Identity, doors: tuple[str, ...], parameters: dict[str, str],
        clock: Callable[[], float],
    ) -> None:  # fmt: skip
        self.account = account
        self._wire = wire
        self._by = by
        self._doors = doors
        self._parameters = parameters
        self._clock = clock
        self._keys: Credentials | None = None
        self._since = 0.0
        self._refused: Failure | None = None
        self._calls: list[Call] = []
        self._lock = threading.Lock()

    def credentials(self) -> Credentials:
        """Keys of the role, assumed at the first call and again before they end. Raises `NoIdentity`, at once if refused before."""
        with self._lock:
            if self._refused is not None:
                raise NoIdentity(self._refused)
            if self._keys is None or self._clock() - self._since > RENEW_AFTER:
                self._keys = self._assumed()
                self._since = self._clock()
            return self._keys

    def renew(self, stale: Credentials) -> bool:
        """Let the role be assumed again, once for all threads that hold the same ended keys."""
        with self._lock:
            if self._keys == stale:
                self._keys = None
        return True

    def drained(self) -> tuple[Call, ...]:
        """Exchanges that assuming took and that nobody has accounted for yet."""
        with self._lock:
            calls, self._calls = tuple(self._calls), []
            return calls

    def _assumed(self) -> Credentials:
        reply = self._asked()
        if reply.failure is not None:
            raise NoIdentity(self._refusal(reply.failure))
        given = (reply.answer or {}).get("Credentials") or {}
        arn = str((reply.answer or {}).get("AssumedRoleUser", {}).get("Arn", ""))
        if f":{self.account}:" not in arn or not given.get("AccessKeyId"):
            raise NoIdentity(
                Failure(operation="sts.AssumeRole", reason=Reason.MALFORMED, detail="not the role that was asked for")
            )
        return Credentials(
            access_key=given["AccessKeyId"], secret_key=given.get("SecretAccessKey", ""), token=given.get("SessionToken")
        )  # fmt: skip

    def _asked(self) -> Reply:
        """The first door's answer, or where a door does not answer the next one's."""
        for door in self._doors:
            reply = self._wire.read(self._by, door, "sts.AssumeRole", self._parameters)
            self._calls += reply.calls
            if reply.failure is None or reply.failure.reason not in SILENT:
                break
        return reply

    def _refusal(self, failure: Failure) -> Failure:
        """A refusal stands for the rest of the sweep; what may pass is tried again."""
        if failure.reason not in {Reason.DENIED, Reason.WITHHELD, Reason.NO_ROLE}:
            return failure
        self._refused = Failure(operation="sts.AssumeRole", reason=Reason.NO_ROLE, detail=failure.detail)
        return self._refused


class Identities:
    """One identity per account, made when first needed; the same for all threads."""

    def __init__(
        self, wire: Wire, ambient: Ambient, *, role: str | None, external_id: str | None, session_name: str, clock: Callable[[], float]
    ) -> None:  # fmt: skip
        self.ambient = ambient
        self.partition = partition_of(ambient.region() or "")
        self._wire = wire
        self._role = role
        self._external_id = external_id
        self._session_name = _NOT_IN_NAMES.sub("-", session_name)[:64]
        self._clock = clock
        self._known: dict[str, Identity] = {}
        self._lock = threading.Lock()

    def doors(self) -> tuple[str, ...]:
        """Regions to ask what any of them knows, best first."""
        return doors(self.partition, self.ambient.region())

    def of(self, account: str) -> Identity:
        """Who reads the account: our role there, or for the ambient account without that role the ambient credentials."""
        with self._lock:
            if account not in self._known:
                self._known[account] = self._found(account)
            return self._known[account]

    def drained(self, account: str) -> tuple[Call, ...]:
        """Exchanges that becoming that identity took, once."""
        identity = self._known.get(account)
        return identity.drained() if isinstance(identity, Assumed) else ()

    def _found(self, account: str) -> Identity:
        ambient = account == self.ambient.account
        if self._role is None:
            return self.ambient if ambient else Nobody(account)
        parameters = {
            "RoleArn": f"arn:{self.partition}:iam::{account}:role/{self._role}",
            "RoleSessionName": self._session_name,
            **({"ExternalId": self._external_id} if self._external_id else {}),
        }
        role = Assumed(
            account, wire=self._wire, by=self.ambient, doors=self.doors(), parameters=parameters, clock=self._clock
        )  # fmt: skip
        return self.ambient if ambient and _refused(role) else role


def _refused(role: Assumed) -> bool:
    try:
        role.credentials()
    except NoIdentity as nobody:
        return nobody.failure.reason is Reason.NO_ROLE
    return False


def _failure(operation: str, error: Exception) -> Failure:
    found = fault(error)
    reason, detail = (found.reason, found.detail) if found else (Reason.NO_ROLE, type(error).__name__)
    return Failure(operation=operation, reason=reason, detail=detail)
