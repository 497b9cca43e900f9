"""A row of a list of accounts is taken as it is meant, or refused with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.account_rows import COLUMNS, RawRow, Reading, Record, read_row

ACCOUNT = {"record": "account", "account": "10042", "name": "Muster Handel GmbH"}
SERVER = {"record": "server", "account": "10042", "name": "web01.example"}
CONTACT = {
    "record": "contact",
    "account": "10042",
    "name": "Pat Muster",
    "email": "pat@example.com",
}


def read(row: dict[str, str], **more: str) -> Reading:
    return read_row(RawRow(place="7", fields={**row, **more}), region="AT")


def codes(reading: Reading) -> list[tuple[str, str]]:
    assert reading.row is None
    return [(problem.code, problem.column) for problem in reading.problems]


def test_an_account_is_read_and_what_is_not_there_is_left_alone() -> None:
    row = read(ACCOUNT, external_id=" crm 7 ", kind="Business", standing="").row
    assert row is not None
    assert (row.record, row.account, row.external_id) == ("account", "10042", "crm 7")
    assert row.values == {"name": "Muster Handel GmbH", "kind": "business"}


def test_a_server_has_its_aliases_in_the_form_in_which_they_are_compared() -> None:
    row = read(
        SERVER,
        name="web01.example.",
        address="2001:DB8:0::7",
        aliases="https://Shop.example/cart; S-1001;192.0.2.7 ; service:X.1",
        components="Cloud Wien; Netz",
        contract="V-9",
    ).row
    assert row is not None
    assert row.values == {
        "name": "web01.example",
        "address": "2001:db8::7",
        "contract_reference": "V-9",
        "status_components": ("Cloud Wien", "Netz"),
        "aliases": (
            ("address", "192.0.2.7"),
            ("domain", "shop.example"),
            ("service", "s-1001"),
            ("service", "x.1"),
        ),
    }


def test_an_empty_cell_empties_what_may_be_empty() -> None:
    row = read(SERVER, address="", aliases="", contract="").row
    assert row is not None
    assert row.values["address"] is None
    assert (row.values["aliases"], row.values["contract_reference"]) == ((), "")


def test_a_number_of_a_contact_is_kept_as_it_is_dialled() -> None:
    row = read(CONTACT, phone="0664 123 45 67").row
    assert row is not None
    assert row.values["phone_number"] == "+436641234567"


@pytest.mark.parametrize(
    ("row", "changes", "said"),
    [
        (ACCOUNT, {"record": "customer"}, [("unknown_record", "record")]),
        (ACCOUNT, {"account": ""}, [("missing", "account")]),
        (ACCOUNT, {"account": "10/42"}, [("bad_account", "account")]),
        (ACCOUNT, {"account": "Import"}, [("bad_account", "account")]),
        (ACCOUNT, {"name": ""}, [("missing", "name")]),
        (ACCOUNT, {"name": "x" * 201}, [("too_long", "name")]),
        (ACCOUNT, {"name": "a\x00b"}, [("signs", "name")]),
        (ACCOUNT, {"external_id": "x" * 65}, [("too_long", "external_id")]),
        (ACCOUNT, {"kind": "robot"}, [("unknown_word", "kind")]),
        (ACCOUNT, {"language": "fr"}, [("unknown_word", "language")]),
        (ACCOUNT, {"standing": "bad"}, [("unknown_word", "standing")]),
        (SERVER, {"address": "192.0.2.300"}, [("bad_address", "address")]),
        (SERVER, {"aliases": "domain:shop"}, [("bad_alias", "aliases")]),
        (SERVER, {"aliases": "address:shop.example"}, [("bad_alias", "aliases")]),
        (
            SERVER,
            {"aliases": ";".join(map(str, range(101)))},
            [("too_many", "aliases")],
        ),
        (CONTACT, {"email": "pat"}, [("bad_email", "email")]),
        (CONTACT, {"phone": "call me"}, [("bad_phone", "phone")]),
        (CONTACT, {"email": ""}, [("no_way_to_contact", "email")]),
        (
            SERVER,
            {"name": "", "address": "x"},
            [("missing", "name"), ("bad_address", "address")],
        ),
    ],
)
def test_a_bad_row_says_what_is_wrong_and_where(row, changes, said) -> None:
    assert codes(read(row, **changes)) == said


def test_a_problem_repeats_what_stands_there_but_nothing_of_a_person() -> None:
    assert read(SERVER, address="192.0.2.300").problems[0].value == "192.0.2.300"
    assert read(CONTACT, email="pat@").problems[0].value == ""


TEXT = st.text(max_size=300)


@given(st.dictionaries(st.sampled_from(COLUMNS), TEXT))
def test_whatever_stands_in_a_row_it_is_taken_or_refused(fields) -> None:
    reading = read_row(RawRow(place="1", fields=fields), region="AT")
    assert (reading.row is None) == bool(reading.problems)


@given(
    st.sampled_from(sorted(Record)),
    st.dictionaries(st.sampled_from(COLUMNS[2:]), TEXT),
)
def test_what_is_taken_can_be_stored(record, fields) -> None:
    said = {**fields, "record": record, "account": "10042"}
    row = read_row(RawRow(place="1", fields=said), region="AT").row
    if row is None:
        return
    texts = [row.external_id, *row.values.values()]
    assert all("\x00" not in str(value) for value in texts)
    assert all(str(value).encode() is not None for value in texts)
