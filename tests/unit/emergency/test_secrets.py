"""What opens something is not carried about; everything else stays as it was."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.secrets import HIDDEN, masked
from tests.examples import examples

secret = st.text(string.ascii_letters + string.digits + "!$%&/()-_#", min_size=8)
around = st.text(string.ascii_letters + " äöü.\n", max_size=30)
FORMS = [
    "password: {}",
    "Passwort ist {}",
    "das Kennwort lautet {}",
    "DB_PASSWORD={}",
    "pw={}",
    'pwd = "{}"',
    "api-key: '{}'",
    '{{"access_token": "{}"}}',
    "PIN: {}",
    "client_secret={}",
]
TOKENS = [
    "AKIA" + "ABCDEFGH12345678",
    "ghp_" + "a1B2" * 9,
    "sk_live_" + "4eC39HqLyjWDarjtT1zd",
    "xoxb-" + "123456789012-abcdefghijkl",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END RSA PRIVATE KEY-----",
]


@pytest.mark.parametrize("form", FORMS)
@examples(40)
@given(secret=secret, before=around, after=around)
def test_what_is_announced_as_a_secret_is_hidden(form, secret, before, after):
    text = f"{before} {form.format(secret)} {after}"
    assert secret not in masked(text).replace(before, "").replace(after, "")
    assert HIDDEN in masked(text)


@pytest.mark.parametrize("secret", ["A/000000", "in-the-2024", "set.7xK2", "wrong!42"])
def test_a_secret_that_begins_like_an_ordinary_word_is_hidden_all_the_same(secret):
    assert masked(f"Passwort ist {secret} danke") == f"Passwort ist {HIDDEN} danke"


@pytest.mark.parametrize("token", TOKENS, ids=lambda token: token[:8])
@given(before=around, after=around)
def test_a_token_is_known_by_its_form(token, before, after):
    assert masked(f"{before} {token} {after}") == f"{before} {HIDDEN} {after}"


def test_a_sign_in_within_an_address_is_hidden_and_the_host_is_not():
    assert masked("see https://root:hunter2@db1.example/x") == (
        f"see https://{HIDDEN}@db1.example/x"
    )


def test_an_authorization_header_loses_its_value():
    assert masked("Authorization: Bearer abc.DEF-123") == (
        f"Authorization: Bearer {HIDDEN}"
    )


def test_a_key_that_was_cut_off_is_hidden_to_the_end():
    cut = "-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEA and more"
    assert masked(cut) == HIDDEN


@pytest.mark.parametrize(
    "text",
    [
        "EMERGENCY NF-7K3Q-9PXM, web01.example. Call by 02:41. Reply 12345 to take it.",
        "https://support.example/answer/123.Zk3-abcDEF_ghi/",
        "https://support.example/desk/i/NF-7K3Q-9PXM/",
        "Shipping: two days. The compass is broken. Passing: 12",
        "Ihr Bestätigungscode: 48213",
        "TWILIO_AUTH_TOKEN is not set, the password is wrong, der Token ist abgelaufen",
        "mail to anna@example.com, not http://example.com/@anna",
    ],
)
def test_what_a_page_says_stays_as_it_is(text):
    assert masked(text) == text


@given(st.text(max_size=300))
def test_masking_twice_changes_nothing_more(text):
    assert masked(masked(text)) == masked(text)


@examples(60)
@given(st.sampled_from(FORMS), secret, around)
def test_masking_a_masked_secret_changes_nothing_more(form, secret, before):
    once = masked(f"{before} {form.format(secret)}")
    assert masked(once) == once


def test_a_long_text_takes_no_longer_than_it_should():
    for piece in (
        "password",
        "a-",
        "token=",
        "x://y",
        "-----BEGIN A-----",
        "eyJaaaaaaaa.",
    ):
        assert masked(piece * 20_000)
