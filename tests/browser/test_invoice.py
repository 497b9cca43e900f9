"""From a closed emergency to the invoice in the customer's inbox and in the books, in a
real browser."""

import csv
import email
import email.policy
import io
import re
import zipfile
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.test_main_job import (
    answer_the_telephone,
    issue,
    order,
    reach_log_and_close,
    sign_in,
)
from tests.product import Product
from tests.telephone import eventually

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# Where Django's file backend ends one message.
END_OF_MESSAGE = re.compile(rb"^-{79}$", re.MULTILINE)
ELSEWHERE = "buchhaltung@lindner.example"


def mails_about(product: Product, number: str) -> list[EmailMessage]:
    """What `make run` wrote for the post about this document, attempt by attempt."""
    found = []
    for file in Path(product.data / "mail").glob("*.log"):
        for raw in END_OF_MESSAGE.split(file.read_bytes()):
            message = email.message_from_bytes(raw.strip(), policy=email.policy.default)
            if message["Message-ID"] and f"<{number}." in message["Message-ID"]:
                found.append(message)
    return sorted(found, key=lambda one: str(one["Message-ID"]))


def mails(product: Product, number: str, count: int) -> list[EmailMessage]:
    """The same, once there are so many."""
    eventually(
        lambda: len(mails_about(product, number)) >= count,
        within=90,
        why=f"{count} e-mails about {number}",
    )
    return mails_about(product, number)


def test_from_a_closed_emergency_to_the_invoice_in_the_inbox(
    product: Product, context: BrowserContext, page: Page
) -> None:
    """What arrives are the bytes that were issued, with the records the account wants;
    what comes back is noted and goes to another address; what is exported are the same
    bytes once more."""
    product.calm()
    office = context.browser.new_context(locale="de-AT").new_page()  # type: ignore[union-attr]
    office.set_default_timeout(15_000)
    sign_in(office, product, "clara", "/billing/")
    want_the_records(office, product)
    reference = a_closed_emergency(product, context, page)
    office.goto(f"{product.url}/billing/")
    number = issue(office, reference)

    (first,) = mails(product, number, 1)
    assert str(first["To"]) == "office@lindner.example"
    assert number in str(first["Subject"])
    attached = {
        part.get_filename(): part.get_content() for part in first.iter_attachments()
    }
    assert list(attached) == [
        f"{number}.pdf",
        f"{reference}-order-record.pdf",
        f"{reference}-callback-record.pdf",
    ]
    answer = office.context.request.get(f"{product.url}/billing/pdf/{number}.pdf")
    assert sha256(attached[f"{number}.pdf"]).digest() == sha256(answer.body()).digest()
    assert all(content.startswith(b"%PDF-1.7") for content in attached.values())

    note_that_it_came_back(office)
    send_to(office, ELSEWHERE)
    second = mails(product, number, 2)[-1]
    assert str(second["To"]) == ELSEWHERE
    attempts = office.locator("main li", has_text="@lindner.example")
    for _ in range(30):
        office.reload()
        if office.locator("form[action$='/sent/2/bounced/']").count():
            break
        office.wait_for_timeout(1000)
    expect(attempts).to_have_count(2)
    expect(attempts.first).to_contain_text("550 no such user")
    expect(attempts.last).to_contain_text(ELSEWHERE)
    download_the_records(office, product)
    hand_to_the_books(office, product, number, answer.body())
    office.context.close()


def want_the_records(office: Page, product: Product) -> None:
    """The account gets both records with its invoices from now on."""
    office.goto(f"{product.url}/billing/accounts/K-1002/")
    for kind in ("order_record", "callback_record"):
        office.check(f"[name=enclosed_records][value={kind}]")
    office.locator("form:has([name=enclosed_records]) button[type=submit]").click()
    expect(
        office.locator("[name=enclosed_records][value=callback_record]")
    ).to_be_checked()


def a_closed_emergency(product: Product, context: BrowserContext, page: Page) -> str:
    """Ordered, taken, called back, worked on and closed; answers its reference."""
    order(page, product)
    found = re.search(r"NF-\w{4}-\w{4}", page.inner_text("main"))
    assert found is not None
    name = answer_the_telephone(context.new_page(), product)
    expect(page.locator("main")).to_contain_text(name, timeout=45_000)
    desk = context.new_page()
    sign_in(desk, product, name.lower(), "/desk/")
    desk.goto(f"{product.url}/desk/i/{found.group()}/")
    reach_log_and_close(desk, hours_ago=1)
    return found.group()


def note_that_it_came_back(office: Page) -> None:
    form = office.locator("form[action$='/sent/1/bounced/']")
    for _ in range(30):
        office.reload()
        if form.count():
            break
        office.wait_for_timeout(1000)
    form.locator("xpath=ancestor::details").locator("summary").click()
    form.locator("[name=why]").fill("550 no such user")
    form.locator("button").click()
    expect(office.locator("main")).to_contain_text("550 no such user")


def send_to(office: Page, address: str) -> None:
    form = office.locator("form[action$='/send/']")
    form.locator("xpath=ancestor::details").locator("summary").click()
    form.locator("[name=address]").fill(address)
    form.locator("button").click()
    expect(office.locator("main")).to_contain_text(address)


def download_the_records(office: Page, product: Product) -> None:
    links = office.locator("a[href*='/records/']")
    expect(links).to_have_count(2)
    for link in links.all():
        where = link.get_attribute("href") or ""
        answer = office.context.request.get(f"{product.url}{where}")
        assert answer.ok
        assert answer.body().startswith(b"%PDF-1.7")


def hand_to_the_books(office: Page, product: Product, number: str, pdf: bytes) -> None:
    """The table and the archive hold this invoice; the archive's hashes are true."""
    table = export(office, product, "csv").decode("utf-8-sig")
    (row,) = [
        one
        for one in csv.DictReader(io.StringIO(table), delimiter=";")
        if one["number"] == number
    ]
    assert row["gross"] == "300,00"
    assert row["sha256"] == sha256(pdf).hexdigest()
    with zipfile.ZipFile(io.BytesIO(export(office, product, "zip"))) as archive:
        assert archive.testzip() is None
        assert archive.read(f"documents/{number}.pdf") == pdf
        assert b"CrossIndustryInvoice" in archive.read(f"documents/{number}.xml")
        for line in archive.read("SHA256SUMS").decode().splitlines():
            digest, name = line.split("  ")
            assert sha256(archive.read(name)).hexdigest() == digest


def export(office: Page, product: Product, form: str) -> bytes:
    """From the preview by clicks to the downloaded file."""
    office.goto(
        f"{product.url}/billing/exports/new/?format={form}&account_number=K-1002"
    )
    office.locator("main form[method=post] button").click()
    link = office.locator("a[download]")
    for _ in range(40):
        if link.count():
            break
        office.wait_for_timeout(1000)
        office.reload()
    with office.expect_download() as download:
        link.click()
    return download.value.path().read_bytes()
