"""The operator words the customers' pages, in versions and in every language."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.safestring import mark_safe
from django.utils.translation import override

from emergency.models import (
    Circumstances,
    Incident,
    Message,
    OperatorLogo,
    OperatorProfile,
    OperatorText,
)
from emergency.operator_facts import Operator, current_operator, kept
from emergency.pagers.base import PageOrder
from emergency.pagers.wording import short_text, spoken
from emergency.passages.directory import PASSAGES, passage, passage_html
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.desk.test_operator import FACTS
from tests.integration.public.pages import check, order, text_of
from tests.people import NIGHT

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 50


@pytest.fixture
def eva(desk: Desk, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    OperatorProfile.objects.create(name="Nordlicht", valid_from=NIGHT)
    kept.forget()
    yield people.signed_in(desk.eva)
    kept.forget()


def _save(client: Client, key: str, **texts: str):
    page = client.get(f"/desk/operator/texts/{key}/")
    form = page.context["form"]
    known = {
        f"based_on_{code}": form[f"based_on_{code}"].value() or ""
        for code, _name in settings.LANGUAGES
    }
    typed = {f"text_{code}": texts.get(code, "") for code, _name in settings.LANGUAGES}
    return client.post(f"/desk/operator/texts/{key}/", {**known, **typed})


@pytest.mark.parametrize("key", PASSAGES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_passage_has_words_of_its_own_that_it_would_itself_accept(
    key: str, language: str
) -> None:
    one = PASSAGES[key]
    own = one.own_words(language)
    assert own
    assert set(re.findall(r"\{(\w+)\}", own)) == one.names >= one.needed


def test_customers_read_the_operators_words_in_their_language(eva: Client) -> None:
    saved = _save(eva, "form-lead", de="Wir helfen 100 % <b>sofort</b>.", en="We help.")
    assert saved.status_code == 302
    german = Client().get("/", headers={"accept-language": "de"}).content.decode()
    assert "Wir helfen 100 % &lt;b&gt;sofort&lt;/b&gt;." in german
    english = text_of(Client().get("/", headers={"accept-language": "en"}))
    assert "We help." in english


def test_a_language_without_words_of_the_operator_keeps_the_products(
    eva: Client,
) -> None:
    _save(eva, "form-title", de="Ausfall? Anruf in {minutes} Minuten.")
    german = text_of(Client().get("/", headers={"accept-language": "de"}))
    assert "Ausfall? Anruf in 30 Minuten." in german
    english = text_of(Client().get("/", headers={"accept-language": "en"}))
    assert "Server down? We call you within 30 minutes." in english


def test_labels_of_the_form_are_the_operators_too(eva: Client) -> None:
    _save(eva, "ask-server", de="Welche Maschine?", en="Which machine?")
    page = text_of(Client().get("/", headers={"accept-language": "en"}))
    assert "Which machine?" in page


def test_a_change_is_a_new_version_and_the_products_words_can_come_back(
    eva: Client, desk: Desk
) -> None:
    _save(eva, "form-lead", de="Eins", en="One")
    desk.clock.pass_time(minutes=1)
    _save(eva, "form-lead", de="Andere Worte", en="One")
    desk.clock.pass_time(minutes=1)
    _save(eva, "form-lead", en="One")
    written = OperatorText.objects.order_by("pk").values_list("language", "text")
    assert list(written) == [
        ("de", "Eins"),
        ("en", "One"),
        ("de", "Andere Worte"),
        ("de", ""),
    ]
    german = text_of(Client().get("/", headers={"accept-language": "de"}))
    assert PASSAGES["form-lead"].own_words("de") in german
    assert "Andere Worte" not in german
    page = text_of(eva.get("/desk/operator/texts/form-lead/"))
    assert "Andere Worte" in page


def test_a_place_that_does_not_exist_or_is_left_out_is_an_error_beside_the_text(
    eva: Client,
) -> None:
    unknown = _save(eva, "form-title", en="We call in {hours} hours, {minutes}.")
    assert "There is no place called {hours}" in text_of(unknown)
    left_out = _save(eva, "form-title", en="We call soon.")
    assert "This text needs {minutes}." in text_of(left_out)
    assert "We call soon." in text_of(left_out)
    assert not OperatorText.objects.exists()


def test_who_saves_over_a_version_they_have_not_read_is_told(eva: Client) -> None:
    _save(eva, "form-lead", en="One")
    stale = {"text_en": "Two", "text_de": "", "based_on_en": "", "based_on_de": ""}
    page = eva.post("/desk/operator/texts/form-lead/", stale)
    assert "Somebody saved another version meanwhile" in text_of(page)
    assert OperatorText.objects.count() == 1


def test_the_button_and_the_declarations_cannot_be_worded_otherwise() -> None:
    fixed = ("obligation to pay", "withdrawal period", "lose my right")
    with override("en"):
        for one in PASSAGES.values():
            assert not any(words in one.own_words("en") for words in fixed)


def test_an_unknown_text_is_not_found(eva: Client) -> None:
    assert eva.get("/desk/operator/texts/nothing/").status_code == 404


def test_the_list_shows_both_languages_and_what_is_the_operators(eva: Client) -> None:
    _save(eva, "form-lead", en="We help.")
    page = text_of(eva.get("/desk/operator/texts/"))
    assert 'We help. <span class="badge"' in page
    assert page.count('class="badge"') == 1
    assert "Server down? We call you within {minutes} minutes." in page


def test_the_order_remembers_which_texts_were_shown(eva: Client, desk: Desk) -> None:
    _save(eva, "form-lead", en="We help.")
    customer = Client()
    ordered = order(customer, check(customer))
    assert ordered.status_code == 303
    shown = Circumstances.objects.get().texts_version
    assert shown == str(OperatorText.objects.get().pk)


def test_the_texts_survive_a_database_that_is_away(eva: Client) -> None:
    _save(eva, "form-lead", de="Wir helfen.", en="We help.")
    copy = Operator.from_json(current_operator().to_json())
    assert copy == current_operator()
    assert copy.wording("form-lead", "de") == "Wir helfen."


def test_words_are_escaped_and_a_page_may_put_its_own_link_at_a_place(
    eva: Client,
) -> None:

    _save(eva, "form-danger", en="<i>\n{number}")
    with override("en"):
        html = passage_html("form-danger", number=mark_safe("<a>112</a>"))
        assert html == "&lt;i&gt;<br><a>112</a>"
        assert passage_html("form-danger", number="<a>").endswith("&lt;a&gt;")
        assert passage("form-danger", number="112") == "<i>\n112"


def test_a_logo_stands_above_every_page_and_can_be_taken_away(
    eva: Client, desk: Desk
) -> None:

    first = OperatorProfile.objects.get()
    picture = SimpleUploadedFile("logo.png", PNG)
    saved = eva.post(
        "/desk/operator/save/", {**FACTS, "based_on": first.pk, "logo_file": picture}
    )
    assert saved.status_code == 302
    digest = OperatorLogo.objects.get().digest
    page = Client().get("/").content.decode()
    assert f'<img src="/logo/{digest}/" alt="Nordlicht"' in page
    image = Client().get(f"/logo/{digest}/")
    assert (image.content, image.headers["Content-Type"]) == (PNG, "image/png")
    assert "immutable" in image.headers["Cache-Control"]
    desk.clock.pass_time(minutes=1)
    second = OperatorProfile.objects.first()
    assert second is not None
    eva.post(
        "/desk/operator/save/", {**FACTS, "based_on": second.pk, "remove_logo": "on"}
    )
    assert f"/logo/{digest}/" not in Client().get("/").content.decode()
    assert Client().get("/logo/unknown/").status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Choose a picture in PNG"),
        (PNG + b"\x00" * 300_000, "larger than 200 kB"),
    ],
)
def test_a_picture_that_no_browser_should_show_is_refused(
    content: bytes, sentence: str, eva: Client
) -> None:

    first = OperatorProfile.objects.get()
    facts = {**FACTS, "based_on": first.pk}
    page = eva.post(
        "/desk/operator/save/",
        {**facts, "logo_file": SimpleUploadedFile("logo", content)},
    )
    assert sentence in text_of(page)
    assert not OperatorLogo.objects.exists()


def test_customers_are_told_in_the_operators_words(eva: Client) -> None:
    _save(eva, "sms-received", en="{reference}: by {deadline}! {link}")
    _save(eva, "subject-received", en="{reference}:\nwe know")
    _save(eva, "mail-received", en="By {deadline}. 100 %\n\n{link}")
    customer = Client(headers={"accept-language": "en"})
    assert order(customer, check(customer)).status_code == 303
    reference = Incident.objects.get().reference
    sms = Message.objects.get(kind="sms")
    assert sms.text == f"{reference}: by 02:41! {{link}}"
    mail = Message.objects.get(kind="email")
    assert mail.subject == f"{reference}: we know"
    assert mail.text == "Good day\n\nBy 02:41. 100 %\n\n{link}\n\nNordlicht"


def test_a_message_keeps_its_link(eva: Client) -> None:
    page = _save(eva, "sms-received", en="{reference} by {deadline}")
    assert "This text needs {link}." in text_of(page)


def an_order(
    *,
    language: str,
    code: str,
    digit: str = "",
    purpose: str = "emergency",
    values: Mapping[str, Any] | None = None,
) -> PageOrder:
    """A page, about an emergency where nothing else is said, ready to be sent."""
    return PageOrder(
        token="t",
        page_id=1,
        attempt_id=1,
        kind="sms",
        route="twilio",
        address="+436641234567",
        purpose=purpose,
        reference="NF-7K2M-9Q4X",
        server="web01.example",
        deadline="02:41",
        owner="",
        digit=digit,
        code=code,
        language=language,
        desk_url="https://x.example/",
        answer_url="",
        values=values or {},
        started_at=NIGHT,
        valid_seconds=60,
    )


def test_technicians_are_paged_in_the_operators_words_and_answer_as_ever(
    eva: Client, desk: Desk
) -> None:
    wording = "{reference} ({server}) until {deadline}: {answer} {url}"
    assert _save(eva, "page-emergency", en=wording).status_code == 302
    spoken_words = "{reference}. {server} needs you before {deadline}."
    _save(eva, "speech-emergency", en=spoken_words)
    kept.forget()
    order_of = partial(an_order, language="en")
    text = short_text(order_of(code="48310"))
    assert text == (
        "NF-7K2M-9Q4X (web01.example) until 02:41: Reply 48310 to take it."
        " https://x.example/"
    )
    assert short_text(order_of(code="")) == (
        "NF-7K2M-9Q4X (web01.example) until 02:41: https://x.example/"
    )
    said, request = spoken(order_of(code="", digit="7"))
    assert said == "7 K 2 M 9 Q 4 X. web01.example needs you before 02:41."
    assert request == "Press 7 to take it."
    german = short_text(an_order(language="de", code="48310"))
    assert german.startswith("NOTFALL NF-7K2M-9Q4X")


def test_a_page_keeps_its_answer_and_its_length(eva: Client) -> None:
    no_answer = "{reference} {server} {deadline} {url}"
    assert "This text needs {answer}." in text_of(
        _save(eva, "page-emergency", en=no_answer)
    )
    own_code = "{reference} {server} {deadline} {answer} {url} {code}"
    assert "There is no place called {code}" in text_of(
        _save(eva, "page-emergency", en=own_code)
    )
    long = "{reference} {deadline} {url} " + "x" * 450
    assert _save(eva, "page-missed", en=long).status_code == 200
    assert not OperatorText.objects.exists()
