"""The fee terms that emergency shows, and the price it explains."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from billing.models import BillingProfile, RateCard
from billing.terms import fee_terms, price_explanation
from emergency.terms import FeeTerms
from tests.integration.billing.door import NIGHT, an_incident, worked


def test_gross_is_at_the_issuers_rate(issuer):
    issuer.vat_rate = Decimal("19.00")
    issuer.save()
    terms = fee_terms(None, NIGHT, "en")
    assert terms.initial_fee_net == Decimal("200.00")
    assert terms.initial_fee_gross == Decimal("238.00")
    assert terms.vat_rate == Decimal("19.00")


def test_the_sentences_are_in_the_language_asked_for(issuer):
    with translation.override("en"):
        german = fee_terms(None, NIGHT, "de")
    assert "200,00\N{NO-BREAK SPACE}EUR zuzüglich USt." in german.price_sentence
    english = fee_terms(None, NIGHT, "en")
    assert "200.00\N{NO-BREAK SPACE}EUR plus VAT" in english.price_sentence
    assert german.version == english.version


def test_the_card_in_force_at_that_instant_counts(issuer):
    RateCard.objects.create(
        valid_from=datetime(2026, 7, 1, tzinfo=UTC),
        initial_fee=Decimal("250.00"),
        included_minutes=20,
        support_hourly=Decimal("210.00"),
        application_analysis_hourly=Decimal("220.00"),
        callback_within=timedelta(minutes=20),
    )
    before = fee_terms(None, datetime(2026, 6, 30, 23, 59, tzinfo=UTC), "en")
    after = fee_terms(None, datetime(2026, 7, 1, tzinfo=UTC), "en")
    assert before.initial_fee_net == Decimal("200.00")
    assert after.initial_fee_net == Decimal("250.00")
    assert before.version != after.version
    assert after.callback_within == timedelta(minutes=20)
    assert "20 minutes" in " ".join(after.covered)


def test_the_terms_survive_being_stored(issuer):
    terms = fee_terms("K-1", NIGHT, "de")
    assert FeeTerms.from_json(terms.to_json()) == terms


def test_nothing_is_sold_without_a_card(issuer):
    before_any_card = datetime(1999, 12, 31, tzinfo=UTC)
    with pytest.raises(RateCard.DoesNotExist):
        fee_terms(None, before_any_card, "de")


def test_the_price_is_explained_as_it_would_be_charged(profile):
    with translation.override("en"):
        price = price_explanation(an_incident())
    assert (price.net, price.vat, price.gross) == (
        Decimal("233.33"),
        Decimal("46.67"),
        Decimal("280.00"),
    )
    assert "30:00 included, 10 started minutes" in price.lines[1].text
    assert price.reasons == ()


def test_doubts_and_contradictions_are_said(profile):
    with translation.override("en"):
        late = price_explanation(an_incident(cause="undetermined"))
        wrong = price_explanation(an_incident(entries=(worked(9, -5),)))
        nothing = price_explanation(an_incident(callback_reached_at=None, entries=()))
    assert late.reasons == ("The cause is undetermined.",)
    assert "entries[0].ended_at" in wrong.reasons[0]
    assert nothing.reasons[0].startswith("Nothing is charged")


def test_the_tax_is_that_of_the_account(profile):
    BillingProfile.objects.update(country="DE", vat_id="DE136695976")
    assert price_explanation(an_incident()).vat == 0
    assert price_explanation(an_incident(account_number=None)).vat > 0
