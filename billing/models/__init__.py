"""The shape of billing's rows; importing from here is importing all of them."""

from billing.models.contract import Contract, IncludedEmergency
from billing.models.document import (
    Document,
    DocumentFile,
    DocumentLine,
    DocumentTax,
    NumberSeries,
)
from billing.models.einvoice import EInvoice
from billing.models.hand_over import HandOver, HandOverBatch, HandOverEvent
from billing.models.hold import DocumentStep, Hold
from billing.models.issuer import Issuer
from billing.models.profile import BillingProfile, Language, ProfileChange
from billing.models.ratecard import RateCard
from billing.models.transmission import Transmission
from billing.models.vat import VatIdCheck, VatRate

__all__ = [
    "BillingProfile",
    "Contract",
    "Document",
    "DocumentFile",
    "DocumentLine",
    "DocumentStep",
    "DocumentTax",
    "EInvoice",
    "HandOver",
    "HandOverBatch",
    "HandOverEvent",
    "Hold",
    "IncludedEmergency",
    "Issuer",
    "Language",
    "NumberSeries",
    "ProfileChange",
    "RateCard",
    "Transmission",
    "VatIdCheck",
    "VatRate",
]
