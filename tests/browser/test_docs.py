"""The description's page in a real browser: a person gets a token and calls the API there; no other host is asked."""

from collections.abc import Iterator

import pytest

from tests.support.browser import ApiPage, api_page
from tests.support.samples import BUNDLE
from tests.support.stack import Stack

SAMPLE = (BUNDLE / "invoice.pdf").read_bytes()

pytestmark = pytest.mark.extra


@pytest.fixture
def page(stack: Stack) -> Iterator[ApiPage]:
    with api_page(stack.local["base_url"]) as page:
        page.open()
        yield page


def test_a_person_gets_a_token_and_lists_documents(stack: Stack, page: ApiPage) -> None:
    with stack.client() as client:
        file_id = client.upload(SAMPLE, "invoice.pdf", "application/pdf")
        document_id = client.process_file(file_id, stack.local["project_id"])
    assert page.authorize(stack.local["client_id"], stack.local["client_secret"]) == 200
    status, shown = page.send("documents", "List documents", "get", "/v2/documents")
    assert (status, f'"id": "{document_id}"' in shown) == (200, True), shown
    assert (page.outside, page.complaints) == ([], [])


def test_what_may_be_left_out_is_not_sent_unasked(page: ApiPage) -> None:
    with page.page.expect_request("**/v2/documents?*") as sent:
        status, shown = page.send("documents", "List documents", "get", "/v2/documents")
    assert (status, '"authentication_failed"' in shown) == (401, True), shown
    assert "cursor" not in sent.value.url


def test_the_whole_page_can_be_read_without_any_other_host(page: ApiPage) -> None:
    closed = page.page.get_by_role("button", name="Open Group - ")
    while closed.count():
        closed.first.click()
    page.page.get_by_role("link", name="Introduction").click()
    page.page.mouse.wheel(0, 100_000)
    page.page.wait_for_load_state("networkidle")
    assert (page.outside, page.complaints) == ([], [])


def test_a_request_to_another_host_would_be_seen(page: ApiPage) -> None:
    page.page.evaluate("document.body.append(Object.assign(new Image(), {src: 'https://example.com/x.png'}))")
    page.page.wait_for_load_state("networkidle")
    assert page.outside or page.complaints
