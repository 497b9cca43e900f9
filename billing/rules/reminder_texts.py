"""The reminders as they are proposed when nobody has written others."""

from collections.abc import Sequence

from billing.rules.reminding import Level

FIRST_DE = """\
Guten Tag,

unsere Rechnung {number} vom {date} war am {due} fällig. Offen sind {amount}. \
Vielleicht haben Sie sie übersehen: Bitte überweisen Sie den Betrag auf das Konto \
{iban} und geben Sie {number} an.

Hat sich das mit Ihrer Zahlung überschnitten, ist nichts zu tun. Stimmt etwas an der \
Rechnung nicht, antworten Sie auf diese Nachricht.

{issuer}"""

FIRST_EN = """\
Good day,

our invoice {number} of {date} was due on {due}. {amount} is open. Perhaps it was \
overlooked: please transfer the amount to {iban} and give {number} as the reference.

If your payment is on its way, there is nothing to do. If something about the invoice \
is wrong, reply to this message.

{issuer}"""

SECOND_DE = """\
Guten Tag,

unsere Rechnung {number} vom {date} ist seit {days} Tagen fällig. Offen sind {amount}. \
Bitte überweisen Sie den Betrag in den nächsten Tagen auf das Konto {iban} und geben \
Sie {number} an.

{issuer}"""

SECOND_EN = """\
Good day,

our invoice {number} of {date} has been due for {days} days. {amount} is open. Please \
transfer the amount to {iban} within the next days and give {number} as the reference.

{issuer}"""

LAST_DE = """\
Guten Tag,

auf unsere Rechnung {number} vom {date}, fällig am {due}, sind {amount} noch offen. \
Bitte zahlen Sie den Betrag jetzt auf das Konto {iban} oder sagen Sie uns, was dagegen \
spricht. Danach prüfen wir weitere Schritte.

{issuer}"""

LAST_EN = """\
Good day,

{amount} of our invoice {number} of {date}, due on {due}, is still open. Please pay \
the amount to {iban} now, or tell us what speaks against it. After that we consider \
further steps.

{issuer}"""

LEVELS: Sequence[Level] = (
    Level(
        days=7,
        subject={
            "de": "Zahlungserinnerung zu Rechnung {number}",
            "en": "Payment reminder for invoice {number}",
        },
        text={"de": FIRST_DE, "en": FIRST_EN},
    ),
    Level(
        days=14,
        subject={
            "de": "Zweite Zahlungserinnerung zu Rechnung {number}",
            "en": "Second payment reminder for invoice {number}",
        },
        text={"de": SECOND_DE, "en": SECOND_EN},
    ),
    Level(
        days=14,
        subject={
            "de": "Letzte Zahlungserinnerung zu Rechnung {number}",
            "en": "Final payment reminder for invoice {number}",
        },
        text={"de": LAST_DE, "en": LAST_EN},
    ),
)
