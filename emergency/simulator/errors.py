"""Error codes in words, as the API gives them."""

ERRORS = {
    20003: "Authenticate",
    20429: "Too Many Requests",
    20500: "An internal server error has occurred",
    20503: "Service unavailable",
    21211: "The 'To' number is not a valid phone number.",
    21214: "The 'To' number cannot be reached.",
    21215: "Account not authorized to call this number.",
    21216: "Calls to this number are blocked.",
    21217: "The 'To' number does not appear to be valid.",
    21408: "Permission to send to the region of 'To' is not enabled.",
    21610: "Attempt to send to unsubscribed recipient",
    21611: "This 'From' number has exceeded its queue of messages.",
    21612: "The 'To' number is not reachable from this 'From' number.",
    21614: "The 'To' number cannot receive messages.",
    30001: "Queue overflow",
    30002: "Account suspended",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30410: "Provider timeout",
}
_STATUS = {20003: 401, 20429: 429, 20500: 500, 20503: 503}


def words(code: int) -> str:
    """Return the words for a code, whether known here or not."""
    return ERRORS.get(code, f"Error {code}")


def http_status(code: int) -> int:
    """Return the HTTP status with which a request is refused for this reason."""
    return _STATUS.get(code, 400)


def error_body(code: int, message: str, status: int) -> dict[str, object]:
    """Return the JSON of a refusal."""
    return {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
