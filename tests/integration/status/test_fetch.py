"""One careful GET over real HTTP on loopback."""

import gzip
import ipaddress
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from status.sources import http
from status.sources.base import SourceError
from status.sources.http import Request, fetch
from tests.integration.status.page_server import Answer, Page

pytestmark = pytest.mark.no_servers


def refusal(page: Page, **changes: Any) -> SourceError:
    arguments = {"url": page.url, "allow_host": page.host, **changes}
    with pytest.raises(SourceError) as caught:
        fetch(Request(**arguments))
    return caught.value


def test_a_page_is_read_with_its_validators(page: Page):
    page.answer = Answer(headers={"ETag": '"v1"'}, body=b"{}")
    fetched = fetch(
        Request(url=page.url, allow_host=page.host, contact="https://a.example")
    )
    assert (fetched.body, fetched.etag) == (b"{}", '"v1"')
    assert len(fetched.body_hash) == 64
    assert "https://a.example" in page.requests[0]["User-Agent"]
    assert "If-None-Match" not in page.requests[0]


def test_validators_are_sent_and_an_unchanged_page_has_no_body(page: Page):
    page.answer = Answer(status=304)
    fetched = fetch(
        Request(
            url=page.url,
            allow_host=page.host,
            etag='"v1"',
            last_modified="yesterday",
        )
    )
    assert fetched.body is None
    assert page.requests[0]["If-None-Match"] == '"v1"'
    assert page.requests[0]["If-Modified-Since"] == "yesterday"


def test_a_private_address_is_not_asked_unless_the_operator_allows_the_host(page: Page):
    assert refusal(page, allow_host="").code == "not_https"
    secure = page.url.replace("http://", "https://")
    assert refusal(page, url=secure, allow_host="").code == "private_address"
    by_name = secure.replace("127.0.0.1", "localhost")
    assert refusal(page, url=by_name, allow_host="").code == "private_address"
    assert refusal(page, url=secure, allow_host="other.example").code == (
        "private_address"
    )
    assert page.requests == []


def test_a_redirect_does_not_lead_past_the_rule(page: Page):
    target = "https://169.254.169.254/latest/meta-data"
    page.answer = Answer(302, {"Location": target})
    assert refusal(page).code == "other_host"
    assert refusal(page, hosts=("169.254.169.254",)).code == "private_address"
    page.answer = Answer(302, {"Location": "http://localhost:1/"})
    assert refusal(page).code == "not_https"
    page.answer = Answer(302, {"Location": "file:///etc/passwd"})
    assert refusal(page).code == "bad_address"


def test_allowing_a_host_with_its_port_allows_no_other_port(page: Page):
    host = page.url.split("/")[2]
    page.answer = Answer(302, {"Location": "http://127.0.0.1:9/"})
    assert refusal(page, allow_host=host).code == "not_https"
    page.answer = Answer(body=b"{}")
    assert fetch(Request(url=page.url, allow_host=host)).body == b"{}"


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "127.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("::1", "fd00::1", "fe80::1", "::ffff:10.0.0.1", "2002:a00:1::", "224.0.0.1"),
        "64:ff9b::a00:1",
    ],
)
def test_an_address_that_leads_inside_is_not_public(address):
    assert not http._is_public(ipaddress.ip_address(address))
    assert http._is_public(ipaddress.ip_address("64:ff9b::808:808"))


def test_a_circle_of_redirects_ends(page: Page):
    page.answer = Answer(302, {"Location": page.url})
    assert refusal(page).code == "too_many_redirects"
    assert len(page.requests) == http.MOST_REDIRECTS + 1


@pytest.mark.parametrize(
    "url", ["https://user:secret@status.example.com/", "https:///x"]
)
def test_addresses_that_hide_something_are_refused(page: Page, url):
    assert refusal(page, url=url).code == "bad_address"


def test_a_body_over_the_limit_is_refused_also_when_it_arrives_small(page: Page):
    large = b" " * (http.MOST_BYTES + 1)
    page.answer = Answer(body=large)
    assert refusal(page).code == "too_large"
    packed = gzip.compress(large)
    page.answer = Answer(headers={"Content-Encoding": "gzip"}, body=packed)
    assert refusal(page).code == "too_large"


def test_a_broken_packing_is_refused(page: Page):
    page.answer = Answer(headers={"Content-Encoding": "gzip"}, body=b"not packed")
    assert refusal(page).unreadable


def test_an_answer_that_stops_half_way_is_not_taken_for_a_whole_one(page: Page):
    page.answer = Answer(body=b"{}", missing_bytes=10)
    assert refusal(page).code in {"unreachable", "timeout"}


def test_what_the_server_asks_to_wait_is_passed_on(page: Page):
    page.answer = Answer(429, {"Retry-After": "120"})
    problem = refusal(page)
    assert (problem.code, problem.unreadable) == ("http_429", False)
    assert problem.retry_after == timedelta(minutes=2)
    later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    page.answer = Answer(503, {"Retry-After": later})
    wait = refusal(page).retry_after
    assert wait is not None
    assert timedelta(minutes=59) < wait <= timedelta(hours=1)
    page.answer = Answer(503, {"Retry-After": "soon"})
    assert refusal(page).retry_after is None


def test_a_missing_page_is_final_and_a_broken_server_is_not(page: Page):
    page.answer = Answer(404)
    assert refusal(page).unreadable
    page.answer = Answer(502)
    assert not refusal(page).unreadable


def test_a_spent_allowance_is_no_refusal_for_good(page: Page):
    soon = str(int((datetime.now(UTC) + timedelta(minutes=9)).timestamp()))
    page.answer = Answer(403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": soon})
    problem = refusal(page)
    assert not problem.unreadable
    assert problem.retry_after is not None
    assert timedelta(minutes=8) < problem.retry_after <= timedelta(minutes=9)
    page.answer = Answer(403)
    assert refusal(page).unreadable


def test_a_key_is_told_to_the_host_it_belongs_to_and_to_no_other(page: Page):
    there = page.at("/there").replace("127.0.0.1", "localhost")
    page.answers["/here"] = Answer(302, {"Location": page.at("/again")})
    page.answers["/again"] = Answer(body=b"{}")
    headers = {"Authorization": "Bearer key"}
    fetched = fetch(
        Request(url=page.at("/here"), allow_host=page.host, headers=headers)
    )
    assert fetched.url == page.at("/again")
    assert [asked["Authorization"] for asked in page.requests] == ["Bearer key"] * 2
    sent = http._headers(Request(url=page.at("/here"), headers=headers), there)
    assert "Authorization" not in sent


def test_a_stream_that_goes_on_is_left_when_it_has_told_enough():
    with socket.create_server(("127.0.0.1", 0)) as server:
        left = threading.Event()

        def stream() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
                    b"event: init_event\ndata: {}\n\n"
                )
                connection.settimeout(5)
                if connection.recv(1) == b"":
                    left.set()

        thread = threading.Thread(target=stream)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/live"
        fetched = fetch(
            Request(
                url=url,
                allow_host="127.0.0.1",
                enough=lambda body: body.endswith(b"\n\n"),
            )
        )
        thread.join()
    assert fetched.body == b"event: init_event\ndata: {}\n\n"
    assert left.is_set()


def test_a_page_that_nobody_serves_is_unreachable(page: Page):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        assert refusal(page, url=nobody).code == "unreachable"


def test_an_answer_that_comes_drop_by_drop_ends_after_the_total_time(monkeypatch):
    monkeypatch.setattr(http, "TOTAL_SECONDS", 0.6)
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while not stop.wait(0.05):
                    try:
                        connection.sendall(b"X-Drop: 1\r\n")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        started = time.monotonic()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(SourceError) as caught:
            fetch(Request(url=url, allow_host="127.0.0.1"))
        stop.set()
        thread.join()
    assert caught.value.code == "timeout"
    assert time.monotonic() - started < 3
