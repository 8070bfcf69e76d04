"""``openrecp economics`` for one case, as a person uses it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from economics_cases import FUNDED, LAMPS, WASHING, case_file
from hypothesis import given
from hypothesis import strategies as st

from openrecp.assessment.case_file import parse_case
from openrecp.cli import main
from openrecp.cli.console import shown_width, wrapped
from openrecp.cli.economics.years import short_columns
from openrecp.economics import (
    EPA_1988,
    TEXTBOOK,
    after_tax_cash_flow,
    evaluate_project,
    project_inputs,
)

EVERYTHING = (
    "--monte-carlo",
    "500",
    "--break-even",
    "all",
    "--two-way",
    "capital",
    "savings",
    "--full",
    "--explain",
)


@pytest.fixture
def funded(tmp_path: Path) -> str:
    return case_file(tmp_path, "funded", FUNDED)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(("economics", *arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def data(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    code, out, err = run(capsys, *arguments, "--json")
    assert code in (0, 1), err
    found: dict[str, Any] = json.loads(out)
    return found


def test_the_decision_comes_first_and_limits_stand_side_by_side(
    funded: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, funded)
    assert code == 0
    order = ["Simple payback", "Meets the criteria adjusted for risk", "Discounted payback", "Best case"]
    places = [out.index(words) for words in order]
    assert places == sorted(places)
    limits = next(line for line in out.splitlines() if "for less risk only" in line)
    assert "≤ 4.00 yr" in limits
    assert "≤ 5.00 yr" in limits


def test_every_way_of_paying_and_the_avoided_fine_are_shown(
    funded: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, funded)
    lines = out.splitlines()
    assert any(
        "Green loan" in line and "2 %, 5 years, 1 of grace with interest alone" in line for line in lines
    )
    assert any(line.split() == ["Energy", "grant", "600,000", "TWD", "taxed"] for line in lines)
    assert any("Tax credits used" in line and "200,000 TWD" in line for line in lines)
    assert any("Fine avoided" in line and "+" in line for line in lines)
    header = next(line for line in lines if line.split()[:2] == ["Year", "Investment"])
    assert "Grants" in header
    assert "Real" in header


@pytest.mark.parametrize("conventions", [TEXTBOOK, EPA_1988])
@pytest.mark.parametrize("words", [FUNDED, LAMPS])
def test_the_few_columns_add_up_to_the_cash_flow(words: str, conventions: Any) -> None:
    flow = after_tax_cash_flow(parse_case(words, "case.yaml").project, conventions)
    columns = short_columns(flow)
    for place, cash in enumerate(flow.cash):
        assert sum(column.amounts[place] for column in columns) == pytest.approx(cash, abs=1e-6)


def test_long_tables_come_only_when_asked_for(funded: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, short, _ = run(capsys, funded)
    _, full, _ = run(capsys, funded, "--full")
    for words in ("Taxable income", "Owed at the end of the year", "Operating savings and costs"):
        assert words not in short
        assert words in full
    assert "further inputs matter less" in short
    assert "further inputs matter less" not in full


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_no_line_is_wider_than_a_page(funded: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, funded, *EVERYTHING[:-1], "--lang", language)
    too_wide = [line for line in out.splitlines() if shown_width(line) > 100]
    assert too_wide == []


def test_everything_is_said_in_chinese(funded: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, funded, *EVERYTHING, "--lang", "zh-hant")
    for words in (
        "風險：",
        "損益兩平",
        "資金來源",
        "稅後現金流量",
        "敏感度",
        "若發生其他情況",
        "貸款",
        "種子",
    ):
        assert words in out
    for words in ("net present value", "Discounted payback", "Loan", "draws", "Year"):
        assert words not in out


def test_every_figure_can_be_opened(funded: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, funded, *EVERYTHING)
    opened = out[out.index("every figure opened") :]
    for words in (
        "Simple payback: 4.34 yr  = total capital ÷ annual net saving",
        "Green loan",
        "= share granted × fixed capital, up to the limit",
        "Probability of a net present value above zero",
        "[line 5]",
    ):
        assert words in opened


def test_old_keys_of_the_json_stay(funded: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = data(capsys, funded)
    evaluation = evaluate_project(parse_case(FUNDED, "funded.yaml").project)
    old = {
        "format",
        "version",
        "library",
        "name",
        "currency",
        "mode",
        "payback",
        "npv",
        "irr",
        "total_capital",
        "annual_net_saving",
        "construction_interest",
        "loan",
        "equity",
        "judgement",
        "cash_flow",
        "operating",
        "cases",
        "tornado",
    }
    assert old <= set(found)
    assert found["format"] == "openrecp-economics"
    assert found["npv"]["value"] == evaluation.npv.value
    assert found["irr"]["value"] == evaluation.irr.value
    assert found["irr"]["roots"] == [evaluation.irr.value]
    assert found["discounted_payback"]["value"] == evaluation.merits.discounted_payback.value
    assert set(found["cases"]) == {"best", "base", "worst"}


def test_the_json_holds_loans_grants_credits_and_scenarios(
    funded: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = data(capsys, funded)
    (loan,) = found["loans"]
    assert loan["balance"][-1] == pytest.approx(0, abs=1e-6)
    assert sum(loan["principal"]) == pytest.approx(loan["amount"]["value"])
    assert [grant["value"] for grant in found["grants"]] == [600_000]
    assert found["tax_credits"] == {"used": 200_000, "lapsed": 0, "open": 0}
    (scenario,) = found["scenarios"]
    assert scenario["npv_change"]["value"] == scenario["npv"]["value"] - found["npv"]["value"]
    assert scenario["avoided"][0]["value"] == 30_000
    checks = {check["figure"]["unit"]: check for check in found["judgement"]["checks"]}
    assert (checks["yr"]["limit"], checks["yr"]["eased_limit"], checks["yr"]["eased_met"]) == (4, 5, True)
    assert found["cash_flow"]["real"][0] == pytest.approx(
        found["cash_flow"]["lines"][-3]["amounts"][0] * 1.02
    )


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_the_json_has_the_same_numbers_in_both_languages(
    funded: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def numbers(item: Any) -> Any:
        if isinstance(item, dict):
            return {key: numbers(value) for key, value in item.items()}
        if isinstance(item, list):
            return [numbers(value) for value in item]
        return None if isinstance(item, str) else item

    options = (
        "--monte-carlo",
        "200",
        "--break-even",
        "all",
        "--two-way",
        "life",
        "capital",
        "--budget",
        "5e6",
    )
    english = data(capsys, funded, *options)
    assert numbers(data(capsys, funded, *options, "--lang", language)) == numbers(english)


def test_the_same_seed_gives_the_same_output(funded: str, capsys: pytest.CaptureFixture[str]) -> None:
    first = run(capsys, funded, "--monte-carlo", "2000", "--seed", "42")
    assert run(capsys, funded, "--monte-carlo", "2,000", "--seed", "42") == first
    other = run(capsys, funded, "--monte-carlo", "2000", "--seed", "43")
    assert other != first
    assert "seed 42" in first[1]


def test_who_gives_a_seed_wants_draws(funded: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, funded, "--seed", "5") == run(capsys, funded, "--seed", "5", "--monte-carlo")


def test_all_inputs_may_be_asked_for_in_any_spelling(funded: str, capsys: pytest.CaptureFixture[str]) -> None:
    every = run(capsys, funded, "--break-even", "all")
    assert every[0] == 0
    for words in ("ALL", "全部"):
        assert run(capsys, funded, "--break-even", words) == every


def test_without_a_number_there_are_ten_thousand_draws_of_the_cases_seed(
    funded: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = data(capsys, funded, "--monte-carlo")["monte_carlo"]
    assert (found["draws"], found["seed"], found["stated"]) == (10_000, 7, True)
    assert data(capsys, "--monte-carlo", funded)["monte_carlo"] == found
    gain = found["probability_of_gain"]
    assert gain["low"] < gain["value"] < gain["high"]
    assert (
        sum(found["histogram"]["counts"]) + found["histogram"]["below"] + found["histogram"]["above"]
        == 10_000
    )
    percentiles = list(found["npv"]["percentiles"].values())
    assert percentiles == sorted(percentiles)
    shares = [each["share"] for each in found["drivers"]["inputs"]]
    assert sum(shares) == pytest.approx(100)


def test_without_distributions_the_best_and_worst_case_are_drawn_and_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = case_file(tmp_path, "lamps", LAMPS)
    found = data(capsys, case, "--monte-carlo", "100")["monte_carlo"]
    assert not found["stated"]
    assert [each["key"] for each in found["inputs"]] == ["capital", "savings"]
    assert [each["value"] for each in found["inputs"][0]["parameters"]] == [256_000, 320_000, 384_000]
    _, out, _ = run(capsys, case, "--monte-carlo", "100")
    assert "states no distributions" in out


def test_nothing_uncertain_is_said_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    certain = LAMPS + "scenarios:\n  best: {}\n  worst: {}\n"
    code, _, err = run(capsys, case_file(tmp_path, "lamps", certain), "--monte-carlo")
    assert code == 2
    assert "monte_carlo" in err
    assert "lamps.yaml" in err


def test_break_even_is_where_the_net_present_value_is_zero(
    funded: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (found,) = data(capsys, funded, "--break-even", "Steam saved")["break_even"]
    (point,) = found["points"]
    project = parse_case(FUNDED, "funded.yaml").project
    changed = project_inputs(project)["Steam saved"].put(project, point["value"])
    assert evaluate_project(changed).npv.value == pytest.approx(0, abs=1e-3)
    assert found["reached"]
    assert point["margin"]["value"] < 0


def test_break_even_of_all_inputs_has_the_most_sensitive_first(
    funded: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = data(capsys, funded, "--break-even", "all")["break_even"]
    nearest = [
        min(
            (
                abs(point["margin"]["value"])
                for point in each["points"]
                if point["margin"]["value"] is not None
            ),
            default=float("inf"),
        )
        for each in found
    ]
    assert nearest == sorted(nearest)
    assert {each["key"] for each in found} >= {"capital", "savings", "Steam saved", "loan_share", "grants"}
    assert all(each["points"] or each["reason"] for each in found)


@pytest.mark.parametrize("name", ["discount_rate", "discount-rate", "Discount Rate", "折現率"])
def test_an_input_is_found_by_key_or_by_name_in_either_language(
    funded: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (found,) = data(capsys, funded, "--break-even", name)["break_even"]
    assert found["key"] == "discount_rate"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "“capitol” is not an input of this case; “capital” may be meant",
                "discount_rate (Discount rate)",
            ),
        ),
        ("zh-hant", ("「capitol」不是此案例的輸入值；是否為「capital」？", "discount_rate（折現率）")),
    ],
)
def test_unknown_inputs_are_said_together_with_those_there_are(
    funded: str, language: str, words: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(
        capsys, funded, "--break-even", "capitol", "--two-way", "life", "nothing like it", "--lang", language
    )
    assert code == 2
    assert out == ""
    assert all(each in err for each in words)
    assert "nothing like it" in err
    assert err.count("discount_rate") == 1


def test_a_two_way_table_has_the_base_case_at_its_middle(
    funded: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = data(capsys, funded, "--two-way", "capital", "savings")
    (table,) = found["two_way"]
    row = table["rows"]["values"].index(table["rows"]["base"])
    column = table["columns"]["values"].index(table["columns"]["base"])
    assert table["cells"][row][column] == pytest.approx(found["npv"]["value"])
    _, out, _ = run(capsys, funded, "--two-way", "capital", "savings")
    assert "4,000,000*" in out


def test_two_way_refuses_an_input_twice_at_the_file(funded: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, funded, "--two-way", "capital", "capital")
    assert code == 2
    assert "funded.yaml" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--monte-carlo", "many"), "--monte-carlo"),
        (("--monte-carlo", "0"), "--monte-carlo"),
        (("--monte-carlo", "1.5"), "1.5 is not a whole number"),
        (("--monte-carlo", "1e13"), "too many"),
        (("--seed", "-1"), "--seed"),
        (("--budget", "some"), "--budget"),
    ],
)
def test_what_cannot_be_understood_of_the_options_is_said(
    funded: str, arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, funded, *arguments)
    assert code == 2
    assert out == ""
    assert words in err


def test_all_mistakes_in_the_options_are_said_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "--budget", "x", "--seed", "y", "--monte-carlo", "z")
    assert code == 2
    assert all(words in err for words in ("No case is named", "--budget", "--seed", "--monte-carlo"))


def test_mistakes_in_all_files_are_listed_with_file_line_and_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = case_file(tmp_path, "one", WASHING.replace("tax_rate: 20 %", "tax_rate: 20"))
    two = case_file(tmp_path, "two", LAMPS.replace("life: 8\n", "lief: 8\n", 1))
    code, out, err = run(capsys, one, two)
    assert code == 2
    assert out == ""
    assert "one.yaml · line 5" in err
    assert "two.yaml" in err
    assert "“lief”" in err


def test_criteria_that_are_not_met_give_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    poor = LAMPS.replace("amount: 140000", "amount: 40000")
    code, out, _ = run(capsys, case_file(tmp_path, "poor", poor))
    assert code == 1
    assert "Does not meet the owner's criteria" in out
    assert run(capsys, case_file(tmp_path, "lamps", LAMPS))[0] == 0


def test_ways_of_procuring_stand_beside_purchase(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ways = """
ways:
  - purchase:
  - instalments: {years: 4, down_share: 30 %, interest_rate: 4.5 %}
  - lease: {yearly_payment: 700000, years: 7, purchase_price: 100000}
  - performance_contract: {guaranteed_saving: 900000, yearly_fee: 60000, years: 6}
  - shared_savings: {client_share: 30 %, years: 6, buyout_price: 0}
"""
    case = case_file(tmp_path, "ways", FUNDED + ways)
    found = data(capsys, case)
    kinds = [each["kind"] for each in found["ways"]]
    assert kinds == ["purchase", "instalments", "lease", "performance-contract", "shared-savings"]
    assert found["ways"][0]["npv"]["value"] == found["npv"]["value"]
    for each in found["ways"]:
        difference = each["npv"]["value"] - found["npv"]["value"]
        assert each["npv_difference"]["value"] == pytest.approx(difference)
        assert each["rules"]
    _, out, _ = run(capsys, case)
    best = max(found["ways"], key=lambda each: each["npv"]["value"])
    assert f"{best['name']} is worth most" in out
    assert "the other side bears" in out
    rule = found["ways"][2]["rules"][0]
    assert rule.split(";")[0] not in out
    _, full, _ = run(capsys, case, "--full", "--explain")
    assert rule.split(";")[0] in full
    assert "Interest within the payments" in full[full.index("every figure opened") :]


def test_a_figure_without_a_value_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    losing = LAMPS.replace("amount: 140000", "amount: -10000")
    _, out, _ = run(capsys, case_file(tmp_path, "losing", losing))
    assert "Simple payback: none;" in out
    assert "Internal rate of return: none;" in out


def test_the_json_on_standard_output_is_nothing_but_json(funded: str) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "openrecp.cli",
            "economics",
            funded,
            "--json",
            "--monte-carlo",
            "100",
            "--budget",
            "5000000",
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["choice"]["best_set"]["chosen"] == ["heat"]


def test_scipy_is_imported_only_when_it_is_needed(funded: str) -> None:
    script = (
        "import sys; from openrecp.cli import main;"
        f"main(['economics', {funded!r}, '--json', '--break-even', 'all']);"
        "sys.exit('scipy' if 'scipy.optimize' in sys.modules else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


WORDS = st.text(alphabet="ab 12,.回收期為，。「」（）%…", max_size=80)


@given(WORDS, st.integers(min_value=8, max_value=40))
def test_broken_lines_hold_all_words_within_the_width(words: str, width: int) -> None:
    lines = wrapped(words, width)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    for line in lines:
        assert line == line.strip()
        assert line
        assert shown_width(line) <= width or " " not in line.strip("，。」）…")
