"""The desk on a telephone's home screen: manifest and icons."""

import io
import json
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from PIL import Image

from emergency.app_icon import NoIcon, icon_of
from emergency.management.demo.people import LOGO
from emergency.models import OperatorLogo, OperatorProfile
from emergency.operator_facts import kept
from tests import people
from tests.integration.desk.conftest import Desk


@pytest.fixture(autouse=True)
def _facts_of_this_test(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    kept.forget()
    yield
    kept.forget()


def an_operator(logo: bytes | None = None, name: str = "Nordlicht") -> None:
    picture = logo and OperatorLogo.objects.create(
        digest="d" * 64, content_type="image/png", content=logo
    )
    OperatorProfile.objects.create(
        valid_from=people.NIGHT, name=name, logo=picture or None
    )
    kept.forget()


def manifest(client):
    answer = client.get("/manifest.webmanifest")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert "public" in answer.headers["Cache-Control"]
    assert "Accept-Language" in answer.headers["Vary"]
    return json.loads(answer.content)


def picture(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    assert image.format == "PNG"
    return image.convert("RGB")


def test_the_manifest_bears_the_operators_name_and_opens_the_desk(desk: Desk) -> None:
    an_operator()
    found = manifest(people.stranger())
    assert found["name"] == "Nordlicht: desk"
    assert found["short_name"] == "Nordlicht"
    assert found["start_url"] == found["scope"] == found["id"] == "/desk/"
    assert found["display"] == "standalone"
    assert {i["purpose"] for i in found["icons"]} == {"any", "maskable"}
    for icon in found["icons"]:
        path = finders.find(icon["src"].removeprefix("/static/"))
        assert path, icon["src"]
        image = picture(Path(path).read_bytes())
        assert "x".join(map(str, image.size)) == icon["sizes"]


def test_the_icons_show_the_operators_picture(desk: Desk) -> None:
    an_operator(LOGO.read_bytes())
    client = people.stranger()
    for icon in manifest(client)["icons"]:
        answer = client.get(icon["src"])
        assert answer.headers["Content-Type"] == "image/png"
        assert "immutable" in answer.headers["Cache-Control"]
        image = picture(answer.content)
        size = image.width
        assert f"{size}x{image.height}" == icon["sizes"]
        # Whatever shape it is cut to: paper at the edge, the picture in the middle.
        edge = size // 10
        corners = [(0, 0), (edge, edge), (size // 2, edge), (edge, size // 2)]
        assert {image.getpixel(corner) for corner in corners} == {(255, 255, 255)}
        middle = image.crop((size // 4, size // 4, 3 * size // 4, 3 * size // 4))
        assert len(middle.getcolors(size * size) or []) > 10


def test_every_page_of_the_staff_names_the_manifest_and_both_colours(
    desk: Desk,
) -> None:
    an_operator()
    for client, path in (
        (people.stranger(), "/desk/login/"),
        (people.signed_in(desk.eva), "/desk/"),
        (people.signed_in(people.accountant()), "/billing/"),
    ):
        page = client.get(path).content.decode()
        assert '<link rel="manifest" href="/manifest.webmanifest">' in page
        for scheme in ("light", "dark"):
            assert f'media="(prefers-color-scheme: {scheme})"' in page


def test_no_icon_is_made_of_what_is_no_small_picture(desk: Desk) -> None:
    bomb = io.BytesIO()
    Image.new("1", (8000, 8000)).save(bomb, "PNG", optimize=True)
    assert len(bomb.getvalue()) < 200 * 1024
    for content in (b"\x89PNG\r\n\x1a\\nno", bomb.getvalue()):
        with pytest.raises(NoIcon):
            icon_of(content, 192)
    an_operator(b"no picture")
    client = people.stranger()
    assert client.get(f"/app-icon/{'d' * 64}/192.png").status_code == 404
    assert client.get(f"/app-icon/{'d' * 64}/64.png").status_code == 404
    assert client.get("/app-icon/unknown/192.png").status_code == 404
