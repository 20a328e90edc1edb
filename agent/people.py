"""The part of a programme that says how people are reached, what work is theirs, and where cycles are published."""

# ruff: noqa: RUF012 -- msgspec copies an empty default for each value

from typing import Annotated, Literal

from msgspec import Meta

from agent.scalars import Listen, Place, Strict, Text, Variable


class Owner(Strict, frozen=True, kw_only=True):
    """Where an owner is reached."""

    email: (
        Annotated[str, Meta(pattern=r"^[^@\s]+@[^@\s]+$", description="An address, e.g. storage@cloud.example.")] | None
    ) = None
    """For people; never printed in a public report."""
    webhook: Text | None = None
    """Name of a route for messages, one of `routes`."""
    accounts: tuple[Place, ...] = ()
    """Work in these accounts is this owner's."""
    tags: dict[str, str] = {}
    """Work on what carries all of these tags is this owner's."""
    specifications: tuple[Text, ...] = ()
    """Work on these specifications is this owner's, whatever the account: `CCM:4.1:IAM-13`, or `CCM:4.1:LOG-*`."""


class Route(Strict, frozen=True, kw_only=True):
    """Where digests of work are sent."""

    kind: Literal["webhook", "chat"] = "webhook"
    """A signed CloudEvent for a program, or a text for a chat channel (Slack, Teams, Mattermost, Google Chat)."""
    url: Text | None = None
    """Of a webhook: an https address; http only on the machine itself."""
    key_from: Variable | None = None
    """Of a webhook: the environment variable that holds the secret with which messages are signed."""
    url_from: Variable | None = None
    """Of a chat: the environment variable that holds its address, which is itself a secret."""


class Digests(Strict, frozen=True, kw_only=True):
    """When digests of work are sent without being asked for."""

    at: Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="A time of day, e.g. 07:30.")]
    """The time of day, in the cadence's time zone."""
    on: Literal["every day", "weekdays", "mondays"] = "weekdays"
    """On which days."""


class Mail(Strict, frozen=True, kw_only=True):
    """The server that digests of work are mailed by, to owners without a webhook."""

    server: Listen
    """Its name and port, e.g. smtp.cloud.example:587."""
    sender: Annotated[
        str, Meta(pattern=r"^[^@\s]+@[^@\s]+$", description="An address, e.g. starcadence@cloud.example.")
    ]
    """From whom the messages are."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """How the way there is encrypted; `none` only for this machine itself."""
    user_from: Variable | None = None
    """The environment variable that holds the name to log in with; none to log in to nothing."""
    password_from: Variable | None = None
    """The environment variable that holds the password."""


class Publication(Strict, frozen=True, kw_only=True):
    """One place where cycles are published."""

    to: Text
    """A folder, beside this file unless it begins with /; or `s3://bucket/prefix`, `gs://` or `az://`."""
    edition: Literal["public", "customer", "auditor"]
    """How much of the bundle goes there."""
