"""VAT ids and the authority: asked between transactions, kept as answered; an outage
holds and fails nothing. A little VIES answers on loopback."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from billing import outbound, vies
from billing.actions.collect import collect
from billing.actions.issue import issue_document
from billing.actions.profile import save_profile
from billing.actions.refusal import BillingRefusal
from billing.actions.vat_check import LEASE, RETRIES, ask_again, ask_due
from billing.models import BillingProfile, Document, Issuer, VatIdCheck
from billing.vies import NoAnswer, Said, ask
from tests.integration.billing.door import an_incident
from tests.integration.billing.stories import MORNING, approved
from tests.integration.billing.test_pages import signed_in, text, url

LONG_AGO = MORNING - timedelta(days=31)


def drafted(door, **changes):
    door.add(an_incident(**changes))
    collect(now=MORNING)
    return Document.objects.get()


def reasons(document):
    return {hold.reason for hold in document.holds.filter(released_at=None)}


def taxes(document):
    return list(document.taxes.values_list("category", "amount"))


# The interface


def test_a_valid_id_has_a_consultation_number_for_us(authority):
    said = ask("ATU12345675", requester="ATU13585627")
    assert said == Said(
        valid=True,
        consultation_number="WAPIAAAAZ0123456",
        name="BÄCKEREI SONNE GMBH",
        address="HAUPTPLATZ 1\n4600 WELS",
    )
    assert authority.asked == [
        {
            "countryCode": "AT",
            "vatNumber": "U12345675",
            "requesterMemberStateCode": "AT",
            "requesterNumber": "U13585627",
        }
    ]


def test_a_member_state_may_tell_no_name(authority):
    assert ask("DE136695976", requester="") == Said(valid=True)


def test_an_unknown_id_is_not_valid(authority):
    assert ask("ATU99999999", requester="ATU13585627") == Said(valid=False)
    assert ask("DE++", requester="") == Said(valid=False)


def test_an_outage_says_nothing_about_the_id(authority, settings):
    authority.away = {"DE"}
    with pytest.raises(NoAnswer, match="MS_UNAVAILABLE"):
        ask("DE136695976", requester="")
    authority.broken = True
    with pytest.raises(NoAnswer, match="HTTP 503"):
        ask("DE136695976", requester="")
    settings.VIES_URL = "http://127.0.0.1:9"
    with pytest.raises(NoAnswer, match="ConnectionError"):
        ask("DE136695976", requester="")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'"valid"',
        b'{"valid": "yes"}',
        b'{"valid": true, "userError": "MS_MAX_CONCURRENT_REQ"}',
        b'{"valid": false, "errorWrappers": [{"error": "TIMEOUT"}]}',
    ],
)
def test_an_answer_that_is_none_says_nothing(monkeypatch, settings, body):
    settings.VIES_URL = "https://vies.example"
    monkeypatch.setattr(vies, "post", lambda *_: outbound.Answer(200, body))
    with pytest.raises(NoAnswer):
        ask("ATU12345675", requester="")


# What rests on it


def test_a_draft_waits_for_the_answer_and_follows_it(door, german, authority):
    document = drafted(door)
    assert taxes(document) == [("S", Decimal("46.67"))]
    assert reasons(document) == {"vat_id_unanswered", "recipient_vat_id_invalid"}
    assert ask_due(now=MORNING) == 1
    document.refresh_from_db()
    assert taxes(document) == [("AE", Decimal("0.00"))]
    assert reasons(document) == set()
    check = VatIdCheck.objects.get()
    assert (check.status, check.answered_at) == ("valid", MORNING)
    assert check.consultation_number == "WAPIAAAAZ0123456"
    assert check.requester == "ATU13585627"


def test_an_outage_holds_and_the_question_is_repeated(door, german, authority):
    authority.away = {"DE"}
    document = drafted(door)
    now = MORNING
    for wait in (*RETRIES, RETRIES[-1]):
        assert ask_due(now=now) == 0
        check = VatIdCheck.objects.get()
        assert (check.status, check.due_at) == ("due", now + wait)
        assert check.problem == "MS_UNAVAILABLE"
        now += wait
    assert "vat_id_unanswered" in reasons(document)
    authority.away = set()
    assert ask_due(now=now) == 1
    document.refresh_from_db()
    assert reasons(document) == set()


def test_an_id_that_is_not_valid_is_taxed_and_held(door, german, authority):
    authority.names.clear()
    document = drafted(door)
    ask_due(now=MORNING)
    document.refresh_from_db()
    assert taxes(document) == [("S", Decimal("46.67"))]
    assert reasons(document) == {"recipient_vat_id_invalid"}


def test_a_recent_answer_is_believed_and_an_old_one_asked_again(
    door, german, authority, settings
):
    settings.VIES_CACHE_DAYS = 30
    BillingProfile.objects.update(
        vat_id_valid=True, vat_id_checked_at=MORNING - timedelta(days=30)
    )
    assert reasons(drafted(door)) == set()
    assert not VatIdCheck.objects.exists()
    BillingProfile.objects.update(vat_id_checked_at=LONG_AGO)
    collect(now=MORNING)
    document = Document.objects.get()
    assert reasons(document) == {"vat_id_unanswered"}
    assert taxes(document) == [("AE", Decimal("0.00"))], "the old answer still decides"
    ask_due(now=MORNING)
    assert reasons(document) == set()


def test_what_was_approved_is_not_issued_on_an_old_answer(
    door, german, authority, accountant
):
    BillingProfile.objects.update(vat_id_valid=True, vat_id_checked_at=MORNING)
    document = approved(door, accountant.pk)
    much_later = MORNING + timedelta(days=31)
    with pytest.raises(BillingRefusal) as refused:
        issue_document(document_id=document.pk, now=much_later)
    assert refused.value.code == "held"
    document.refresh_from_db()
    assert (document.status, document.number) == ("draft", None)
    assert VatIdCheck.objects.get().status == "due"


def test_nobody_is_asked_about_consumers_or_the_rest_of_the_world(
    door, german, authority
):
    BillingProfile.objects.update(kind="consumer")
    drafted(door)
    BillingProfile.objects.update(kind="business", country="CH", vat_id="CHE123456788")
    collect(now=MORNING)
    assert ask_due(now=MORNING) == 0
    assert authority.asked == []


def test_one_question_serves_all_accounts_with_this_id(door, german, authority):
    german.pk, german.account_number = None, "K-2"
    german.save()
    door.add(an_incident(), an_incident("NF-TEST-2", account_number="K-2"))
    collect(now=MORNING)
    assert ask_due(now=MORNING) == 1
    assert len(authority.asked) == 1
    assert set(Document.objects.values_list("taxes__category", flat=True)) == {"AE"}


def test_without_a_service_people_confirm_by_hand(door, german, accountant):
    assert reasons(drafted(door)) == {"recipient_vat_id_invalid"}
    assert ask_due(now=MORNING) == 0
    save_profile(
        account_number="K-1",
        values={},
        vat_id_confirmed=True,
        staff_id=accountant.pk,
        now=MORNING,
    )
    check = VatIdCheck.objects.get()
    assert (check.source, check.status, check.staff) == ("hand", "valid", accountant)
    assert reasons(Document.objects.get()) == set()


def test_a_new_id_is_asked_about_as_soon_as_it_is_saved(german, authority, accountant):
    save_profile(
        account_number="K-1",
        values={"country": "AT", "vat_id": "ATU12345675"},
        vat_id_confirmed=False,
        staff_id=accountant.pk,
        now=MORNING,
    )
    assert ask_due(now=MORNING) == 1
    german.refresh_from_db()
    assert (german.vat_id_valid, german.vat_id_checked_at) == (True, MORNING)


# Rows


def test_a_question_whose_process_died_is_taken_up_again(door, german, authority):
    drafted(door)
    VatIdCheck.objects.update(status="asking", lease_until=MORNING + LEASE)
    assert ask_due(now=MORNING) == 0
    assert ask_due(now=MORNING + LEASE + timedelta(seconds=1)) == 1


def test_an_answer_is_kept_as_it_came(door, german, authority):
    drafted(door)
    ask_due(now=MORNING)
    answer = VatIdCheck.objects.filter(status="valid")
    for change in (lambda: answer.update(status="invalid"), answer.delete):
        refused = pytest.raises(IntegrityError, match="kept as it came")
        with refused, transaction.atomic():
            change()


def test_asking_again_does_not_touch_the_last_answer(door, german, authority):
    drafted(door)
    ask_due(now=MORNING)
    authority.names.clear()
    later = MORNING + timedelta(hours=1)
    assert ask_again(account_number="K-1", now=later)
    assert ask_again(account_number="K-1", now=later), "twice is one question"
    assert ask_due(now=later) == 1
    found = VatIdCheck.objects.order_by("pk").values_list("status", flat=True)
    assert list(found) == ["valid", "invalid"]
    german.refresh_from_db()
    assert german.vat_id_valid is False


@pytest.mark.django_db(transaction=True)
def test_the_authority_is_never_waited_for_in_a_transaction(
    door, german, authority, monkeypatch
):
    inside = []
    real = outbound.post

    def watched(*arguments):
        inside.append(connection.in_atomic_block)
        return real(*arguments)

    monkeypatch.setattr(vies, "post", watched)
    drafted(door)
    assert inside == [], "drafting asks nobody"
    assert ask_due(now=MORNING) == 1
    assert inside == [False]


def test_saving_a_page_asks_nobody(door, german, authority, accountant):
    page = signed_in(accountant)
    response = page.post(url("ask_authority", "K-1"), follow=True)
    assert "The authority is being asked" in text(response)
    assert authority.asked == []
    ask_due(now=MORNING + timedelta(days=400))
    assert "WAPIAAAAZ0123456" in text(page.get(url("account", "K-1")))


def test_our_own_id_is_the_requester_only_where_vies_knows_it(door, german, authority):
    Issuer.objects.update(country="CH", vat_id="CHE123456788")
    drafted(door)
    ask_due(now=MORNING)
    assert "requesterNumber" not in authority.asked[0]
    assert VatIdCheck.objects.get().consultation_number == ""
