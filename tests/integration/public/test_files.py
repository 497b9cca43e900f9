"""Files that customers add: taken by what they are, handed out as downloads only."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from emergency.models import AddedFile, Report, TimelineEntry
from tests import people
from tests.integration.public.pages import check, order, text_of

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\x00" * 50


@pytest.fixture
def page(customer) -> str:
    location: str = order(customer, check(customer)).headers["Location"]
    return location


def send(client, page, content=PICTURE, name="Bild schirm.png"):
    return client.post(f"{page}file/", {"file": SimpleUploadedFile(name, content)})


def test_a_file_is_kept_shown_and_handed_out_as_a_download(customer, page):
    assert send(customer, page).status_code == 303
    file = AddedFile.objects.get()
    assert (file.name, file.content_type, file.size) == (
        "Bild schirm.png",
        "image/png",
        len(PICTURE),
    )
    assert "Bild schirm.png" in text_of(customer.get(page))
    answer = customer.get(f"{page}file/{file.pk}/")
    assert answer.content == PICTURE
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert TimelineEntry.objects.filter(code="file_added").count() == 1


def test_the_same_file_twice_is_one_file(customer, page):
    send(customer, page)
    assert send(customer, page, name="noch einmal.png").status_code == 303
    assert AddedFile.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "ist leer"),
        (b"MZ\x90\x00\x03", "Bilder, PDF"),
        (b"%PDF-" + b"x" * 1024 * 1024, "größer als 1 MB"),
    ],
)
def test_what_is_not_taken_says_why_beside_the_field(
    customer, page, settings, content, words
):
    settings.ATTACHMENT_MEGABYTES = 1
    answer = send(customer, page, content)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not AddedFile.objects.exists()


def test_no_file_at_all_says_so(customer, page):
    answer = customer.post(f"{page}file/")
    assert answer.status_code == 422
    assert "Wählen Sie eine Datei." in text_of(answer)


def test_number_and_sum_are_limited(customer, page, settings):
    settings.ATTACHMENTS_MOST, settings.ATTACHMENTS_MEGABYTES = 2, 1
    big = b"%PDF-" + b"x" * (700 * 1024)
    assert send(customer, page, big).status_code == 303
    assert "größer als 1 MB" in text_of(send(customer, page, big + b"y"))
    assert send(customer, page).status_code == 303
    assert "schon 2 Dateien" in text_of(send(customer, page, b"one more"))


def test_a_file_opens_from_its_own_page_and_from_the_desk_alone(customer, page):
    send(customer, page)
    file = AddedFile.objects.get()
    other = order(customer, check(customer, server_name="other.example"))
    strange = f"{other.headers['Location']}file/{file.pk}/"
    assert customer.get(strange).status_code == 404
    assert customer.get(f"/desk/file/{file.pk}/").status_code == 302
    desk = people.signed_in(people.duty_manager())
    assert desk.get(f"/desk/file/{file.pk}/").content == PICTURE
    incident = Report.objects.order_by("pk")[0].incident
    assert "Bild schirm.png" in text_of(desk.get(f"/desk/i/{incident.reference}/"))
    assert desk.get("/desk/file/0/").status_code == 404
