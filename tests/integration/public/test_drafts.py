"""What was typed and not ordered comes back to the browser it was typed in."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from emergency.actions import drafts as actions
from emergency.actions.erasing import purge
from emergency.models import AddedFile, Draft, DraftFile, Report
from emergency.rules.limits import DRAFTS_FROM_AN_ADDRESS
from tests.integration.public.pages import REPORT, check, order, read, text_of

LOG = b"02:11:03 upstream timed out\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


@pytest.fixture
def customer() -> Client:
    return Client(headers={"accept-language": "en"})


def _file(name: str = "error.log", content: bytes = LOG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def _form_with(customer: Client, *files: SimpleUploadedFile, **changes: str):
    values = read(customer.get("/")).values() | REPORT | changes
    sent = {name: value for name, value in values.items() if value}
    return customer.post("/", {**sent, "attachments": list(files)})


def test_a_form_that_was_left_comes_back_as_it_was(customer: Client) -> None:
    check(customer, callback_number="")
    page = customer.get("/")
    assert read(page).values().items() >= (REPORT | {"callback_number": ""}).items()
    assert "and did not order." in text_of(page)


def test_so_does_one_that_was_left_on_the_check_page(customer: Client) -> None:
    check(customer)
    assert read(customer.get("/")).values().items() >= REPORT.items()


def test_another_browser_is_shown_nothing_of_it(customer: Client) -> None:
    check(customer)
    page = read(Client().get("/"))
    assert page.values()["problem_description"] == ""
    stolen = Client()
    stolen.cookies["draft"] = "guessed"
    assert read(stolen.get("/")).values()["problem_description"] == ""


def test_the_cookie_is_random_and_kept_from_scripts(customer: Client) -> None:
    check(customer)
    cookie = customer.cookies["draft"]
    assert len(cookie.value) > 40
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie.value not in Draft.objects.get().cookie_hash


def test_after_the_order_nothing_comes_back(customer: Client) -> None:
    assert order(customer, check(customer)).status_code == 303
    assert not Draft.objects.exists()
    assert read(customer.get("/")).values()["problem_description"] == ""


def test_a_form_that_came_back_goes_on_as_the_same_draft(customer: Client) -> None:
    check(customer, callback_number="")
    checked = check(customer)
    assert Draft.objects.count() == 1
    ordered = order(customer, checked)
    assert customer.get(ordered.headers["Location"]).status_code == 200
    assert not Draft.objects.exists()


def test_whoever_wants_an_empty_form_gets_one(customer: Client) -> None:
    _form_with(customer, _file())
    assert customer.post("/discard/").status_code == 302
    assert not Draft.objects.exists()
    assert not DraftFile.objects.exists()
    assert read(customer.get("/")).values()["problem_description"] == ""


def test_a_draft_is_offered_for_a_day_and_kept_no_longer_than_said(
    customer: Client, settings, monkeypatch
) -> None:
    now = timezone.now()
    _form_with(customer, _file())
    for hours, offered in ((23, True), (25, False)):
        later = now + timedelta(hours=hours)
        monkeypatch.setattr("django.utils.timezone.now", lambda at=later: at)
        shown = read(customer.get("/")).values()["problem_description"]
        assert bool(shown) is offered
    period = timedelta(days=settings.RETENTION_SHORT_DAYS)
    purge(now=now + period - timedelta(hours=1))
    assert Draft.objects.exists()
    purge(now=now + period + timedelta(hours=1))
    assert not Draft.objects.exists()
    assert not DraftFile.objects.exists()


def test_files_of_the_form_come_with_the_order(customer: Client) -> None:
    checked = _form_with(customer, _file(), _file("shot.png", PNG))
    assert "error.log" in text_of(checked)
    ordered = order(customer, checked)
    files = AddedFile.objects.order_by("pk").values_list("name", "content_type")
    assert list(files) == [("error.log", "text/plain"), ("shot.png", "image/png")]
    assert bytes(AddedFile.objects.earliest("pk").content) == LOG
    assert "error.log" in text_of(customer.get(ordered.headers["Location"]))


def test_files_survive_the_errors_of_other_fields_and_the_way_back(
    customer: Client,
) -> None:
    page = _form_with(customer, _file(), callback_number="12")
    assert "Leave out <bdi>error.log</bdi>" in text_of(page)
    again = read(page).values() | {"callback_number": REPORT["callback_number"]}
    checked = customer.post("/", again)
    back = customer.post("/", read(checked).values() | {"change": "attachments"})
    assert "Leave out <bdi>error.log</bdi>" in text_of(back)
    order(customer, checked)
    assert AddedFile.objects.get().name == "error.log"


def test_a_file_that_is_ticked_is_left_out(customer: Client) -> None:
    page = _form_with(customer, _file(), _file("shot.png", PNG), callback_number="12")
    wrong = DraftFile.objects.get(name="error.log")
    again = read(page).values() | {"callback_number": REPORT["callback_number"]}
    order(customer, customer.post("/", {**again, "remove_file": str(wrong.pk)}))
    assert AddedFile.objects.get().name == "shot.png"


def test_nobody_leaves_out_files_of_others(customer: Client) -> None:
    _form_with(customer, _file())
    theirs = str(DraftFile.objects.get().pk)
    check(Client(), remove_file=theirs)
    assert DraftFile.objects.exists()


def test_a_file_of_a_wrong_kind_is_an_error_beside_the_field_and_the_rest_is_kept(
    customer: Client,
) -> None:
    page = _form_with(customer, _file(), _file("a.exe", b"MZ\x00\x01"))
    text = text_of(page)
    assert "a.exe: We take pictures" in text
    assert "Leave out <bdi>error.log</bdi>" in text
    assert read(page).values()["problem_description"] == REPORT["problem_description"]
    # Choosing nothing more is enough to go on.
    checked = customer.post("/", read(page).values())
    assert order(customer, checked).status_code == 303
    assert AddedFile.objects.get().name == "error.log"


def test_more_files_than_fit_are_refused_one_by_one(customer: Client, settings) -> None:
    settings.ATTACHMENTS_MOST = 1
    page = _form_with(customer, _file(), _file("shot.png", PNG))
    assert "shot.png: There are 1 files already" in text_of(page)
    assert DraftFile.objects.get().name == "error.log"


def test_one_address_cannot_fill_the_house_with_files_of_no_order(
    customer: Client, settings
) -> None:
    settings.ATTACHMENTS_MEGABYTES = 1
    half = PNG + b"\x00" * (512 * 1024)
    for number in range(8):
        _form_with(Client(), _file(f"{number}.png", half + bytes([number])))
    # Each draft has room of its own; together they have no more than three reports.
    assert DraftFile.objects.count() == 5
    page = _form_with(customer, _file("late.png", half))
    assert "No more files can be taken here at the moment." in text_of(page)
    # Without the file the customer goes on.
    assert order(customer, customer.post("/", read(page).values())).status_code == 303


def test_handing_files_over_twice_changes_nothing(customer: Client) -> None:
    checked = _form_with(customer, _file())
    key = Draft.objects.get().order_key
    order(customer, checked)
    assert actions.hand_over(order_key=key, now=timezone.now()) == 0
    assert AddedFile.objects.count() == 1


def test_the_same_form_sent_after_its_order_keeps_nothing(customer: Client) -> None:
    form = read(customer.get("/")).values() | REPORT
    order(customer, customer.post("/", form))
    customer.post("/", form)
    assert not Draft.objects.exists()


def test_an_order_needs_no_draft(customer: Client, monkeypatch) -> None:
    def away(**_values: object) -> None:
        raise OperationalError("the database is away")

    for action in ("keep", "hand_over"):
        monkeypatch.setattr(actions, action, away)
    checked = _form_with(customer, _file())
    assert "Your files could not be kept." in text_of(checked)
    assert order(customer, checked).status_code == 303
    assert Report.objects.exists()


def test_a_flood_of_drafts_from_one_address_is_not_kept_and_can_be_ordered(
    customer: Client,
) -> None:
    Draft.objects.bulk_create(
        Draft(
            cookie_hash="a",
            order_key=str(number),
            network_address="127.0.0.1",
            updated_at=timezone.now(),
        )
        for number in range(DRAFTS_FROM_AN_ADDRESS.most)
    )
    checked = check(customer)
    assert Draft.objects.count() == DRAFTS_FROM_AN_ADDRESS.most
    assert order(customer, checked).status_code == 303


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "﷽" * 60_000])
def test_whatever_is_typed_can_be_kept(text: str, customer: Client) -> None:
    page = check(customer, problem_description=text, callback_number="")
    assert page.status_code == 200
    assert customer.get("/").status_code == 200


def test_a_robot_that_fills_the_hidden_field_is_not_sent_on(customer: Client) -> None:
    page = check(customer, homepage="https://spam.example")
    text = text_of(page)
    assert "Empty this field. It is there to catch robots." in text
    assert 'class="trap"' not in text
    assert 'name="checked"' not in text
    assert 'class="trap" aria-hidden="true"' in text_of(Client().get("/"))


def test_a_person_whose_browser_filled_it_empties_it_and_goes_on(
    customer: Client,
) -> None:
    page = check(customer, homepage="https://my.example")
    fixed = read(page).values() | {"homepage": ""}
    assert order(customer, customer.post("/", fixed)).status_code == 303
