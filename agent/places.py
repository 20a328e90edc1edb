"""Faults of meaning in what a programme says of places: folders beside it, buckets, keys, and none of them twice."""

import re

from agent.rules import Found, Rule
from agent.shape import dotted, shown
from agent.stores.naming import is_remote
from agent.strict import Document

KMS_KEY = re.compile(
    r"awskms:(alias/[A-Za-z0-9/_-]+|[A-Za-z0-9-]+|arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)/[A-Za-z0-9/_-]+)"
)
PAPERS = (("records", "*"), ("registers", "*"), ("suppliers", "*"), ("findings", "*", "path"))
"""Where a programme names paths or addresses of papers."""


def paths_are_built(document: Document) -> Found:
    """The store is a folder, or a bucket of a kind that is known; other paths are files or folders beside the programme."""
    for path, text in document.each(str, "store"):
        if is_address(text) and not is_remote(text):
            yield (
                path,
                f"store is {shown(text)}; write a folder, s3://bucket/prefix, gs://bucket/prefix or az://container/prefix",
            )
    places = (("approved_exceptions",), ("signing", "salt_key"), ("packs", "*"))
    for place in places:
        for path, text in document.each(str, *place):
            if is_address(text):
                yield (
                    path,
                    f"{dotted(path)} is {shown(text)}, which is not in this version; write a path beside this file",
                )
    held: tuple[tuple[str, ...], ...] = (("store",), ("publish", "*", "to"), ("signing", "key"), *places, *PAPERS)
    names = [text for place in held for _, text in document.each(str, *place)]
    for path, text in document.each(str, "signing", "salt_key"):
        if names.count(text) > 1:
            yield path, f"signing.salt_key is {shown(text)}, which is something else too; give it a file of its own"


def addresses_are_built(document: Document) -> Found:
    """What is published, and papers, lie in folders or buckets of a kind that is known; the signing key in a file or in AWS KMS."""
    for place, kind in (("publish", "*", "to"), "a folder"), *((one, "a path beside this file") for one in PAPERS):
        for path, text in document.each(str, *place):
            if is_address(text) and not is_remote(text):
                words = f"write {kind}, s3://bucket/prefix, gs://bucket/prefix or az://container/prefix"
                yield path, f"{dotted(path)} is {shown(text)}; {words}"
    for path, text in document.each(str, "signing", "key"):
        if is_address(text) and not KMS_KEY.fullmatch(text):
            yield (
                path,
                f"signing.key is {shown(text)}; write a path beside this file, or awskms: and a key's alias, id or ARN",
            )


def is_address(text: str) -> bool:
    """`s3://bucket/`, `awskms:alias/x`; not `keys/a:b.pem`."""
    scheme, colon, _ = text.partition(":")
    return bool(colon) and len(scheme) > 1 and scheme.isalnum()


RULES: tuple[Rule, ...] = (paths_are_built, addresses_are_built)
