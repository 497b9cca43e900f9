"""What a page of the desk costs on a bad line at night: everything it loads, packed."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from emergency.models import EscalationPolicy, Schedule
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.public.pages import read
from tests.integration.public.test_weights import assets_of, packed

MOST = 30 * 1024
# So many customers at once are more than a usual night has.
INCIDENTS = 10


@pytest.fixture
def addresses(desk: Desk) -> dict[str, str]:
    """Pages with something on them."""
    incidents = [
        people.report(now=desk.clock.now, server=f"web{n:02}.example")
        for n in range(INCIDENTS)
    ]
    schedule = Schedule.objects.get(name="Emergency support")
    policy = EscalationPolicy.objects.get(is_default=True)
    return {
        "board": "/desk/",
        "incident": f"/desk/i/{incidents[0].reference}/",
        "roster": "/desk/roster/",
        "roster month": f"/desk/roster/{schedule.pk}/plan/",
        "what-if": "/desk/roster/what-if/",
        "engine": "/desk/engine/",
        "accounts": "/desk/accounts/",
        "account": "/desk/accounts/10042/",
        "policy": f"/desk/policies/{policy.pk}/",
        "operator": "/desk/operator/",
    }


def loaded(client: Client, address: str) -> bytes:
    """What the browser gets there."""
    if not address.startswith("/static/"):
        return client.get(address).content
    path = finders.find(address.removeprefix("/static/"))
    assert path, address
    return Path(path).read_bytes()


def test_no_page_of_the_desk_is_heavy_or_asks_anybody_else(
    desk: Desk, addresses, capsys
) -> None:
    client = people.signed_in(desk.eva)
    for name, address in addresses.items():
        answer = client.get(address)
        assert answer.status_code == 200, name
        page, beside = packed(answer.content), 0
        for asset in assets_of(read(answer)):
            assert not urlsplit(asset).netloc, f"{name} loads {asset}"
            beside += packed(loaded(client, asset))
        with capsys.disabled():
            print(f"\n{name}: {page} bytes and {beside} bytes beside it, packed")  # noqa: T201
        assert page + beside < MOST, name


def test_what_keeps_the_board_current_is_light(desk: Desk, addresses) -> None:
    """Every few seconds, for everybody who looks: nothing where nothing has changed."""
    client = people.signed_in(desk.eva)
    fragment = client.get("/desk/board/")
    assert packed(fragment.content) < 8 * 1024
    again = client.get("/desk/board/", headers={"if-none-match": fragment["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
