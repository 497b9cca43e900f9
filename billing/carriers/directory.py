"""Which way a kind of transmission goes."""

from billing.carriers.base import Carrier
from billing.carriers.email import by_email
from billing.carriers.push import to_billing_system, to_customer_system
from billing.models import Transmission

CARRIERS: dict[str, Carrier] = {
    Transmission.Kind.EMAIL: by_email,
    Transmission.Kind.PUSH: to_customer_system,
    Transmission.Kind.HAND_OVER: to_billing_system,
}
