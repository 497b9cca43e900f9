"""Which pager serves which kind of contact method."""

from emergency.pagers.base import Pager
from emergency.pagers.email import EmailPager
from emergency.pagers.twilio import SmsPager, VoicePager

PAGERS: dict[str, Pager] = {
    "voice": VoicePager(),
    "sms": SmsPager(),
    "email": EmailPager(),
}
