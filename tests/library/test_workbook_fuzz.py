"""Damaged workbooks are refused or give a valid document; none ends in a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzzed_workbooks import KINDS, ODD_WORDS, cell_xml, damaged, packed, parts, try_reading
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

_CHUNK = 50
_CELLS = st.tuples(
    st.integers(1, 9),
    st.integers(1, 60),
    st.sampled_from("ABCDEFG"),
    st.sampled_from(KINDS),
    st.sampled_from(ODD_WORDS) | st.text(max_size=30) | st.floats().map(str) | st.integers().map(str),
)


@pytest.mark.parametrize("chunk", range(6))
def test_workbooks_damaged_at_random(tmp_path: Path, chunk: int) -> None:
    outcomes = {try_reading(damaged(seed), tmp_path) for seed in range(chunk * _CHUNK, (chunk + 1) * _CHUNK)}
    assert outcomes == {"read", "refused"}


@given(st.integers(0, 3), st.lists(_CELLS, min_size=1, max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_workbooks_with_anything_in_any_cell(
    tmp_path: Path, base: int, cells: list[tuple[int, int, str, str, str]]
) -> None:
    content = dict(parts(base))
    for sheet, row, column, kind, words in cells:
        name = f"xl/worksheets/sheet{sheet}.xml"
        # A cell that stands in the XML later takes the place of an earlier one.
        new = f'<row r="{row}">'.encode() + cell_xml(f"{column}{row}", words, kind) + b"</row></sheetData>"
        content[name] = content[name].replace(b"</sheetData>", new)
    assert try_reading(packed(content), tmp_path) in {"read", "refused"}
