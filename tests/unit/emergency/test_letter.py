"""Whatever somebody sends, reading it never fails, nor says more than is there."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.mailboxes.letter import LONGEST_TEXT, Letter, read_letter

HEAD = b"From: Pat <Pat@Example.com>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"


def mail(**headers):
    made = EmailMessage()
    made["From"] = "Pat Muster <Pat@Example.com>"
    made["Subject"] = "Der Shop ist weg, größer: NF-7K3Q-9PXM"
    made["Message-ID"] = "<one@example.com>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content("Seit 02:11.\nBitte helfen.\n")
    return made


def test_a_plain_mail_is_read():
    letter = read_letter(mail(In_Reply_To="<b@x>", References="<a@x> <b@x>").as_bytes())
    assert letter == Letter(
        message_id="<one@example.com>",
        sender="pat@example.com",
        sender_name="Pat Muster",
        subject="Der Shop ist weg, größer: NF-7K3Q-9PXM",
        text="Seit 02:11.\nBitte helfen.",
        answers=("<b@x>", "<a@x>"),
        machine="",
    )


def test_attachments_come_with_clean_names():
    made = mail()
    made.add_attachment(b"%PDF", "application", "pdf", filename="../../etc/pass\x00wd")
    made.add_attachment(b"", maintype="image", subtype="png", filename="empty.png")
    (file,) = read_letter(made.as_bytes()).enclosed
    assert "/" not in file.name
    assert "\x00" not in file.name
    assert (file.content_type, file.content) == ("application/pdf", b"%PDF")


def test_plain_text_is_preferred_to_html():
    made = mail()
    made.add_alternative("<p>Anders</p>", subtype="html")
    assert read_letter(made.as_bytes()).text == "Seit 02:11.\nBitte helfen."


def test_a_mail_of_html_alone_reads_as_text():
    raw = HEAD + (
        b"Content-Type: text/html; charset=utf-8\r\n\r\n"
        b"<head><style>p{}</style><title>T</title></head><p>Der&nbsp;Shop <b>ist</b>"
        b" weg.</p><script>alert(1)</script><div>Hilfe &lt;3</div>"
    )
    assert read_letter(raw).text == "Der Shop ist weg.\n\nHilfe <3"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff" * 1000,
        b"no headers at all",
        HEAD + b"Content-Type: text/plain; charset=klingon\r\n\r\n\xfcber",
        HEAD + b"Content-Type: text/plain; charset=utf-7\r\n\r\n+\xff",
        HEAD + b'Content-Type: text/plain; charset="\xff"\r\n\r\nx',
        HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n!!!not base64",
        HEAD + b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644\r\n\xff",
        HEAD + b"Content-Type: multipart/mixed\r\n\r\n--no boundary",
        HEAD + b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n",
        HEAD + b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n" * 5000,
        HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 400,
        HEAD + b"Content-Disposition: attachment; filename*0*=utf-8'' %\xff\r\n\r\nx",
        b"From: =?utf-8?b?!!!?= <@@>\r\nSubject: =?klingon?q?x?=\r\n\r\nx",
        b"From: " + b"(" * 5000 + b"\r\n\r\nx",
        b"From: \r\nMessage-ID: <\r\nReferences: " + b"<a " * 5000 + b"\r\n\r\nx",
        b"Date: x\r\nFrom: a\x00@b.example\r\nMessage-ID: <\x00@x>\r\n\r\n\x00\x1bx",
    ],
)
def test_broken_mail_never_raises(raw):
    letter = read_letter(raw)
    for word in (letter.sender, letter.subject, letter.text, letter.message_id):
        assert "\x00" not in word
        word.encode()


@given(st.binary(max_size=400), st.binary(max_size=400))
def test_no_bytes_make_the_reading_fail(head, body):
    letter = read_letter(head + b"\r\n\r\n" + body)
    assert "\x00" not in letter.text + letter.subject + letter.sender


def test_wrong_and_missing_charsets_still_read():
    raw = HEAD + b"Content-Type: text/plain; charset=us-ascii\r\n\r\nGr\xfc\xdfe"
    letter = read_letter(raw)
    assert (letter.text, letter.subject) == ("Grüße", "Grüße")


def test_endless_text_is_cut():
    raw = HEAD + b"\r\n" + b"x" * (LONGEST_TEXT * 3)
    assert len(read_letter(raw).text) == LONGEST_TEXT


def test_nested_mail_ends_somewhere():
    inner = b"x"
    for depth in range(300):
        inner = (
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n"
            % (depth, depth)
            + inner
        )
    read_letter(HEAD + inner)


def test_a_mail_that_came_back_names_what_came_back():
    raw = (
        HEAD + b"Content-Type: multipart/report; report-type=delivery-status;"
        b" boundary=a\r\n\r\n--a\r\n\r\nSorry.\r\n--a\r\n"
        b"Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n\r\n--a\r\n"
        b"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <ours@x>\r\n\r\n--a--"
    )
    letter = read_letter(raw)
    assert letter.returned == ("<ours@x>",)
    assert letter.machine == "report"
    assert read_letter(raw.replace(b"failed", b"delayed")).returned == ()
