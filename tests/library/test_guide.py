"""What the user guide and the README promise is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from openrecp.assessment.case_file import parse_case
from openrecp.economics import evaluate_project
from openrecp.entries import EntryError, parse_date, parse_number, parse_quantity

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", ["guide.md", "guide.zh-Hant.md"])
def test_the_case_in_the_guide_can_be_evaluated(name: str) -> None:
    words = (DOCS / name).read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", words, re.DOTALL)
    assert example is not None
    evaluation = evaluate_project(parse_case(example[1], name).project)
    assert evaluation.payback.value == pytest.approx(5000 / 14300)


def test_what_the_guide_says_can_be_typed_is_read() -> None:
    assert parse_quantity("1.5 公噸/月")[0] * 12 == parse_quantity("18 t/yr")[0]
    assert parse_number("１，２００") == parse_number("1,200") == 1200
    assert parse_number("3萬") == 30_000
    assert {parse_date(day) for day in ("115/3/5", "民國115年3月5日", "2026-03-05")} == {
        parse_date("5 Mar 2026")
    }


@pytest.mark.parametrize("entry", ["約 3", "<0.05"])
def test_what_the_guide_says_is_refused_is_refused(entry: str) -> None:
    with pytest.raises(EntryError):
        parse_quantity(entry)
    with pytest.raises(EntryError):
        parse_date("3/5/2026")
