"""The simulated cloud's process: `python -m agent.demo.server`.

Prints one JSON line with its port, then answers AWS requests on 127.0.0.1 and orders on standard input: one JSON object per
line, `{"do": name, ...}`, answered by one JSON line. It ends when standard input does, so it never outlives who started it.
"""

import asyncio
import json
import os
import re
import sys
import time
import traceback
import uuid
from collections import Counter
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, unquote_plus

from agent.demo.cloud import Cloud, enable_regions, may_assume, module, prepare
from agent.demo.wire import Answer, Connection, Memory, Request, call, environ

CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
REQUEST_ID = re.compile(rb"(<request_?id>)[^<]*(?=<)", re.IGNORECASE)
READING = ("Describe", "Get", "List", "Head")
PASSING = frozenset({"AssumeRole", "GetCallerIdentity", "GenerateCredentialReport"})
"""Operations that neither change what others answer nor have an answer worth keeping."""
TIMED = frozenset({"iam", "cloudtrail", "rds"})
"""Services whose answers hold times that pass by themselves: last use, last delivery, last restorable time."""
REST = frozenset({"s3", "s3control", "account"})


class Asked:
    """What a request asks, of which account, in which region."""

    def __init__(self, request: Request, port: int) -> None:
        scope = CREDENTIAL.search(request.headers.get("authorization", ""))
        self.access_key, self.region, signed = scope.groups() if scope else ("", "us-east-1", "s3")
        self.service = "s3control" if signed == "s3" and request.target.startswith("/v20180820") else signed
        self.account: str = module("iam.models").get_account_id_from(self.access_key)
        self.text = unquote_plus(f"{request.target} {request.body.decode('latin-1')}")
        self.operation = self.name(request, port)
        target = request.headers.get("x-amz-target", "")
        self.key = (self.account, self.region, request.method, request.target, target, request.body.decode("latin-1"))

    def name(self, request: Request, port: int) -> str:
        """The operation's name: AWS's protocols say it in a header, in the body, or by method and path."""
        if target := request.headers.get("x-amz-target"):
            return target.rsplit(".", 1)[-1]
        if self.service not in REST:
            return parse_qs(request.body.decode("latin-1")).get("Action", ["Unknown"])[0]
        router = module("core.routing").get_service_router(self.service)
        try:
            operation, _ = router.match(module("moto_server.werkzeug_app").BackendRequest(environ(request, port)))
        except Exception:  # noqa: BLE001 - moto's router raises what werkzeug raises; an unknown request is moto's to answer
            return "Unknown"
        return str(operation.name)


class Server:
    """Answers requests from memory, by refusal, or through moto; obeys orders."""

    def __init__(self) -> None:
        moto = module("moto_server.werkzeug_app")
        self.cloud = Cloud(datetime.fromisoformat("2026-08-03T08:00:00+00:00"))
        prepare(self.cloud)
        self.application = moto.DomainDispatcherApplication(moto.create_backend_app)
        self.memory = Memory(TIMED)
        self.denials: set[tuple[str, str, str]] = set()
        """(account, `service.Operation`, part of the request that names the resource; empty for all)."""
        self.out = False
        self.calls: Counter[str] = Counter()
        self.connections: set[Connection] = set()
        self.port = 0

    def respond(self, request: Request) -> Answer:
        """The answer to one request."""
        asked = Asked(request, self.port)
        if self.out:
            return self.dated(
                refusal(asked, 503, "ServiceUnavailable", "The service is unavailable. Please try again shortly.")
            )
        self.calls[f"{asked.service}.{asked.operation}"] += 1
        if self.refused(asked):
            words = f"User: arn:aws:sts::{asked.account}:assumed-role/starcadence-read is not authorized to perform: {asked.operation}"
            return self.dated(refusal(asked, 403, "AccessDenied", words))
        reading = asked.operation.startswith(READING) and asked.operation not in PASSING
        if reading and (kept := self.memory.recall(asked.service, asked.key)):
            return self.dated(numbered(kept))
        answer = self.through(request, asked)
        if reading:
            self.memory.keep(asked.service, asked.key, answer)
        elif asked.operation not in PASSING:
            self.memory.written()
        return self.dated(numbered(answer))

    def through(self, request: Request, asked: Asked) -> Answer:
        """moto's answer; where moto breaks, the failure that AWS would admit to."""
        try:
            return call(self.application, environ(request, self.port))
        except Exception:  # noqa: BLE001 - moto raises anything where it lacks an operation
            traceback.print_exc()
            return refusal(asked, 500, "InternalFailure", "The request could not be processed.")

    def refused(self, asked: Asked) -> bool:
        """Whether the account does not let its caller do this."""
        if asked.operation == "AssumeRole":
            asks = parse_qs(asked.key[-1])
            return not may_assume(asks["RoleArn"][0], asks.get("ExternalId", [""])[0])
        operation = f"{asked.service}.{asked.operation}"
        return any((asked.account, operation) == (a, o) and resource in asked.text for a, o, resource in self.denials)

    def dated(self, answer: Answer) -> Answer:
        """The answer with the story's date."""
        return answer._replace(headers=[*answer.headers, ("date", format_datetime(self.cloud.now, usegmt=True))])

    def obey(self, order: dict[str, Any]) -> Any:
        """Carry out one order; its answer is `None` or JSON."""
        return getattr(self, f"do_{order.pop('do')}")(**order)

    def do_clock(self, now: str) -> None:
        """Set the clock."""
        self.cloud.tick(datetime.fromisoformat(now))
        self.memory.ticked()

    def do_outage(self, on: bool) -> None:  # noqa: FBT001 - a wire field
        """Begin or end an outage: every request gets 503."""
        self.out = on

    def do_deny(self, account: str, operation: str, resource: str) -> None:
        """Refuse an operation on a resource from now on."""
        self.denials.add((account, operation, resource))

    def do_allow(self, account: str, operation: str, resource: str) -> None:
        """End a refusal."""
        self.denials.discard((account, operation, resource))

    def do_organization(self, accounts: list[str], regions: list[str]) -> None:
        """Say which ids the next accounts get, and which regions are enabled."""
        self.cloud.accounts.extend(accounts)
        enable_regions(tuple(regions))
        self.memory.written()

    def do_root(self, account: str, mfa: bool, keys: bool) -> None:  # noqa: FBT001 - wire fields
        """Say how an account's root user signs in."""
        self.cloud.root(account, mfa=mfa, keys=keys)
        self.memory.written()

    def do_used(self, account: str, user: str, at: str | None) -> None:
        """Say when a user last worked; without a time, that the user works every day."""
        if at is None:
            self.cloud.habits.add((account, user))
            self.cloud.tick(self.cloud.now)
        else:
            self.cloud.habits.discard((account, user))
            self.cloud.used(account, user, datetime.fromisoformat(at).replace(tzinfo=None))
        self.memory.written()

    def do_delivered(self, trail: str, at: str | None) -> None:
        """Say when a trail delivered for the last time; without a time, that it delivers."""
        if at is None:
            self.cloud.deliveries.pop(trail, None)
        else:
            self.cloud.deliveries[trail] = datetime.fromisoformat(at)
        self.memory.written()

    def do_calls(self) -> dict[str, int]:
        """How often each operation was called since the last time of asking."""
        calls, self.calls = dict(self.calls), Counter()
        return calls


def refusal(asked: Asked, status: int, code: str, words: str) -> Answer:
    """How AWS refuses, in the protocol of the service; the protocols spell a denial each in its own way."""
    number = str(uuid.uuid4())
    if asked.service == "ec2":
        code = "UnauthorizedOperation" if code == "AccessDenied" else code
        error = f"<Errors><Error><Code>{code}</Code><Message>{words}</Message></Error></Errors>"
        body = f"<Response>{error}<RequestID>{number}</RequestID></Response>"
    elif asked.service == "s3":
        body = f"<Error><Code>{code}</Code><Message>{words}</Message><RequestId>{number}</RequestId></Error>"
    elif asked.service in {"iam", "sts", "rds", "s3control"}:
        error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{words}</Message></Error>"
        body = f"<ErrorResponse>{error}<RequestId>{number}</RequestId></ErrorResponse>"
    else:
        status, code = (400, "AccessDeniedException") if code == "AccessDenied" else (status, code)
        body = json.dumps({"__type": code, "message": words})
        headers = [
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amzn-errortype", code),
            ("x-amzn-requestid", number),
        ]
        return Answer(status, headers, body.encode())
    return Answer(status, [("content-type", "text/xml"), ("x-amzn-requestid", number)], body.encode())


def numbered(answer: Answer) -> Answer:
    """moto's answer, fresh or remembered, under a request id of its own, in the header and where XML repeats it."""
    number = str(uuid.uuid4())
    headers = [
        (name, value) for name, value in answer.headers if name.lower() not in {"x-amzn-requestid", "x-amz-request-id"}
    ]
    body = REQUEST_ID.sub(rb"\g<1>" + number.encode(), answer.body, count=1)
    return Answer(answer.status, [*headers, ("x-amzn-requestid", number)], body)


async def serve(server: Server) -> None:
    """Listen on a port that the system chooses, say which, and obey until standard input ends."""
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(
        lambda: Connection(server.respond, server.connections), "127.0.0.1", 0, backlog=256
    )
    server.port = listener.sockets[0].getsockname()[1]
    orders = asyncio.StreamReader(limit=1 << 20)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    say({"port": server.port})
    while line := await orders.readline():
        try:
            say({"done": server.obey(json.loads(line))})
        except Exception as fault:  # noqa: BLE001 - told to whoever gave the order, who raises it
            say({"fault": f"{type(fault).__name__}: {fault}"})
    listener.close()


def say(words: dict[str, Any]) -> None:
    """One line on standard output."""
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Serve until standard input ends."""
    os.environ["TZ"] = "UTC"
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = (
        "false"  # nor the snapshots under them, which moto shows as everybody's own
    )
    time.tzset()
    module("moto_api._internal").mock_random.seed(20260901)
    asyncio.run(serve(Server()))
    os._exit(0)  # nothing of a simulation needs an orderly end


if __name__ == "__main__":
    main()
