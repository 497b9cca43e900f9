"""The contact card of the paging numbers."""

from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.contact_card import LONGEST_LINE, contact_card


def test_a_card_names_each_number_once() -> None:
    card = contact_card(
        name="Gipfelnetz, Notfall; Nacht", numbers=["+43720880000", "+43720880000"]
    )
    assert card.splitlines() == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "FN:Gipfelnetz\\, Notfall\\; Nacht",
        "N:Gipfelnetz\\, Notfall\\; Nacht;;;;",
        "ORG:Gipfelnetz\\, Notfall\\; Nacht",
        "TEL;TYPE=WORK,VOICE,PREF:+43720880000",
        "END:VCARD",
    ]


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200)
    # Escaping it is shown above; here it would only blur what folding does.
    .filter(lambda name: "\\" not in name)
)
def test_no_line_is_longer_than_the_format_allows_and_nothing_is_lost(
    name: str,
) -> None:
    card = contact_card(name=name, numbers=["+431"])
    lines = card.split("\r\n")
    assert all(len(line.encode()) <= LONGEST_LINE for line in lines)
    unfolded = card.replace("\r\n ", "")
    shown = unfolded.split("FN:")[1].split("\r\n")[0]
    for written, sign in (("\\;", ";"), ("\\,", ",")):
        shown = shown.replace(written, sign)
    assert shown == name
