"""The command line as a person uses it: exit codes, languages, findings, files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from openrecp.cli import COMMANDS, language_of_environment, main
from openrecp.cli.console import fitted, shown_width


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    for name in ("metal-finishing", "small-plant", "process-unit", "screening"):
        assert main(["example", name, "--out", str(folder)]) == 0
    return folder


def test_help_lists_every_command_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    for language, word in (("en", "usage"), ("zh-hant", "用法")):
        code, out, _ = run(capsys, "--lang", language, "--help")
        assert code == 0
        assert word in out
        assert all(f"  {name}" in out for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([name, "--help", "--lang", "zh-hant"])
    assert stop.value.code == 0
    assert "用法" in capsys.readouterr().out


def test_unknown_command_and_missing_argument_are_unusable_input(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "evalaute")
    assert code == 2
    assert "evalaute" in err
    with pytest.raises(SystemExit) as stop:
        main(["check"])
    assert stop.value.code == 2
    assert "FILE" in capsys.readouterr().err


def test_missing_file_is_said_not_thrown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("check", "evaluate", "economics", "screen"):
        code, _, err = run(capsys, command, str(tmp_path / "not-there.xlsx"))
        assert code == 2
        assert "not-there" in err
        assert "Traceback" not in err


def test_language_comes_from_the_environment() -> None:
    assert language_of_environment({"LANG": "zh_TW.UTF-8"}) == "zh-hant"
    assert language_of_environment({"LANG": "de_DE.UTF-8"}) == "en"
    assert language_of_environment({"LANG": "zh_TW.UTF-8", "OPENRECP_LANG": "en"}) == "en"
    assert language_of_environment({}) == "en"


def test_appendix_8_from_the_command_line(examples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = {"economics-60-40.yaml": (26.47, 84844), "economics-all-equity.yaml": (23.09, 81625)}
    for name, (irr, npv) in expected.items():
        code, out, _ = run(capsys, "economics", str(examples / name), "--mode", "epa-1988", "--json")
        data = json.loads(out)
        assert code == 0
        assert round(data["irr"]["value"], 2) == irr
        assert round(data["npv"]["value"]) == npv
        assert data["mode"] == "epa-1988"
        assert data["mode_differences"]["steps"]


def test_economics_shows_payback_first(examples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(
        capsys, "economics", str(examples / "economics-60-40.yaml"), "--mode", "epa-1988", "--explain"
    )
    assert out.index("payback") < out.index("84,844") < out.index("26.47 %")
    assert "total capital ÷ annual net saving" in out


def test_evaluate_opens_every_figure_down_to_its_cells(
    examples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook = next(path for path in examples.glob("metal-finishing*.xlsx") if "zh" not in path.stem)
    _, plain, _ = run(capsys, "evaluate", str(workbook))
    _, out, _ = run(capsys, "evaluate", str(workbook), "--explain")
    assert out.startswith(plain.partition("Findings about the data")[0].rstrip("\n"))
    assert "Simple payback: 0.35 yr  = total capital ÷ annual net saving" in out
    sheet = next(sheet for sheet in load_workbook(workbook) if sheet.title.startswith("14 "))
    line = next(line for line in out.splitlines() if "Process equipment: price: 3,000 USD" in line)
    cell = line.rpartition(" · ")[2].rstrip("]")
    assert f"[{sheet.title} · {cell}]" in line
    assert sheet[cell].value == 3000
    assert "(opened above)" in out
    assert "Not in this sum: O4, counted within O6" in plain


def test_options_of_one_fate_are_listed_by_payback_and_another_mode_is_named(
    examples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook = next(path for path in examples.glob("small-plant*.xlsx") if "zh" not in path.stem)
    _, out, _ = run(capsys, "evaluate", str(workbook), "--mode", "epa-1988")
    rows = [line for line in out.splitlines() if "Recommended  " in line]
    paybacks = [float(row.split("Recommended")[1].split()[0]) for row in rows]
    assert len(paybacks) > 2
    assert paybacks == sorted(paybacks)
    assert "EPA 1988" in out
    assert "at once" in next(line for line in out.splitlines() if "Do at once" in line).split("Do at once")[1]
    assert "EPA" not in run(capsys, "evaluate", str(workbook))[1]


def test_an_empty_workbook_needs_attention_and_its_sheets_are_named_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook = tmp_path / "empty.xlsx"
    assert main(["template", "--simplified", "--lang", "zh-hant", "--out", str(workbook)]) == 0
    code, out, _ = run(capsys, "evaluate", str(workbook))
    assert code == 1
    assert "Nothing to evaluate yet" in out
    code, out, _ = run(capsys, "check", str(workbook), "--lang", "zh-hant")
    assert code == 1
    assert "empty.xlsx · S5 廢棄物源流總論" in out
    assert "表格 8" not in out


def test_explained_sources_are_in_the_readers_language(
    examples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(
        capsys, "economics", str(examples / "economics-60-40.yaml"), "--explain", "--lang", "zh-hant"
    )
    assert "[第 25 行]" in out
    assert "line 25" not in out
    assert "USD" not in out


def test_what_is_written_to_a_file_is_not_cut(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    matrix = tmp_path / "m.csv"
    name = "A very long name of an option " * 4
    matrix.write_text(f"criterion,weight,{name},B\nCost,5,3,4\n", encoding="utf-8")
    _, out, _ = run(capsys, "screen", str(matrix))
    assert name.strip() in out
    assert "…" not in out


def test_the_systems_reasons_are_in_the_readers_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    code, _, err = run(capsys, "template", "--out", str(tmp_path / "file" / "a.xlsx"), "--lang", "zh-hant")
    assert code == 2
    assert "此處需要資料夾" in err
    assert "openrecp-" not in err


def test_appendix_7_from_the_command_line(examples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "screen", str(examples / "screening.csv"), "--json")
    scores = {score["subject"]: score["score"] for score in json.loads(out)["scores"]}
    assert code == 0
    assert scores == {"X": 166, "Y": 122, "Z": 169}
    _, out, _ = run(capsys, "screen", str(examples / "screening.csv"), "--lang", "zh-hant")
    assert "169" in out
    assert "第一名" in out


def test_metal_finishing_pays_back_as_published(examples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workbook = next(path for path in examples.glob("metal-finishing*.xlsx") if "zh" not in path.stem)
    _, out, _ = run(capsys, "evaluate", str(workbook), "--json")
    options = {option["number"]: option for option in json.loads(out)["options"]}
    paybacks = sorted(
        round(option["economics"]["payback"]["value"], 2)
        for option in options.values()
        if option["economics"] and option["economics"]["payback"]["value"]
    )
    assert {0.35, 1.04, 8.07} <= set(paybacks)
    assert any(option["fate"] == "immediate" for option in options.values())


def test_both_languages_of_an_example_evaluate_alike(
    examples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = []
    for workbook in sorted(examples.glob("metal-finishing*.xlsx")):
        _, out, _ = run(capsys, "evaluate", str(workbook), "--json")
        data = json.loads(out)
        found.append(
            [
                (
                    option["number"],
                    option["fate"],
                    option["economics"] and option["economics"]["payback"]["value"],
                )
                for option in data["options"]
            ]
        )
    assert len(found) == 2
    assert found[0] == found[1]


def test_check_names_sheet_and_cell_of_every_fault(
    examples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = next(path for path in examples.glob("small-plant*.xlsx") if "zh" not in path.stem)
    book = load_workbook(source)
    sheet = next(sheet for sheet in book if sheet.title.startswith("S7"))
    changed: list[str] = []
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool) and len(changed) < 2:
                cell.value = ("about five", "#DIV/0!")[len(changed)]
                changed.append(cell.coordinate)
    broken = tmp_path / "broken.xlsx"
    book.save(broken)
    code, out, _ = run(capsys, "check", str(broken))
    assert code == 1
    for coordinate in changed:
        assert f"{sheet.title} · {coordinate}" in out


def test_template_is_not_written_over_somebodys_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plant.xlsx"
    assert run(capsys, "template", "--out", str(path))[0] == 0
    before = path.read_bytes()
    code, _, err = run(capsys, "template", "--simplified", "--out", str(path))
    assert code == 2
    assert "--force" in err
    assert path.read_bytes() == before
    assert run(capsys, "template", "--simplified", "--force", "--out", str(path))[0] == 0
    assert path.read_bytes() != before


def test_simplified_assessment_is_promoted_without_retyping(
    examples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = next(path for path in examples.glob("small-plant*.xlsx") if "zh" in path.stem)
    full, back = tmp_path / "full.xlsx", tmp_path / "full.json"
    assert run(capsys, "convert", str(source), "--full", "--out", str(full), "--lang", "zh-hant")[0] == 0
    assert run(capsys, "convert", str(full), "--out", str(back))[0] == 0
    assert run(capsys, "convert", str(source), "--out", str(tmp_path / "simple.json"))[0] == 0
    promoted = json.loads(back.read_text(encoding="utf-8"))
    simple = json.loads((tmp_path / "simple.json").read_text(encoding="utf-8"))
    assert promoted.pop("simplified") is False
    assert simple.pop("simplified") is True
    assert promoted == simple


def test_report_in_four_formats(examples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = next(path for path in examples.glob("small-plant*.xlsx") if "zh" in path.stem)
    code, out, _ = run(capsys, "report", str(source), "--out", str(tmp_path / "out"), "--lang", "zh-hant")
    written = sorted(path.suffix for path in (tmp_path / "out").iterdir())
    assert code in (0, 1)
    assert written == [".docx", ".html", ".pdf", ".xlsx"]
    assert out.count("已寫入") == 4


def test_report_refuses_an_unknown_format_before_writing(
    examples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = next(iter(examples.glob("small-plant*.xlsx")))
    code, _, err = run(capsys, "report", str(source), "--out", str(tmp_path / "out"), "--format", "pdf,odf")
    assert code == 2
    assert "odf" in err
    assert not (tmp_path / "out").exists()


def test_findings_never_end_in_a_traceback_for_junk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    junk = tmp_path / "junk.xlsx"
    junk.write_bytes(b"PK\x03\x04" + os.urandom(400))
    for command in ("check", "evaluate"):
        code, _, err = run(capsys, command, str(junk))
        assert code == 2
        assert "junk.xlsx" in err


def test_help_imports_no_command(tmp_path: Path) -> None:
    script = (
        "import sys; from openrecp.cli import main; main(['--help']);"
        "heavy = {'pydantic', 'openpyxl', 'docx', 'typst', 'xlsxwriter', 'quickjs', 'yaml'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr


def test_console_lines_up_chinese() -> None:
    assert shown_width("鍍鎳 Ni") == 7
    assert shown_width(fitted("廢棄物源流總論", 9)) == 9
    assert fitted("12", 5, right=True) == "   12"
