"""Takes the picture of the API's page that the guides show: `make up`, then `python -m tests.support.screenshot`."""

from __future__ import annotations

import os
from pathlib import Path

from paperlane.local.home import LOCAL, Home
from tests.support.browser import api_page

# How long the page shows a bar across the address of a request that was sent.
BAR_MILLISECONDS = 3000
PICTURE = Path(__file__).parents[2] / "docs" / "api-page.png"


def main() -> None:
    local = Home.at(Path(os.environ.get("PAPERLANE_HOME", ".paperlane"))).read_json(LOCAL)
    with api_page(local["base_url"]) as page:
        page.open()
        page.authorize(local["client_id"], local["client_secret"])
        page.send("documents", "List documents", "get", "/v2/documents")
        page.page.wait_for_timeout(BAR_MILLISECONDS)
        page.shoot(PICTURE)


if __name__ == "__main__":
    main()
