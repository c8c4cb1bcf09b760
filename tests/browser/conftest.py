"""A center of its own for each file of tests, and an operator who looks at it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.center import LoneCenter, lone_center, operators_page


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoneCenter]:
    center = lone_center(tmp_path_factory.mktemp("center"))
    center.start()
    yield center
    center.stop()


@pytest.fixture(scope="module")
def page(center: LoneCenter) -> Iterator[Page]:
    with operators_page(center) as page:
        yield page
