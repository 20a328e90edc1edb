"""Ids of the CAIQ's questions, by specification: facts of CSA's questionnaire, none of its texts."""

import csv
import functools
import io
from collections.abc import Mapping
from pathlib import Path

from controls.ccm import Version


@functools.cache
def questions(version: Version) -> Mapping[str, str]:
    """Question id, `IAM-13.1`, -> the version-qualified specification that it asks about; in the CCM's order."""
    text = Path(__file__).with_name("questions.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["version"] == version]
    return {name: f"CCM:{version}:{row['control_id']}" for row in rows for name in row["question_ids"].split()}
