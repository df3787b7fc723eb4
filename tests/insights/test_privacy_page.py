"""The privacy page tells readers in at most ten lines what creators learn of them."""

import re

import pytest
from django.test import Client

from insights.floors import PICKED_MIN
from insights.models.audience import FLOORS, Table

HEADINGS = {"en": "What creators learn of you in numbers", "zh-hans": "创作者从数字里知道什么"}


@pytest.mark.django_db
@pytest.mark.parametrize("language", HEADINGS)
def test_ten_lines_name_the_floors_that_are_in_force(client: Client, language: str) -> None:
    page = client.get("/privacy/", headers={"accept-language": language}).content.decode()
    _, _, section = page.partition(f"<h2>{HEADINGS[language]}</h2>")
    section, _, _ = section.partition("</ul>")
    lines = re.findall(r"<li>\s*(.+?)\s*</li>", section, re.DOTALL)
    assert 1 <= len(lines) <= 10
    assert all("\n" not in line for line in lines)
    numbers = [[int(number) for number in re.findall(r"\d+", line)] for line in lines]
    assert [FLOORS[Table.STAGE][0], FLOORS[Table.CAMPUS][0]] in numbers
    assert any(found.count(PICKED_MIN) == 2 for found in numbers)
