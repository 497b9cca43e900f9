"""Whatever is typed: no error of ours, and nothing is stored that was not meant."""

from urllib.parse import urlencode

from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from emergency.models import Report
from emergency.rules.free_text import cleaned_line, cleaned_text, named_apart
from tests.examples import examples
from tests.integration.public.pages import DIALLED, REPORT, order, read

NASTY = "\x00\u202eabc\u200b\ud83d\ufeff\x1b[31m</textarea>{{7*7}}%(x)s"
SIGNS = "\x00\t\r\n\u200b\u200d\u202e\u2028\ufeff\ud800 ,;%{}<>&\"'a1"
anything = st.one_of(
    st.text(st.characters(), max_size=80),
    st.text(
        "\x00\t\r\n\u200b\u200d\u202e\u2028\ufeff\ud800 ,;%{}<>&\"'a1", max_size=40
    ),
)
number = st.one_of(st.just(REPORT["callback_number"]), anything)
typed = st.fixed_dictionaries(
    {
        "server_name": anything,
        "problem_description": anything,
        "reproduction_steps": anything,
        "recent_changes": anything,
        "callback_number": number,
        "second_number": st.one_of(st.just(""), anything),
        "second_name": anything,
        "reporter_name": anything,
        "reporter_email": st.one_of(st.just("pat@shop.example"), anything),
        "worked_before": st.one_of(st.sampled_from(["yes", "no", ""]), anything),
        "ordering_as": st.one_of(st.sampled_from(["business", ""]), anything),
    }
)
# What any text may come with so that the form is good.
GOOD = {
    **dict.fromkeys(("second_number", "second_name", "worked_before"), ""),
    "callback_number": REPORT["callback_number"],
    "reporter_email": "",
    "ordering_as": "business",
    "server_unknown": "on",
}


def _send(client: Client, path: str, values: dict[str, str]):
    """As a browser would, and as a broken one might: the bytes of lone surrogates."""
    encoded = {
        name: text.encode("utf-8", "surrogatepass") for name, text in values.items()
    }
    return client.post(
        path, urlencode(encoded), content_type="application/x-www-form-urlencoded"
    )


def _arrives(text: str) -> str:
    """What of the text reaches the form."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


@settings(examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=typed)
@example(values=dict.fromkeys(REPORT, NASTY))
@example(values=dict.fromkeys(REPORT, ""))
@example(values=dict.fromkeys(REPORT, "\ud800"))
def test_no_text_in_any_field_breaks_a_page(customer: Client, values) -> None:
    keys = read(customer.get("/")).values()["keys"]
    page = _send(customer, "/", {**values, "keys": keys})
    assert page.status_code == 200
    again = read(page).values()
    if "checked" not in again:
        assert 'aria-invalid="true"' in page.content.decode()
        assert _send(customer, "/", again).status_code == 200
        return
    ordered = customer.post("/order/", again)
    assert ordered.status_code in {200, 303}
    assert customer.get("/").status_code == 200


@settings(examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    server=anything, problem=anything, steps=anything, changes=anything, name=anything
)
@example(server=NASTY, problem=NASTY, steps=NASTY, changes=NASTY, name=NASTY)
def test_what_is_stored_is_what_was_typed_without_invisible_signs(
    customer: Client, server, problem, steps, changes, name
) -> None:
    values = {
        **GOOD,
        "server_name": server,
        "problem_description": "x" + problem,
        "reproduction_steps": steps,
        "recent_changes": changes,
        "reporter_name": name,
        "keys": read(customer.get("/")).values()["keys"],
    }
    checked = _send(customer, "/", values)
    ordered = order(customer, checked)
    assert ordered.status_code == 303
    report = Report.objects.latest("pk")
    assert report.problem_description == cleaned_text(_arrives("x" + problem))
    assert report.reproduction_steps == cleaned_text(_arrives(steps))
    assert report.recent_changes == cleaned_text(_arrives(changes))
    assert report.reporter_name == cleaned_line(_arrives(name))
    assert report.callback_number == DIALLED
    names = [row.typed for row in report.servers.all() if row.typed]
    assert names == named_apart(_arrives(server))
