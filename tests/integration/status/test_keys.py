"""A key goes with the requests to its host, from the environment, and to no other."""

from datetime import UTC, datetime

import pytest

from status.actions import polling, sources
from status.models import Source
from status.sources.preview import preview
from tests.integration.status.page_server import Answer, Page
from tests.unit.status.sample import Sample
from tests.unit.status.samples import BUSY

PATH = "/api/v1/issues"
KEY = "a-key-of-the-tests"


@pytest.fixture
def hund(page: Page) -> Page:
    (sample,) = (one for one in BUSY if one.kind == "hund")
    assert isinstance(sample, Sample)
    page.answer = Answer(404)
    page.answers[PATH] = Answer(body=sample.body)
    return page


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("host", "told"), [("127.0.0.1", True), ("a.example", False)])
def test_the_key_goes_to_its_host_alone_and_into_no_row(
    hund: Page, settings, host, told
) -> None:
    settings.STATUS_PAGE_SECRETS = {host: {"api_key": KEY}}
    now = datetime.now(UTC)
    found = preview(
        url=hund.at(PATH),
        now=now,
        zone="Europe/Vienna",
        contact="",
        allow_host=hund.host,
        secrets=settings.STATUS_PAGE_SECRETS,
    )
    assert (found.detected.kind, found.detected.url) == ("hund", hund.at(PATH))
    source = sources.add_source(
        name="Hund", url=hund.at(PATH), kind="hund", allow_host=hund.host, now=now
    )
    assert polling.refresh_source(source_id=source.pk, now=now)
    sent = [request.get("Authorization") for request in hund.requests]
    assert len(sent) > 1
    assert set(sent) == {f"Bearer {KEY}" if told else None}
    assert KEY not in str(Source.objects.values())
