"""The records of an emergency that may go with its invoice."""

from enum import StrEnum


class Record(StrEnum):
    """What was ordered and promised; when and how we called back."""

    ORDER = "order_record"
    CALLBACK = "callback_record"
