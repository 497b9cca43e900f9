"""Lists of accounts in CSV and JSON are the same rows."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.account_rows import read_row
from emergency.sources.base import MOST_BYTES, ListUnreadable
from emergency.sources.formats import rows_of

CSV = """record,account,external_id,name,address,aliases,email
account,10042,crm-7,Muster Handel GmbH,,,
server,10042,inv-9,web01.example,192.0.2.7,shop.example;S-1001,

contact,10042,c-1,"Muster, Pat",,,pat@example.com
"""
JSON = {
    "accounts": [
        {
            "number": 10042,
            "external_id": "crm-7",
            "name": "Muster Handel GmbH",
            "servers": [
                {
                    "external_id": "inv-9",
                    "name": "web01.example",
                    "address": "192.0.2.7",
                    "aliases": ["shop.example", "S-1001"],
                }
            ],
            "contacts": [
                {
                    "external_id": "c-1",
                    "name": "Muster, Pat",
                    "email": "pat@example.com",
                }
            ],
        }
    ]
}


def read(content: bytes):
    rows = [read_row(raw, region="AT").row for raw in rows_of(content)]
    return [
        (r and (r.record, r.account, r.external_id, r.values["name"])) for r in rows
    ]


SAID = [
    ("account", "10042", "crm-7", "Muster Handel GmbH"),
    ("server", "10042", "inv-9", "web01.example"),
    ("contact", "10042", "c-1", "Muster, Pat"),
]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_file_may_be_separated_as_spreadsheets_do(separator) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=separator, lineterminator="\r\n")
    writer.writerows(csv.reader(io.StringIO(CSV)))
    assert read(b"\xef\xbb\xbf" + written.getvalue().encode()) == SAID


def test_json_says_the_same_as_csv() -> None:
    assert read(json.dumps(JSON).encode()) == SAID


def test_a_place_is_a_line_or_a_path() -> None:
    assert [raw.place for raw in rows_of(CSV.encode())] == ["2", "3", "5"]
    places = [raw.place for raw in rows_of(json.dumps(JSON).encode())]
    assert places == [
        "accounts[0]",
        "accounts[0].servers[0]",
        "accounts[0].contacts[0]",
    ]


def test_a_row_with_other_cells_is_refused_alone() -> None:
    _account, server, _contact = rows_of(
        CSV.replace(",S-1001", "").replace("192.0.2.7,", "192.0.2.7,,").encode()
    )
    reading = read_row(server, region="AT")
    assert [problem.code for problem in reading.problems] == ["wrong_cells"]


def test_a_value_of_another_kind_is_refused_alone() -> None:
    document = {
        "accounts": [{"number": "1", "name": {"a": 1}}, {"number": "2", "name": "B"}]
    }
    first, second = (
        read_row(raw, region="AT") for raw in rows_of(json.dumps(document).encode())
    )
    assert [(p.code, p.column) for p in first.problems] == [("no_text", "name")]
    assert second.row is not None


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        (b"", "no_header", "1"),
        (b"record,account\n", "no_rows", ""),
        (b"account,name\n1,A\n", "no_header", "1"),
        (b"record,account,colour\nx,y,z\n", "unknown_column", "1"),
        (b"record,account,account\nx,y,z\n", "column_twice", "1"),
        ("record,account,name\naccount,1,Mü\n".encode("latin-1"), "not_utf8", "2"),
        (b"{", "bad_json", "1"),
        (b'{"accounts": ' + b"[" * 100_000, "bad_json", ""),
        (b'{"accounts": [' + b"1" * 5000 + b"]}", "bad_json", ""),
        (b"[]", "no_accounts", ""),
        (b'{"accounts": []}', "no_rows", ""),
        (b'{"accounts": [1]}', "no_object", "accounts[0]"),
        (
            b'{"accounts": [{"number": "1", "servers": 1}]}',
            "no_list",
            "accounts[0].servers",
        ),
        (b'{"accounts": [{"nummer": "1"}]}', "unknown_column", "accounts[0].nummer"),
        (b" " * (MOST_BYTES + 1), "too_large", ""),
    ],
)
def test_a_list_that_cannot_be_read_says_why(content, code, place) -> None:
    with pytest.raises(ListUnreadable) as caught:
        rows_of(content)
    assert (caught.value.code, caught.value.place) == (code, place)


@given(st.binary(max_size=300))
def test_whatever_bytes_come_they_are_rows_or_unreadable(content) -> None:
    for head in (b"", b"record,account,name\n", b'{"accounts": [{"number": '):
        try:
            for raw in rows_of(head + content):
                read_row(raw, region="AT")
        except ListUnreadable:
            continue
