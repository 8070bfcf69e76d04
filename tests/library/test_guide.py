"""What the user guide and the README promise is what happens."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from openrecp.assessment.case_file import parse_case
from openrecp.cli import main
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


def commands_of(name: str, about: str) -> list[tuple[list[list[str]], list[str]]]:
    """The commands of each block about something, and the lines of output that the guide quotes after it."""
    words = (DOCS / name).read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(openrecp .*?)```\n(?:\n```text\n(.*?)```)?", words, re.DOTALL)
    return [
        ([shlex.split(line)[1:] for line in commands.splitlines()], quoted.splitlines())
        for commands, quoted in blocks
        if f"openrecp {about} " in commands
    ]


@pytest.mark.parametrize("name", ["guide.md", "guide.zh-Hant.md"])
@pytest.mark.parametrize(("about", "sessions", "code"), [("economics", 4, 0), ("balance", 4, 1)])
def test_the_session_in_the_guide_happens_as_it_is_told(
    name: str,
    about: str,
    sessions: int,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = commands_of(name, about)
    assert len(blocks) == sessions
    for commands, quoted in blocks:
        for command in commands:
            # Examples are written without findings; a balance with a loss needs attention.
            assert main(command) == (code if command[0] == about else 0), command
        shown = {" ".join(line.split()) for line in capsys.readouterr().out.splitlines()}
        assert quoted
        for line in quoted:
            assert " ".join(line.split()) in shown, line


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
