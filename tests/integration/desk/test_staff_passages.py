"""Everything that staff are told can be worded by the operator: each kind of page, its
subject and its speech, and a call about several."""

import ast
from collections.abc import Iterator
from functools import partial

import pytest
from django.test import Client

from emergency.models import OperatorProfile, OperatorText, Page
from emergency.operator_facts import kept
from emergency.pagers.wording import KINDS, short_text, spoken, subject
from emergency.passages.directory import PASSAGES
from tests import people
from tests.contracts.sources import called, calls, modules
from tests.integration.desk.conftest import Desk
from tests.integration.desk.test_passages import _save, an_order

TELLING = ("tell", "tell_duty_manager", "tell_owner")
# How a plan has changed for a person (``rules.shift_changes``), and what becomes of
# swaps and of whoever stood in.
SHIFT_CHANGES = (
    *("gained", "lost", "moved", "swap_declined", "swap_withdrawn"),
    *("relieved", "not_needed"),
)
PARTS = ("page", "page-subject", "speech")


@pytest.fixture
def eva(desk: Desk, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    kept.forget()
    OperatorProfile.objects.create(name="Nordlicht", valid_from=people.NIGHT)
    yield people.signed_in(desk.eva)
    kept.forget()


def _codes(*of: str) -> Iterator[str]:
    """The codes with which something is told, as they stand in the code."""
    for path in modules("emergency/actions"):
        for call in calls(path):
            if called(call) not in of:
                continue
            named = [one.value for one in call.keywords if one.arg == "code"]
            for given in (*named, *call.args[1:2]):
                for one in ast.walk(given):
                    if isinstance(one, ast.Constant) and isinstance(one.value, str):
                        # One that is put together ends with its separator.
                        yield from [] if one.value.endswith("_") else [one.value]


def test_every_kind_of_page_has_words_and_every_word_its_passage() -> None:
    for purpose in Page.Purpose.values:
        assert any(name.partition(":")[0] == purpose for name in KINDS), purpose
    notices = set(_codes(*TELLING))
    assert {"dropped_out", "number_bad", "customer_cancelled"} <= notices
    notices.add("timer_stopped")  # told quietly, by a function for timers alone
    assert {f"notice:{code}" for code in notices} <= set(KINDS)
    about_shifts = {*_codes("tell_shift"), *SHIFT_CHANGES}
    assert {"reminder", "may_go_on", "swap_proposed"} <= about_shifts
    assert {f"shift:{code}" for code in about_shifts} <= set(KINDS)
    for name in KINDS:
        for part in PARTS:
            assert f"{part}-{name.replace(':', '-')}" in PASSAGES, name
    assert {"speech-digest", "speech-digest-other", "speech-digest-more"} <= set(
        PASSAGES
    )


def _words(name: str, part: str) -> OperatorText:
    """The operator's wording of one part, with all its places."""
    passage = PASSAGES[f"{part}-{name.replace(':', '-')}"]
    places = " ".join(f"{{{place}}}" for place in sorted(passage.names))
    return OperatorText(
        key=passage.key,
        language="en",
        text=f"Ours {part}. {places}",
        valid_from=people.NIGHT,
    )


def test_each_is_sent_in_the_operators_words_with_its_values(eva: Client) -> None:
    OperatorText.objects.bulk_create(
        [_words(name, part) for name in KINDS for part in PARTS]
    )
    kept.forget()
    for name in KINDS:
        purpose, _, code = name.partition(":")
        order_of = partial(
            an_order,
            code="48310",
            digit="7",
            purpose=purpose,
            values={"code": code} if code else {},
        )
        page = order_of(language="en")
        said = (short_text(page), subject(page), spoken(page)[0])
        for part, text in zip(PARTS, said, strict=True):
            assert text.startswith(f"Ours {part}."), name
            # Every place is filled.
            assert "{" not in text, name
        # German keeps the product's words.
        assert "Ours" not in short_text(order_of(language="de")), name


def test_a_call_about_several_is_read_in_the_operators_words(eva: Client) -> None:
    _save(eva, "speech-digest", en="{count}: {reference} {server} {deadline}.")
    _save(eva, "speech-digest-other", en="And {reference} {server}.")
    _save(eva, "speech-digest-more", en="{count} besides.")
    kept.forget()
    other = {"reference": "NF-AAAA-2222", "server": "db.example"}
    several = an_order(
        language="en", code="", digit="7", values={"others": [other], "more": 3}
    )
    said, request = spoken(several)
    assert said == (
        "5: 7 K 2 M 9 Q 4 X web01.example 02:41. And A A A A 2 2 2 2 db.example."
        " 3 besides."
    )
    # How it is answered stays ours.
    assert request == "Press 7 to take all of them."


def test_a_code_that_has_to_come_back_cannot_be_left_out(eva: Client) -> None:
    for key, needed in (("page-verify", "{code}"), ("page-timer", "{answer}")):
        answer = _save(eva, key, en="Please.")
        assert f"This text needs {needed}." in answer.content.decode()
