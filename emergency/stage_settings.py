"""The demo's stage: a page that shows telephones and tells them what to do."""

from emergency.environment import flag, text, whole_number

__all__ = ["DEMO_BRAND", "SIMULATOR_PORT", "STAGE_TELEPHONES"]

SIMULATOR_PORT = whole_number("SIMULATOR_PORT", 8900)
_telephones = f"http://127.0.0.1:{SIMULATOR_PORT}"
_rings = text("TWILIO_API_BASE_URL") == _telephones
# The demo's own telephones, if these are the ones that ring; otherwise empty.
STAGE_TELEPHONES = _telephones if flag("DEMO") and _rings else ""
# What billing changes when the demo gets another name and price: a dotted name, so that
# no import points back.
DEMO_BRAND = "billing.actions.demo.rebrand"
