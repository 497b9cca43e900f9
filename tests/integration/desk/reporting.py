"""What tests of reportable cases read."""

import re

from django.test import Client
from django.utils.html import strip_tags

from emergency.models import Page, ReportableCase, Technician

BLOCK = re.compile(r"</(?:dt|dd|td|th|p|li|div|h\d)>")


def path(case: ReportableCase, rest: str = "") -> str:
    return f"/desk/reportable/{case.pk}/{rest}"


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    apart = BLOCK.sub(" ", answer.content.decode())
    return " ".join(strip_tags(apart).split())


def notices(person: Technician) -> list[tuple[str, str, str]]:
    """Codes, steps and deadlines of what this person was told, each once."""
    rows = Page.objects.filter(technician=person, purpose="notice").order_by("pk")
    told = [
        (p.values["code"], p.values.get("step", ""), p.values.get("deadline", ""))
        for p in rows
    ]
    return list(dict.fromkeys(told))


def facts(case: ReportableCase) -> list[tuple[str, str]]:
    return list(case.facts.order_by("pk").values_list("code", "step"))
