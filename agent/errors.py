"""Failures of the operator: each with an exit status, and a message that holds its remedy. The world's failures are gaps."""

from typing import ClassVar


class AgentError(Exception):
    """Something the operator can mend. Its message says what, where and how; it becomes one line on stderr, no traceback."""

    status: ClassVar[int] = 1


class UsageError(AgentError):
    """A command, file or programme that cannot be used as it stands."""

    status: ClassVar[int] = 2


class ProgrammeError(UsageError):
    """A programme file with faults; `faults` holds all of them, each `file:line: what; remedy`."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Incomplete(AgentError):
    """Nothing could be read, or something due was not done."""

    status: ClassVar[int] = 3


class VerificationError(AgentError):
    """A bundle, envelope, key or journal that does not verify."""

    status: ClassVar[int] = 5


class StoreError(AgentError):
    """The store cannot be used, or holds something that it must not hold."""

    status: ClassVar[int] = 1
