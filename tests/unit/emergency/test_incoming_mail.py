"""A mail is told from a machine's, and finds the incident it is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.incoming_mail import (
    incident_meant,
    machine_reason,
    references_in,
)


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, ""),
        ({"auto-submitted": "no"}, ""),
        ({"precedence": "first-class"}, ""),
        ({"return-path": "<pat@example.com>"}, ""),
        ({"return-path": "<>"}, "null_sender"),
        ({"auto-submitted": "auto-replied; owner-email=x"}, "auto_replied"),
        ({"auto-submitted": "Auto-Generated"}, "auto_submitted"),
        ({"precedence": "Bulk"}, "bulk"),
        ({"list-id": "<all.example.com>"}, "list"),
        ({"list-unsubscribe": "<mailto:x>"}, "list"),
        ({"x-autoreply": "yes"}, "answerer"),
        ({"x-auto-response-suppress": "All"}, "suppressed"),
        ({"x-spam-flag": "YES"}, "spam"),
    ],
)
def test_headers_tell_a_machine(headers, reason):
    listed = {name: [value] for name, value in headers.items()}
    found = machine_reason(listed, content_type="text/plain", sender="pat@example.com")
    assert found == reason


@pytest.mark.parametrize(
    ("sender", "reason"),
    [
        ("mailer-daemon@example.com", "daemon"),
        ("no-reply@example.com", "daemon"),
        ("bounces+123@example.com", "daemon"),
        ("", "no_sender"),
        ("nora.reply@example.com", ""),
        ("postmasterin@example.com", ""),
    ],
)
def test_senders_tell_a_machine(sender, reason):
    assert machine_reason({}, content_type="text/plain", sender=sender) == reason


def test_a_delivery_report_is_a_machines():
    found = machine_reason({}, content_type="multipart/report", sender="a@b.example")
    assert found == "report"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Re: [NF-7K3Q-9PXM] shop", ["NF-7K3Q-9PXM"]),
        ("aw: nf-7k3q-9pxm", ["NF-7K3Q-9PXM"]),
        ("NF-7K3Q-9PXM and NF-22CC-99ZZ, NF-7K3Q-9PXM", None),
        ("XNF-7K3Q-9PXM NF-7K3Q-9PXMM NF-7K3Q 9PXM", []),
        ("NF-AEIO-1001", []),
    ],
)
def test_references_are_found_whatever_stands_around(text, found):
    expected = ["NF-7K3Q-9PXM", "NF-22CC-99ZZ"] if found is None else found
    assert references_in(text) == expected


@given(st.text())
def test_any_text_can_be_searched(text):
    assert isinstance(references_in(text), list)


@pytest.mark.parametrize(
    ("answered", "named", "of_sender", "meant"),
    [
        ([1], [2], [3], 1),
        ([], [2], [3], 2),
        ([], [], [3], 3),
        ([], [], [3, 4], None),
        ([], [2, 3], [2], None),
        ([], [], [], None),
        ([1, 1], [], [], 1),
    ],
)
def test_the_strongest_sign_decides_if_it_says_one_thing(
    answered, named, of_sender, meant
):
    found = incident_meant(answered=answered, named=named, of_sender=of_sender)
    assert found == meant
