"""``openrecp economics`` for several cases: side by side, exclusive ones, a budget, what avoiding costs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from economics_cases import FUNDED, LAMPS, OSMOSIS, WASHING, case_file

from openrecp.assessment.case_choice import candidate_of
from openrecp.assessment.case_file import parse_case
from openrecp.cli import main
from openrecp.cli.console import shown_width
from openrecp.economics import evaluate_project
from openrecp.economics.choice import best_set

WORDS = {"heat": FUNDED, "washing": WASHING, "osmosis": OSMOSIS, "lamps": LAMPS}


@pytest.fixture
def cases(tmp_path: Path) -> dict[str, str]:
    return {key: case_file(tmp_path, key, words) for key, words in WORDS.items()}


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(("economics", *arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def data(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    code, out, err = run(capsys, *arguments, "--json")
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


def test_the_best_set_under_a_budget_is_that_of_the_library(
    cases: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    read = [parse_case(words, f"{key}.yaml") for key, words in WORDS.items()]
    candidates = [candidate_of(case.choice, evaluate_project(case.project)) for case in read]
    found = data(capsys, *cases.values(), "--budget", "3,500,000")["best_set"]
    expected = best_set(candidates, 3_500_000)
    assert found["chosen"] == list(expected.chosen) == ["osmosis", "lamps"]
    assert found["proof"] == "optimal"
    assert found["gap"]["value"] == 0
    assert expected.value is not None
    assert found["value"]["npv"]["value"] == expected.value.npv.value
    reasons = {each["key"]: each["reason"] for each in found["left_out"]}
    assert reasons == {"heat": "budget", "washing": "excluded"}


def test_a_budget_shows_what_is_chosen_and_why_the_others_are_not(
    cases: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, *cases.values(), "--budget", "350萬")
    assert code == 0
    for words in (
        "4 cases",
        "Best set under a budget of 3,500,000 TWD: Proven best",
        "a gap of 0 %",
        "Left of the budget: 680,000 TWD",
        "Not Heat recovery (Budget)",
        "Not Counter-current washing (Excluded by what is chosen)",
    ):
        assert words in out


def test_cases_that_exclude_each_other_are_compared_step_by_step(
    cases: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    found = data(capsys, *cases.values())
    (comparison,) = found["exclusive"]
    assert {rank["key"] for rank in comparison["ranks"]} == {"washing", "osmosis"}
    assert comparison["chosen"] == "osmosis"
    rates = {rank["key"]: rank["irr"]["value"] for rank in comparison["ranks"]}
    assert rates["washing"] > rates["osmosis"]
    steps = [(step["defender"], step["challenger"], step["winner"]) for step in comparison["increments"]]
    assert steps == [(None, "washing", "washing"), ("washing", "osmosis", "osmosis")]
    _, out, _ = run(capsys, *cases.values())
    assert "If only one of them can be done: Reverse osmosis" in out


def test_cases_that_do_not_exclude_each_other_are_compared_as_alternatives_without_a_budget(
    cases: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    (comparison,) = data(capsys, cases["lamps"], cases["osmosis"])["exclusive"]
    assert {rank["key"] for rank in comparison["ranks"]} == {"lamps", "osmosis"}
    assert data(capsys, cases["lamps"], cases["osmosis"], "--budget", "5e6")["exclusive"] == []


def test_cases_at_different_rates_are_not_compared_and_it_is_said_why(
    tmp_path: Path, cases: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    other = case_file(tmp_path, "other", LAMPS.replace("discount_rate: 10 %", "discount_rate: 8 %"))
    found = data(capsys, other, cases["osmosis"])
    assert found["exclusive"] == []
    assert "8 %, 10 %" in found["not_compared"]
    assert found["best_set"]["chosen"] == ["lamps", "osmosis"]


def test_an_excluded_case_that_is_not_given_is_pointed_out(
    cases: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    found = data(capsys, cases["washing"], cases["lamps"])
    (note,) = found["issues"]
    assert (note["code"], note["severity"], note["file"]) == ("excluded-case-absent", "note", "washing.yaml")
    assert found["best_set"]["chosen"] == ["washing", "lamps"]


def test_the_abatement_curve_warns_of_its_trap_beside_the_better_ranking(
    cases: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    found = data(capsys, *cases.values(), "--budget", "3500000")
    (curve,) = found["abatement"]
    assert curve["quantity"] == "t CO2e"
    costs = [bar["unit_cost"]["value"] for bar in curve["bars"]]
    assert costs == sorted(costs)
    assert curve["bars"][-1]["end"] == 9 + 4 + 22 + 180
    assert len(curve["misleading"]) == 2
    assert min(filling["shortfall"]["value"] for filling in curve["fillings"]) == 0
    ratios = [each["npv_per_capital"]["value"] for each in found["ranking"]]
    assert ratios == sorted(ratios, reverse=True)
    _, out, _ = run(capsys, *cases.values(), "--budget", "3500000")
    assert "the order of the curve means nothing" in " ".join(out.split())


def test_one_case_with_a_budget_keeps_its_shape_and_its_exit_code(
    cases: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    found = data(capsys, cases["lamps"], "--budget", "100000")
    assert found["format"] == "openrecp-economics"
    assert found["choice"]["best_set"]["chosen"] == []
    assert found["choice"]["best_set"]["left_out"][0]["reason"] == "budget"


def test_several_cases_end_with_0_even_if_one_is_not_met(
    tmp_path: Path, cases: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    poor = case_file(tmp_path, "poor", OSMOSIS.replace("amount: 700000", "amount: 300000"))
    code, out, _ = run(capsys, poor, cases["lamps"])
    assert code == 0
    assert "not accepted" in out


def test_a_budget_that_the_law_exceeds_needs_attention(
    tmp_path: Path, cases: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    required = LAMPS + "criteria: {required_by_law: Energy Administration Act}\n"
    arguments = (case_file(tmp_path, "required", required), cases["osmosis"], "--budget", "1000")
    code, out, _ = run(capsys, *arguments)
    assert code == 1
    assert "No set meets the conditions" in out
    assert "Raise it by 319,000" in " ".join(out.split())
    assert "as good as the best set" not in out
    code, out, _ = run(capsys, *arguments, "--json")
    assert code == 1
    assert json.loads(out)["best_set"]["proof"] == "infeasible"


def test_what_is_asked_of_each_case_is_answered_for_each(
    cases: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = (cases["lamps"], cases["osmosis"], "--monte-carlo", "200", "--break-even", "capital")
    found = data(capsys, *arguments)
    assert [each["monte_carlo"]["draws"] for each in found["cases"]] == [200, 200]
    assert [each["break_even"][0]["key"] for each in found["cases"]] == ["capital", "capital"]
    _, out, _ = run(capsys, *arguments)
    assert "Likely to gain" in out
    assert "— LED lamps —" in out


def test_cases_that_cannot_be_chosen_among_are_refused_with_the_reason(
    tmp_path: Path, cases: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    dollars = case_file(tmp_path, "dollars", LAMPS.replace("TWD", "USD").replace("key: lamps", "key: usd"))
    for arguments, words in (
        ((cases["lamps"], dollars), "several currencies"),
        ((cases["lamps"], cases["lamps"]), "lamps"),
    ):
        code, out, err = run(capsys, *arguments)
        assert code == 2
        assert out == ""
        assert words in err


def test_a_case_that_requires_one_that_is_not_given_is_refused(
    tmp_path: Path, cases: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    needy = LAMPS.replace("{key: lamps}", "{key: needy, requires: [cables]}")
    code, _, err = run(capsys, case_file(tmp_path, "needy", needy), cases["osmosis"])
    assert code == 2
    assert "needy.yaml" in err
    assert "cables" in err


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_the_choice_reads_well_on_a_page(
    cases: dict[str, str], language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, *cases.values(), "--budget", "3500000", "--lang", language)
    assert [line for line in out.splitlines() if shown_width(line) > 104] == []
    if language == "zh-hant":
        for words in ("最佳組合", "已證明為最佳", "未選入「Heat recovery」", "若只能擇一"):
            assert words in out
        for words in ("Chosen", "budget", "Option", "Cost of"):
            assert words not in out


def test_every_figure_of_a_choice_can_be_opened(
    cases: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, *cases.values(), "--budget", "3500000", "--explain")
    opened = out[out.index("The choice: every figure opened") :]
    assert "= sum of the net present values alone" in opened
    assert "= −net present value ÷ amount avoided over its life" in opened
    assert "lamps.yaml · line" in opened
    total = next(line for line in opened.splitlines() if "LED lamps: Capital" in line)
    assert "= sum of the capital items, working capital and construction interest" in total


def test_the_solver_prints_nothing_into_the_json(cases: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "openrecp.cli", "economics", *cases.values(), "--budget", "3500000", "--json"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["best_set"]["proof"] == "optimal"


def test_every_key_of_the_json_is_described(
    cases: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    described = set(re.findall(r"`([a-z_-]+)`", page[page.index("## `openrecp economics`") :]))
    described |= {
        "format",
        "version",
        "library",
        "name",
        "key",
        "unit",
        "figure",
        "inputs",
        "value",
        "reason",
    }
    several = data(capsys, *cases.values(), "--budget", "3500000")
    one = data(capsys, cases["heat"], "--monte-carlo", "50", "--break-even", "all", "--mode", "epa-1988")
    groups = [several, several["best_set"], several["abatement"][0], several["exclusive"][0], one]
    groups += [one["monte_carlo"], one["monte_carlo"]["npv"], one["monte_carlo"]["drivers"]]
    groups += [one["cash_flow"], one["loans"][0], one["break_even"][0], one["break_even"][0]["points"][0]]
    for group in groups:
        assert set(group) <= described, set(group) - described
