"""Every shared sample, over real HTTP on loopback, with its status and headers.

`EMERGENCY_TEST_DATA` names the folder; without it the first test is skipped and says
so.
"""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from status.sources.kinds import ALIASES, KINDS
from tests.commands import run
from tests.integration.status.page_server import Answer, Page

pytestmark = pytest.mark.no_servers

SHARED = os.environ.get("EMERGENCY_TEST_DATA", "")
FOLDER = Path(SHARED) / "status"
CASES = sorted(FOLDER.glob("*/*.meta.json")) if SHARED else []


def path_of(endpoint: str) -> str:
    """The path of an endpoint as the notes write it, with a host or a remark around."""
    path = endpoint.split(" (")[0]
    if not path.startswith("/"):
        host, slash, rest = path.partition("/")
        path = f"/{rest}" if slash and "." in host else f"/{path}"
    return quote(path, safe="/?&=")


def serve(page: Page, folder: Path, meta: dict[str, Any]) -> str:
    """The sample and its companions stand at their places; the address of the first."""
    http = meta.get("http", {})
    page.answer = Answer(404, body=b"not here")
    for part in (meta, *meta.get("companions", [])):
        first = part is meta
        page.answers[path_of(part["endpoint"])] = Answer(
            http.get("status", 200) if first else 200,
            http.get("headers", {}) if first else {},
            (folder / part["file"]).read_bytes(),
        )
    return page.at(path_of(meta["endpoint"]))


def asked(page: Page, meta: dict[str, Any], url: str) -> dict[str, Any]:
    done = run(
        "check_status",
        meta["product"],
        url,
        *("--at", meta["now"], "--allow-host", page.host, "--json"),
        *("--config", json.dumps(meta.get("adapter_config", {}))),
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_the_folder_of_shared_samples_is_there() -> None:
    if not SHARED:
        pytest.skip("EMERGENCY_TEST_DATA is unset: shared status samples not read")
    assert CASES, f"no samples under {FOLDER}"


@pytest.mark.parametrize(
    "meta_path", CASES, ids=lambda p: f"{p.parent.name}-{p.name.split('.')[0]}"
)
def test_a_shared_sample_is_read_as_its_author_expects(page: Page, meta_path: Path):
    meta = json.loads(meta_path.read_text())
    found = asked(page, meta, serve(page, meta_path.parent, meta))
    assert found["result"] == meta["expect_result"], found
    assert sorted(found["active"]) == sorted(meta["expect_active"])
    assert sorted(found["due"]) == sorted(meta["expect_due_by_clock"])
    if meta["expect_upcoming"] is not None:
        assert sorted(found["upcoming"]) == sorted(meta["expect_upcoming"])
        assert found["affected"] == meta["affected_by_event"]
    named = {name for names in found["affected"].values() for name in names}
    assert named == set(meta["affected_components"])


@pytest.mark.parametrize("meta_path", CASES, ids=lambda p: f"{p.parent.name}-{p.name}")
def test_every_kind_of_sample_has_its_reader(meta_path: Path):
    product = json.loads(meta_path.read_text())["product"]
    assert ALIASES.get(product, product) in KINDS
