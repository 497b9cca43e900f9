"""The second way for SMS, from the environment: any gateway that takes HTTP requests.

Without SMS_GATEWAY_URL there is none. What each variable means stands in
`docs/configuration.md`; the defaults describe the simulator's gateway.
"""

import json

from emergency.environment import parsed, text

# What the gateway is sent, and which of its words mean which of ours.
FIELDS = (
    '{"to": "{to}", "from": "{from}", "text": "{text}",'
    ' "reference": "{token}", "callback_url": "{callback_url}"}'
)
WORDS = (
    '{"queued": ["accepted", "queued"], "sent": ["sending", "sent"],'
    ' "delivered": ["delivered"], "undelivered": ["undelivered", "expired"],'
    ' "failed": ["failed", "rejected"]}'
)

SMS_GATEWAY = {
    "URL": text("SMS_GATEWAY_URL"),
    "METHOD": text("SMS_GATEWAY_METHOD", "POST").upper(),
    "FORMAT": text("SMS_GATEWAY_FORMAT", "json").lower(),
    "FIELDS": parsed("SMS_GATEWAY_FIELDS", FIELDS, json.loads),
    "FROM": text("SMS_GATEWAY_FROM_NUMBER") or text("TWILIO_FROM_NUMBER"),
    # Who we are to the gateway.
    "AUTH": text("SMS_GATEWAY_AUTH", "bearer").lower(),
    "AUTH_HEADER": text("SMS_GATEWAY_AUTH_HEADER", "X-Api-Key"),
    "SECRET": text("SMS_GATEWAY_SECRET"),
    # What its answers and reports mean.
    "ID_PATH": text("SMS_GATEWAY_ID_PATH", "id"),
    "STATUS_PATH": text("SMS_GATEWAY_STATUS_PATH", "status"),
    "ERROR_PATH": text("SMS_GATEWAY_ERROR_PATH", "error"),
    "STATUS_WORDS": parsed("SMS_GATEWAY_STATUS_WORDS", WORDS, json.loads),
    "LOOKUP_URL": text("SMS_GATEWAY_LOOKUP_URL"),
    "FIND_URL": text("SMS_GATEWAY_FIND_URL"),
    "FOUND_PATH": text("SMS_GATEWAY_FOUND_PATH", "messages.0"),
    # What it tells us by itself.
    "CALLBACK_HEADER": text("SMS_GATEWAY_CALLBACK_HEADER", "Authorization"),
    "CALLBACK_SECRET": text("SMS_GATEWAY_CALLBACK_SECRET"),
    "SENDER_PATH": text("SMS_GATEWAY_SENDER_PATH", "from"),
    "TEXT_PATH": text("SMS_GATEWAY_TEXT_PATH", "text"),
}
