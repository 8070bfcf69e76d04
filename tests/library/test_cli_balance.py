"""``openrecp balance`` as a person uses it, and the flowsheet's template, schema and conversion."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring

from openrecp.assessment.examples import example_files
from openrecp.balances.analysis import analyse_balance
from openrecp.balances.flowsheet import Flowsheet, Measurement, Process, Role, Stream
from openrecp.cli import main
from openrecp.cli.balance.asked import changes_of

CLEAN = """
name: Dryer
unit: kg
period: d
currency: TWD
processes:
  - {key: D, name: Dryer}
streams:
  - {key: wet, name: Wet cake, to: D, role: input, flow: "1,000 kg", uncertainty: "± 20 kg", price: 2}
  - {key: dry, name: Dry cake, from: D, role: product, flow: "700 kg", uncertainty: "± 14 kg"}
  - {key: steam, name: Vapour, from: D, role: waste, flow: "305 kg", uncertainty: "± 10 kg"}
"""


@pytest.fixture
def plating(tmp_path: Path) -> str:
    return written(tmp_path, "balance", "en.yaml")


@pytest.fixture
def dryer(tmp_path: Path) -> str:
    path = tmp_path / "dryer.yaml"
    path.write_text(CLEAN, encoding="utf-8")
    return str(path)


def written(folder: Path, example: str, ending: str) -> str:
    contents = example_files(example)
    name = next(name for name in contents if name.endswith(ending))
    (folder / name).write_bytes(contents[name])
    return str(folder / name)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(("balance", *arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def data(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    code, out, err = run(capsys, *arguments, "--json")
    assert code in (0, 1), err
    found: dict[str, Any] = json.loads(out)
    return found


def flat(words: str) -> str:
    return " ".join(words.split())


def test_the_answer_comes_first(plating: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, plating)
    assert code == 1
    order = [
        "Drips and leaks nobody measures (Nickel bath): 1,730 kg/month",
        "worth 62,400 TWD/month",
        "Meter FQ-31: flow of Rinse waste water is measured 22,311 kg/month",
        "The gap of 23,238 kg/month at “Waste water treatment” is then no loss",
        "Of 2,186,171 TWD/month, 668,709 TWD/month (30.6 %) end in waste and losses.",
        "Balances as measured [kg/month]",
        "Reconciled values ± half of the 95 % interval",
        "What to measure next",
    ]
    places = [flat(out).index(words) for words in order]
    assert places == sorted(places)


def test_a_meter_that_is_wrong_is_no_loss(plating: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, plating)
    lost = out[out.index("What is lost") : out.index("Loss or meter error?")]
    assert "Waste water treatment" not in lost
    row = next(line for line in out.splitlines() if line.split()[:1] == ["waste"])
    assert "262,400 ± 5,248" in row
    assert "240,094 ± 3,342" in row
    assert row.endswith("computed; its reading is left out")


def test_letters_and_words_say_how_each_value_is_known(
    plating: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, plating)
    rows = {line.split()[0]: flat(line) for line in out.splitlines() if " kg/month " in line}
    assert rows["water"].endswith("R measured and checked")
    assert rows["anode"].endswith("NR measured, nothing checks it")
    assert rows["leak"].endswith("S computed")


def test_shares_and_reasons_stand_in_the_full_output_alone(
    plating: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, short, _ = run(capsys, plating)
    _, full, _ = run(capsys, plating, "--full")
    for words in (
        "share of Nickel in Drag-out of the bath",
        "not known: flow of Drag-out into the first rinse",
    ):
        assert words not in short
        assert words in full
    assert len(full.splitlines()) > len(short.splitlines())


def test_clean_data_end_with_code_0(dryer: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, dryer)
    assert code == 0, out
    assert "No loss can be told from the error of the meters" in flat(out)
    assert "The meters agree with each other within their errors" in flat(out)


def test_what_is_computed_hides_no_loss(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "dryer.yaml"
    path.write_text(CLEAN.replace(', flow: "305 kg", uncertainty: "± 10 kg"', ""), encoding="utf-8")
    code, out, _ = run(capsys, str(path))
    assert code == 0
    assert "what nobody measures was computed from the balances, which then close by themselves" in flat(out)
    assert "No measurement is checked by another" in flat(out)


def test_the_cost_matrix_is_shown_on_demand(plating: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, short, _ = run(capsys, plating)
    _, out, _ = run(capsys, plating, "--mfca")
    assert "Waste-management cost" not in short
    lines = [flat(line) for line in out.splitlines()]
    assert "Losses 189,268 38,100 104,488 336,853 668,709 30.6 %" in lines
    assert "Total 1,654,571 38,100 118,500 375,000 2,186,171 100.0 %" in lines


def test_what_an_option_changes_is_ranked(plating: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, plating, "--what-if", "Fresh rinse water=0.5")
    assert "It saves 31,783 TWD/month." in out
    after = out[out.index("What if: Fresh rinse water × 0.5") :]
    assert after.index("Metal hydroxide sludge") < after.index("Fresh rinse water  ")
    assert "Taken for this:" in after


def test_drag_out_halved_changes_the_whole_plant(plating: str, capsys: pytest.CaptureFixture[str]) -> None:
    streams = {
        each["key"]: each for each in data(capsys, plating, "--what-if", "dragout=0.5")["what_if"]["streams"]
    }
    assert streams["dragout"]["mass"]["change"] == pytest.approx(-0.5 * streams["dragout"]["mass"]["before"])
    kept = streams["return"]["components"]["Ni"]
    assert kept["after"] == pytest.approx(0.5 * kept["before"])
    assert streams["sludge"]["components"]["Ni"]["change"] < -80
    for key in ("vapour", "leak"):
        assert streams[key]["mass"]["change"] == pytest.approx(0.0, abs=1e-6)


def test_a_recycle_may_be_named(plating: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, plating, "--what-if", "leak=0.5", "--recycle", "Drag-out returned")
    assert code == 1
    assert "It saves" in out
    code, _, err = run(capsys, plating, "--what-if", "leak=0.5", "--recycle", "retrun")
    assert code == 2
    assert "“return” may be meant" in err


def test_an_option_that_cannot_be_is_explained_once(plating: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, plating, "--what-if", "drag2=0.5")
    assert code == 1
    assert flat(out).count("“Drag-out into the second rinse” would have to flow backwards") == 1


@pytest.mark.parametrize("ending", ["svg", "png"])
@pytest.mark.parametrize("option", ["--sankey", "--diagram"])
@pytest.mark.parametrize("content", ["mass", "component", "cost"])
def test_pictures_are_written(
    plating: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, ending: str, content: str
) -> None:
    path = tmp_path / f"picture.{ending}"
    _, out, err = run(capsys, plating, option, str(path), "--of", content)
    assert f"Written: {path}" in out, err
    if ending == "png":
        assert path.read_bytes().startswith(b"\x89PNG")
        return
    picture = fromstring(path.read_text(encoding="utf-8"))
    words = " ".join(picture.itertext())
    assert "Figure(" not in words
    assert "Drips and leaks" in words


def test_the_picture_shows_the_component_asked_for(
    plating: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "nickel.svg"
    run(capsys, plating, "--component", "nickel", "--sankey", str(path))
    words = path.read_text(encoding="utf-8")
    assert "Flows in kg/month" in words
    assert "Fresh rinse water" not in words


def test_a_picture_that_exists_is_not_replaced(
    plating: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.svg"
    path.write_text("mine", encoding="utf-8")
    code, out, err = run(capsys, plating, "--sankey", str(path))
    assert (code, out, path.read_text(encoding="utf-8")) == (2, "", "mine")
    assert "--force" in err
    assert run(capsys, plating, "--sankey", str(path), "--force")[0] == 1
    assert path.read_text(encoding="utf-8") != "mine"


def test_json_has_everything_in_full_precision(plating: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = data(capsys, plating, "--what-if", "water=0.5")
    assert (found["format"], found["version"], found["kind"]) == ("openrecp-balance", 1, "flowsheet")
    leak = next(each for each in found["losses"] if each["key"] == "leak")
    assert leak["significant"]
    assert leak["amount"] == pytest.approx(1730.0518364, rel=1e-8)
    assert leak["money"] == pytest.approx(leak["amount"] * leak["price"])
    assert found["left_out"] == [{"quantity": "flow", "key": "waste", "component": None}]
    values = {
        (each["quantity"], each["key"], each["component"]): each for each in found["reconciled"]["values"]
    }
    water = values["flow", "water", None]
    assert water["class"] == "redundant"
    assert water["solvability"] == "R"
    assert water["adjustment"] == pytest.approx(water["measured"] - water["value"])
    assert water["high"] - water["low"] == pytest.approx(2 * 1.959963984540054 * water["sd"])
    assert values["flow", "leak", None]["measured"] is None
    assert values["fraction", "dragout", "Ni"]["unit"] == ""
    assert found["reconciled"]["convergence"]["converged"]
    assert found["what_if"]["saving"] == pytest.approx(31782.7755969, rel=1e-6)


def test_json_tells_the_tests_with_their_critical_values(
    plating: str, capsys: pytest.CaptureFixture[str]
) -> None:
    suspicion = data(capsys, plating)["suspicion"]
    (suspect,) = suspicion["suspects"]
    assert suspect["members"][0]["ref"]["key"] == "waste"
    assert suspect["chi2_before"] > 50 > suspect["chi2_after"]
    assert suspect["critical"]["value"] == pytest.approx(2.783, abs=0.02)
    assert suspicion["measurement"]["critical"]["method"]
    assert not suspicion["global"]["passed"]
    assert suspicion["global_after"]["passed"]
    assert len(suspicion["alike"]) == 8
    assert {each["key"] for each in suspicion["meters"]} >= {"water", "waste", "STOCK"}


def test_json_of_costs_adds_up(plating: str, capsys: pytest.CaptureFixture[str]) -> None:
    costs = data(capsys, plating)["costs"]
    matrix = costs["matrix"]
    parts = sum(matrix[row]["total"] for row in ("product", "loss", "stock", "trapped"))
    assert parts == pytest.approx(costs["total"])
    assert matrix["loss"]["total"] == pytest.approx(costs["losses"])
    assert sum(each["true_cost"] for each in costs["wastes"]) == pytest.approx(costs["losses"])


def test_json_without_prices_has_no_costs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "dryer.yaml"
    path.write_text(CLEAN.replace(", price: 2", "").replace("currency: TWD\n", ""), encoding="utf-8")
    assert data(capsys, str(path))["costs"] is None
    _, out, _ = run(capsys, str(path), "--mfca")
    assert "Nothing in this flowsheet has a price" in flat(out)
    assert "Worth" not in out


def keys_of(found: object) -> set[str]:
    """Every key of plain data; those below the keys of a flowsheet are not ours."""
    if isinstance(found, list):
        return set().union(*map(keys_of, found))
    if not isinstance(found, dict):
        return set()
    below = [value for key, value in found.items() if key not in {"components", "smallest_bias"}]
    return set(found) | set().union(*map(keys_of, below))


def test_every_key_of_the_json_is_described(plating: str, capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    start = page.index("## `openrecp balance`")
    described = set(re.findall(r"`([a-zA-Z0-9_-]+)`", page[start : page.index("## `openrecp screen`")]))
    described |= {"version", "library", "code", "severity", "message", "file", "line", "path"}
    found = data(capsys, plating, "--what-if", "water=0.5")
    assert not keys_of(found) - described


def test_an_assessment_is_drawn_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, "metal-finishing", "en.json")
    code, out, _ = run(capsys, path)
    assert code == 1
    assert "flowsheet drawn from the assessment, with a loss where meters do not explain a gap" in out
    assert "Loss of Collection sump and settling tank" in out
    assert "“Loss of" not in out[out.index("Findings about the data") :]
    assert data(capsys, path)["kind"] == "assessment"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--component", "Cu"], "There is no component “Cu” in this flowsheet; there are Ni (Nickel)."),
        (["--what-if", "watr=0.5"], "There is no stream “watr” in this flowsheet; “water” may be meant."),
        (["--what-if", "water"], "“water” says no stream and factor."),
        (["--what-if", "water=half"], "“half” is not a number"),
        (["--what-if", "water:Cu=0.5"], "There is no component “Cu”"),
        (["--sankey", "out.pdf"], "ends in .svg or .png"),
        (["--of", "energy", "--sankey", "out.svg"], "No stream of this flowsheet carries energy"),
    ],
)
def test_what_cannot_be_done_is_said(
    plating: str, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    code, out, err = run(capsys, plating, *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_everything_wrong_with_the_options_is_said_at_once(
    plating: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, _, err = run(capsys, plating, "--what-if", "watr=0.5", "--what-if", "x", "--what-if", "water=abc")
    assert len(err.strip().splitlines()) == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("streams: [", "line"),
        ("processes: []\nstreams: []\n", "process"),
        (CLEAN.replace('"700 kg"', "seven"), "line 10"),
        (CLEAN.replace("from: D, role: product", "from: E, role: product"), "E"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_balanced_is_refused_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: str, said: str
) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(words, encoding="utf-8")
    code, out, err = run(capsys, str(path))
    assert (code, out) == (2, "")
    assert said in err


def test_a_file_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "nowhere.yaml")
    assert code == 2
    assert "nowhere.yaml" in err


def test_a_file_of_another_kind_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "other.json"
    path.write_text('{"a": 1}', encoding="utf-8")
    code, _, err = run(capsys, str(path))
    assert code == 2
    assert "other.json" in err


def test_the_chinese_example_comes_to_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    english = data(capsys, written(tmp_path, "balance", "en.yaml"))
    chinese = data(capsys, written(tmp_path, "balance", "zh-hant.yaml"), "--lang", "zh-hant")
    for one, other in zip(english["losses"], chinese["losses"], strict=True):
        assert one["amount"] == other["amount"]
        assert one["key"] == other["key"]
    assert "無人量測的滴漏" in {each["name"] for each in chinese["losses"]}


def test_a_stream_may_be_named_in_many_ways() -> None:
    plant = Flowsheet(
        "Plant",
        (Process("p", "Tank"),),
        (
            Stream("a:b", "Water = hot", None, "p", flow=Measurement(1.0, 0.1), role=Role.INPUT),
            Stream("c", "Overflow", "p", None, role=Role.WASTE),
        ),
    )
    analyse_balance(plant)
    typed = ("a:b=0.5", "water = HOT=2", "overflow = 50e-2")
    assert [(each.stream, each.factor) for each in changes_of(typed, plant)] == [
        ("a:b", 0.5),
        ("a:b", 2.0),
        ("c", 0.5),
    ]


def test_workbook_yaml_and_json_of_a_flowsheet_say_the_same(
    plating: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook, document = str(tmp_path / "plating.xlsx"), str(tmp_path / "plating.json")
    assert main(("convert", plating, "--out", workbook)) == 0
    assert main(("convert", workbook, "--out", document)) == 0
    capsys.readouterr()
    outputs = {run(capsys, path)[1] for path in (plating, workbook, document)}
    assert len(outputs) == 1
    assert main(("convert", plating, "--out", str(tmp_path / "plating.csv"))) == 2


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_the_template_of_a_flowsheet_is_written_and_read_as_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    path = str(tmp_path / "plant.xlsx")
    assert main(("template", "--balance", "--out", path, "--lang", language)) == 0
    assert main(("template", "--balance", "--out", path, "--lang", language)) == 2
    capsys.readouterr()
    code, _, err = run(capsys, path, "--lang", language)
    assert code == 2
    assert "plant.xlsx" in err


def test_the_schema_of_a_flowsheet_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("schema", "--balance")) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "OpenRECP flowsheet"
    assert main(("schema",)) == 0
    assert json.loads(capsys.readouterr().out)["title"] != "OpenRECP flowsheet"


def test_help_loads_no_balances() -> None:
    code = (
        "import sys; from openrecp.cli import main; main(['--help']); "
        "print([name for name in sys.modules if name.startswith(('openrecp.balances', 'numpy', 'scipy'))])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "balance" in out
    assert out.splitlines()[-1] == "[]"


def test_a_robust_estimate_gives_a_second_opinion(
    plating: str, dryer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, short, _ = run(capsys, plating)
    assert "Second opinion" not in short
    _, out, _ = run(capsys, plating, "--full")
    assert "these readings count for less than half: flow of Rinse waste water." in flat(out)
    _, out, _ = run(capsys, dryer, "--full")
    assert "every reading counts for more than half" in flat(out)
    robust = data(capsys, plating)["suspicion"]["robust"]
    lowest = min(robust["weights"], key=lambda each: float(each["weight"]))
    assert (robust["estimator"], lowest["ref"]["key"]) == ("welsch", "waste")
    assert lowest["weight"] < 0.01


def test_a_meter_for_a_gap_names_the_process_and_not_its_key(
    dryer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, dryer)
    assert "A meter twice as good for flow of Wet cake: the loss at Dryer is then known to" in flat(out)
