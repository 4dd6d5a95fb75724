"""What the workflows run is fixed, and only the job that publishes may speak for the project."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / ".github" / "workflows"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="there are no workflows beside these tests")


def test_every_action_is_fixed_by_its_whole_hash_and_names_its_version() -> None:
    used = [
        line.strip()
        for path in FOLDER.glob("*.yml")
        for line in path.read_text("utf-8").splitlines()
        if "uses:" in line
    ]
    assert len(used) >= 8
    assert [line for line in used if not re.fullmatch(r"- uses: [\w./-]+@[0-9a-f]{40} # v[\d.]+", line)] == []
    names = {re.split("[ @]", line)[2]: line for line in used}
    assert [line for line in used if names[re.split("[ @]", line)[2]] != line] == []


def test_one_job_alone_may_publish_and_only_for_a_tag() -> None:
    text = (FOLDER / "publish.yml").read_text(encoding="utf-8")
    build, publish = text.split("\n  publish:\n")
    assert 'tags: ["v*"]' in build
    assert "id-token" not in build
    assert "\n    permissions:\n      id-token: write\n" in publish
    assert "password" not in publish
    assert "pull_request" not in text
