from collections.abc import Iterator

import pytest

from tests.integration.status.page_server import Answer, Page, page_server


@pytest.fixture
def page() -> Iterator[Page]:
    with page_server(Answer()) as running:
        yield running
