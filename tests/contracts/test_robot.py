"""The simulator's robot understands every sentence of ours that asks for something.

A self-test pages a house phone; where the simulator holds it, its robot must find the
key and the code, however the sentence is worded.
"""

import ast
from collections.abc import Iterator

import pytest
from django.utils.translation import gettext, override

from emergency.simulator.robot import requested_code, requested_key
from tests.contracts.sources import called, calls, modules

pytestmark = pytest.mark.no_servers


class AnyValue(dict[str, str]):
    """A word for every name a sentence wants filled."""

    def __missing__(self, name: str) -> str:
        return "https://127.0.0.1:38211/x/12345/" if name == "url" else "something"


def sentences(naming: str) -> Iterator[str]:
    """What pagers say or write with this name in it, in both languages."""
    for path in modules("emergency/pagers"):
        for call in calls(path):
            if called(call) != "_" or not isinstance(call.args[0], ast.Constant):
                continue
            text = str(call.args[0].value)
            if f"%({naming})s" in text:
                for language in ("en", "de"):
                    with override(language):
                        yield gettext(text) % AnyValue(digit="7", code="48310")


def test_the_key_is_found_in_every_request_for_a_key() -> None:
    found = {text: requested_key(text) for text in sentences("digit")}
    assert len(found) >= 4
    assert {text for text, key in found.items() if key != "7"} == set()


def test_the_code_is_found_in_every_text_that_wants_it_back() -> None:
    found = {text: requested_code(text) for text in sentences("code")}
    assert len(found) >= 2
    assert {text for text, code in found.items() if code != "48310"} == set()


def test_sentences_of_both_languages_are_looked_at() -> None:
    spoken = " ".join(sentences("digit"))
    assert "Press 7" in spoken
    assert "Drücken Sie die 7" in spoken
