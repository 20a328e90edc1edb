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
from typing import IO, Any
from urllib.parse import parse_qs

from agent.demo.cloud import Cloud, enable_regions, may_assume
from agent.demo.corrections import prepare
from agent.demo.counting import COUNTED
from agent.demo.haste import hasten
from agent.demo.names import MANAGEMENT
from agent.demo.speech import Asked, module
from agent.demo.told import Told, at, timed
from agent.demo.wire import Answer, Connection, Kept, Memory, Request, call, environ

REQUEST_ID = re.compile(rb"(<request_?id>)[^<]*(?=<)", re.IGNORECASE)
READING = ("BatchGet", "Describe", "Get", "List", "Head")
PASSING = frozenset({"AssumeRole", "GetCallerIdentity", "GenerateCredentialReport"})
"""Operations that neither change what others answer nor have an answer worth keeping."""
QUERIES = frozenset({
    "autoscaling", "cloudformation", "cloudfront", "elasticache", "elb", "elbv2", "iam", "rds", "redshift", "s3control", "sns", "sts",
})  # fmt: skip
"""Services that spell an error in XML."""
TIMED = frozenset({
    "cloudtrail.GetTrailStatus", "ec2.DescribeSnapshots", "iam.GetAccountAuthorizationDetails", "iam.GetCredentialReport", "iam.GetUser",
    "iam.ListUsers", "rds.DescribeDBClusters", "rds.DescribeDBInstances",
})  # fmt: skip
"""Operations of moto's whose answers hold times that pass by themselves: last use, last delivery, last restorable time, last backup."""


class Server:
    """Answers requests from memory, by refusal, or through moto; obeys orders."""

    def __init__(self) -> None:
        moto = module("moto_server.werkzeug_app")
        self.cloud = Cloud(datetime.fromisoformat("2026-08-03T08:00:00+00:00"))
        hasten()
        prepare(self.cloud)
        self.application = moto.DomainDispatcherApplication(moto.create_backend_app)
        self.memory = Memory(MANAGEMENT)
        self.told = Told()
        self.denials: set[tuple[str, str, str]] = set()
        """(account, `service.Operation`, part of the request that names the resource; empty for all)."""
        self.out = False
        self.calls: Counter[str] = Counter()
        self.connections: set[Connection] = set()
        self.port = 0

    def respond(self, request: Request) -> Answer:
        """The answer to one request."""
        asked = Asked(request)
        if self.out:
            return self.dated(
                refusal(asked, 503, "ServiceUnavailable", "The service is unavailable. Please try again shortly.")
            )
        kept = self.memory.recall(asked.account, asked.key)
        if kept is not None:
            asked.service, asked.operation = kept.service, kept.operation
        self.calls[asked.name] += 1
        if self.refused(asked):
            words = f"User: arn:aws:sts::{asked.account}:assumed-role/starcadence-read is not authorized to perform: {asked.operation}"
            return self.dated(refusal(asked, 403, "AccessDenied", words))
        return self.dated(numbered(kept.answer if kept else self.answered(asked)))

    def answered(self, asked: Asked) -> Answer:
        """A new answer: as it was told, counted, or by moto. One to a reading request is kept."""
        told = self.told.answer(asked.account, asked.region, asked.name, asked.text)
        if told is not None:
            answer = asked.spoken(at(told, self.cloud.now))
        elif asked.name in COUNTED:
            answer = asked.spoken(COUNTED[asked.name](asked.account, asked.region, self.told))
        else:
            answer = self.through(asked)
        if asked.operation.startswith(READING) and asked.operation not in PASSING:
            passing = asked.name in TIMED or timed(told)
            self.memory.keep(asked.account, asked.key, Kept(asked.service, asked.operation, answer, passing))
        elif asked.operation not in PASSING:
            self.memory.written(asked.account)
        return answer

    def through(self, asked: Asked) -> Answer:
        """moto's answer; where moto breaks, the failure that AWS would admit to."""
        try:
            return call(self.application, environ(asked.request, self.port))
        except Exception:  # noqa: BLE001 - moto raises anything where it lacks an operation
            traceback.print_exc()
            return refusal(asked, 500, "InternalFailure", "The request could not be processed.")

    def refused(self, asked: Asked) -> bool:
        """Whether the account does not let its caller do this."""
        if asked.operation == "AssumeRole":
            asks = parse_qs(asked.request.body.decode())
            return not may_assume(asks["RoleArn"][0], asks.get("ExternalId", [""])[0])
        return any((asked.account, asked.name) == (a, o) and resource in asked.text for a, o, resource in self.denials)

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
        self.memory.written(MANAGEMENT)

    def do_undress(self, account: str, regions: list[str]) -> None:
        """Do away with the networks that came with an account."""
        for region in regions:
            ec2 = module("ec2.models").ec2_backends[account][region]
            for subnet in ec2.describe_subnets():
                ec2.delete_subnet(subnet.id)
            for vpc in ec2.describe_vpcs():
                ec2.delete_vpc(vpc.id)
        self.memory.written(account)

    def do_root(self, account: str, mfa: bool, keys: bool) -> None:  # noqa: FBT001 - wire fields
        """Say how an account's root user signs in."""
        self.cloud.root(account, mfa=mfa, keys=keys)
        self.memory.written(account)

    def do_used(self, account: str, user: str, at: str | None) -> None:
        """Say when a user last worked; without a time, that the user works every day."""
        if at is None:
            self.cloud.habits.add((account, user))
            self.cloud.tick(self.cloud.now)
        else:
            self.cloud.habits.discard((account, user))
            self.cloud.used(account, user, datetime.fromisoformat(at).replace(tzinfo=None))
        self.memory.written(account)

    def do_unmask(self, account: str) -> None:
        """Take away an account's policy of data protection for log groups."""
        self.cloud.unmasked.add(account)
        self.memory.written(account)

    def do_weekly(self, account: str, region: str, volumes: list[str]) -> None:
        """Say which volumes are backed up every week."""
        self.cloud.weekly[account, region] = volumes
        self.cloud.back_up()
        self.memory.written(account)

    def do_delivered(self, trail: str, at: str | None) -> None:
        """Say when a trail delivered for the last time; without a time, that it delivers."""
        if at is None:
            self.cloud.deliveries.pop(trail, None)
        else:
            self.cloud.deliveries[trail] = datetime.fromisoformat(at)
        self.memory.written(trail.split(":")[4])

    def do_tell(self, lines: list[dict[str, Any]]) -> None:
        """Say what is answered where moto has no answer; see `agent.demo.told`."""
        for line in lines:
            self.told.tell(**line)
        for account in {line["account"] for line in lines}:
            self.memory.written(account or MANAGEMENT)

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
    elif asked.service in QUERIES:
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


async def serve(server: Server, master: IO[str]) -> None:
    """Listen on a port that the system chooses, say which, and obey until standard input ends."""
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(
        lambda: Connection(server.respond, server.connections), "127.0.0.1", 0, backlog=256
    )
    server.port = listener.sockets[0].getsockname()[1]
    orders = asyncio.StreamReader(limit=1 << 20)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    say({"port": server.port}, master)
    while line := await orders.readline():
        try:
            say({"done": server.obey(json.loads(line))}, master)
        except Exception as fault:  # noqa: BLE001 - told to whoever gave the order, who raises it
            say({"fault": f"{type(fault).__name__}: {fault}"}, master)
    listener.close()


def say(words: dict[str, Any], to: IO[str]) -> None:
    """One line to whoever gives the orders."""
    to.write(json.dumps(words) + "\n")
    to.flush()


def main() -> None:
    """Serve until standard input ends."""
    master = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what moto prints is a complaint, and no answer to an order
    os.environ["TZ"] = "UTC"
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = (
        "false"  # nor the snapshots under them, which moto shows as everybody's own
    )
    time.tzset()
    module("moto_api._internal").mock_random.seed(20260901)
    asyncio.run(serve(Server(), master))
    os._exit(0)  # nothing of a simulation needs an orderly end


if __name__ == "__main__":
    main()
