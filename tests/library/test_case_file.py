"""Economics cases as people write them, and every way they go wrong."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from economics_sample import APPENDIX_8
from hypothesis import given
from hypothesis import strategies as st

from openrecp.assessment.case_file import EconomicsCase, parse_case, read_case
from openrecp.economics import (
    EPA_1988,
    CaseName,
    DepreciationMethod,
    OperatingClass,
    OperatingItem,
    evaluate_project,
    tornado,
)
from openrecp.errors import UnusableInput, Where
from openrecp.texts import render

EXAMPLES = files("openrecp.assessment") / "examples"
LOAN = (EXAMPLES / "economics-60-40.yaml").read_text(encoding="utf-8")

SMALL = """\
name: 滴盤
currency: twd
life: 5
discount_rate: 12 %
tax_rate: 0
capital:
  equipment: 3,000
  installation: ２,０００
operating:
  items:
    - name: 洗滌廢水處理費
      class: 廢棄物管理
      amount: 6,500
    - {name: Chemicals, class: materials, amount: 7800, escalation: 3 %}
"""


def found_in(words: str) -> list[tuple[str, int | None]]:
    """Codes and lines of everything wrong in a case."""
    with pytest.raises(UnusableInput) as caught:
        parse_case(words, "case.yaml")
    for issue in caught.value.issues:
        assert issue.where.file == "case.yaml"
        assert render(issue, "en")
    return [(issue.code, issue.where.line) for issue in caught.value.issues]


def headline(case: EconomicsCase) -> tuple[int, float]:
    """NPV and IRR in mode epa-1988."""
    found = evaluate_project(case.project, EPA_1988)
    assert found.npv.value is not None
    assert found.irr.value is not None
    return round(found.npv.value), round(float(found.irr.value), 2)


@pytest.mark.parametrize(
    ("name", "want"),
    [("economics-60-40.yaml", (84_844, 26.47)), ("economics-all-equity.yaml", (81_625, 23.09))],
)
def test_the_examples_are_appendix_8(name: str, want: tuple[int, float]) -> None:
    case = read_case(Path(str(EXAMPLES / name)))
    assert headline(case) == want
    assert "附錄八" in str(case.source)
    assert case.criteria.minimum_irr == 0.15
    assert {swing.key for swing in tornado(case.project, case.change, case.ranges)} >= {"capital", "disposal"}


def test_where_each_figure_comes_from_is_kept() -> None:
    case = parse_case(LOAN, "case.yaml")
    found = evaluate_project(case.project)
    lines = LOAN.splitlines()
    for figure in (*found.total_capital.inputs[:8], *found.annual_net_saving.inputs):
        assert isinstance(figure.source, Where)
        assert figure.source.line is not None
    equipment = found.total_capital.inputs[0].source
    assert isinstance(equipment, Where)
    assert "equipment" in lines[(equipment.line or 0) - 1]
    rate = found.npv.inputs[0].source
    assert isinstance(rate, Where)
    assert "discount_rate" in lines[(rate.line or 0) - 1]


@pytest.mark.parametrize("indent", [None, 1, "\t"])
@pytest.mark.parametrize("wrapped", [True, False])
def test_the_published_flat_inputs_are_read_as_they_are(indent: int | str | None, wrapped: bool) -> None:
    inputs = APPENDIX_8["inputs"]
    words = json.dumps({"inputs": inputs} if wrapped else inputs, indent=indent)
    assert headline(parse_case(words, "flat.json")) == (84_844, 26.47)
    equity = json.dumps(inputs | {"debt_share": 0})
    assert headline(parse_case(equity, "flat.json")) == (81_625, 23.09)


def test_flat_inputs_as_yaml_with_percent() -> None:
    words = "".join(f"{key}: {value}\n" for key, value in APPENDIX_8["inputs"].items())
    words = words.replace("tax: 0.34", "tax: 34 %").replace("maint_labour: 0.02", "maint_labour: ２％")
    case = parse_case(words + "name: Flat\ncurrency: TWD\n", "flat.yaml")
    assert headline(case) == (84_844, 26.47)
    assert (case.project.name, case.project.currency) == ("Flat", "TWD")


def test_a_small_case_in_chinese() -> None:
    case = parse_case(SMALL, "case.yaml")
    project = case.project
    assert (project.currency, project.fixed_capital, project.life) == ("TWD", 5000.0, 5)
    first, second = project.operating
    assert isinstance(first, OperatingItem)
    assert isinstance(second, OperatingItem)
    assert (first.operating_class, first.annual_amount) == (OperatingClass.WASTE_MANAGEMENT, 6500.0)
    assert second.escalation == 0.03
    assert round(float(evaluate_project(project).payback.value or 0), 2) == 0.35
    assert [scenario.name for scenario in case.scenarios] == list(CaseName)


def test_everything_a_case_may_say() -> None:
    case = parse_case(
        SMALL.replace("tax_rate: 0", "tax_rate: 20 %")
        + """\
financing: {loan_share: 1, interest_rate: 5 %, loan_years: 3, interest_depreciable: 是}
depreciation: {method: 直線法, life: 4}
salvage: 100
scenarios: {worst: {savings: -30 %}}
tornado: {change: 10 %, ranges: [{input: Chemicals, low: 5000, high: 9000}, {input: life, low: 3, high: 8}]}
criteria: {maximum_payback: 3, minimum_irr: , required_by_law: 水污染防治法第 18 條}
""",
        "case.yaml",
    )
    assert case.project.financing.loans[0].share == 1.0
    assert case.project.financing.interest_depreciable is True
    assert case.project.depreciation is not None
    assert case.project.depreciation.method is DepreciationMethod.STRAIGHT_LINE
    assert (case.scenarios[0].savings, case.scenarios[2].savings, case.scenarios[2].costs) == (0.2, -0.3, 0.0)
    assert [(each.key, each.low, each.high) for each in case.ranges] == [
        ("Chemicals", 5000.0, 9000.0),
        ("life", 3.0, 8.0),
    ]
    assert case.change == 0.1
    assert (case.criteria.maximum_payback, case.criteria.minimum_irr) == (3.0, None)
    assert case.criteria.required_by_law == "水污染防治法第 18 條"


def test_all_problems_come_at_once_with_their_lines() -> None:
    words = (
        SMALL.replace("discount_rate: 12 %", "discount_rate: 12")
        .replace("equipment: 3,000", "equipment: 約 3,000")
        .replace("class: 廢棄物管理", "class: waste")
        .replace("tax_rate: 0", "tax_rate: 0\nlife: 6\ntax: 5 %")
        .replace("currency: twd", "curency: twd")
    )
    assert sorted(found_in(words), key=str) == sorted(
        [
            ("key-missing", 1),  # currency
            ("key-unknown", 2),
            ("rate-ambiguous", 4),
            ("key-twice", 6),
            ("form-mixed", 7),
            ("number-is-approximate", 9),
            ("choice-unknown", 14),
        ],
        key=str,
    )


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("life: 5", "life: 5.5", "number-not-whole"),
        ("life: 5", "life:", "value-missing"),
        ("life: 5", "life: [5]", "value-expected"),
        ("life: 5", "life: 500", "years-out-of-range"),
        ("tax_rate: 0", "tax_rate: 20 %", "no-depreciation"),
        ("tax_rate: 0", "tax_rate: 120 %", "share-out-of-range"),
        ("tax_rate: 0", "tax_rate: 20 kg", "rate-with-unit"),
        ("tax_rate: 0", "tax_rate: 20", "rate-ambiguous"),
        ("tax_rate: 0", "tax_rate: low", "number-unreadable"),
        ("currency: twd", "currency: NT", "currency-unknown"),
        ("equipment: 3,000", "equipment: -3", "number-negative"),
        ("equipment: 3,000", "eqipment: 3,000", "key-unknown"),
        ("name: 滴盤", "name: ''", "text-missing"),
        ("class: materials", "class: material cost", "choice-unknown"),
        ("amount: 7800", "amount: 7800 TWD", "number-with-unit"),
        ("name: Chemicals", "name: 洗滌廢水處理費", "duplicate-operating-item"),
        ("name: 滴盤", "name: &a 滴盤\nnote: *a", "yaml-alias"),
        ("life: 5", "life: !!python/name:os.system 5", "yaml-tag"),
        ("life: 5", "? [1]\n: 5\nlife: 5", "key-not-a-word"),
        ("life: 5", "note: [[[[[[[[[[[[[[1]]]]]]]]]]]]]]\nlife: 5", "yaml-too-deep"),
        ("tax_rate: 0", "tax_rate: 0\ncriteria: {positive_npv: maybe}", "not-yes-or-no"),
        ("tax_rate: 0", "tax_rate: 0\ncriteria: yes", "group-expected"),
        ("tax_rate: 0", "tax_rate: 0\ntornado: {ranges: {input: life}}", "list-expected"),
        ("tax_rate: 0", "tax_rate: 0\ntornado: {change: 150 %}", "tornado-change"),
        (
            "tax_rate: 0",
            "tax_rate: 0\ntornado: {ranges: [{input: steam, low: 1, high: 2}]}",
            "unknown-sensitivity-input",
        ),
        (
            "tax_rate: 0",
            "tax_rate: 0\ntornado: {ranges: [{input: life, low: 9, high: 3}]}",
            "range-reversed",
        ),
        (
            "tax_rate: 0",
            "tax_rate: 0\ntornado: {ranges: [{input: discount_rate, low: 5 %, high: 20}]}",
            "rate-ambiguous",
        ),
        (
            "  items:",
            "  estimate: {waste: {tons: 5}}\n  items:",
            "waste-price",
        ),
    ],
)
def test_one_mistake_one_finding(old: str, new: str, code: str) -> None:
    assert old in SMALL
    assert code in [each for each, _ in found_in(SMALL.replace(old, new, 1))]


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        (SMALL.replace("  equipment", "\tequipment"), "a tab stands", "Tab"),
        (SMALL + "---\nlife: 3\n", "a second document", "另一份文件"),
        ('{"name": "a", "life":', "is not closed", "未成對"),
        ("[" * 5000, "nested too deeply", "層數"),
    ],
)
def test_mistakes_of_writing_are_named_in_the_readers_language(
    words: str, english: str, chinese: str
) -> None:
    with pytest.raises(UnusableInput) as caught:
        parse_case(words, "case.yaml")
    (issue,) = caught.value.issues
    assert english in render(issue, "en")
    assert chinese in render(issue, "zh-hant")


def test_an_anchor_is_named_once_a_line_and_other_mistakes_each_time() -> None:
    found = found_in("a: &a [1]\nb: [*a, *a, *a]\nc: [*a, *a]\n" + SMALL)
    assert [line for code, line in found if code == "yaml-alias"] == [1]  # where the anchor stands
    twice = found_in('{"life": 1, "life": 2, "tax_rate": 0, "tax_rate": 0}')
    assert [code for code, _ in twice].count("key-twice") == 2


def test_a_near_key_is_suggested() -> None:
    with pytest.raises(UnusableInput, match="“installation” may be meant"):
        parse_case(SMALL.replace("installation:", "instalation:"), "case.yaml")


def test_missing_keys_of_the_short_form_are_named_as_in_the_short_form() -> None:
    with pytest.raises(UnusableInput, match="“tax” is missing"):
        parse_case("equipment: 5\ndiscount: 15 %\nlife: 8\ndep_life: 7\n", "flat.yaml")


@pytest.mark.parametrize(
    "words",
    ["", "# nothing", "[1, 2]", "word", "a: [1", '{"a": 1,,}', "a: b: c", "\x00", "[" * 5000, "x" * 300_000],
)
def test_what_is_no_case_at_all_is_refused(words: str) -> None:
    with pytest.raises(UnusableInput) as caught:
        parse_case(words, "case.yaml")
    assert len(caught.value.issues) == 1


def test_a_case_saved_as_big5_is_read(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(SMALL.encode("big5"))
    assert read_case(path).project.name == "滴盤"


def test_json_may_write_characters_as_escapes() -> None:
    words = json.dumps(APPENDIX_8["inputs"] | {"name": "滴盤 🛁"})
    assert parse_case(words, "flat.json").project.name == "滴盤 🛁"


@given(st.data())
def test_damaged_cases_end_in_findings(data: st.DataObject) -> None:
    words = data.draw(st.sampled_from([SMALL, LOAN, json.dumps(APPENDIX_8["inputs"], indent=1)]))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(words)))
        end = data.draw(st.integers(start, min(start + 12, len(words))))
        words = words[:start] + data.draw(st.text(max_size=6)) + words[end:]
    try:
        case = parse_case(words, "case.yaml")
    except UnusableInput as error:
        for issue in error.issues:
            render(issue, "zh-hant")
    else:
        evaluate_project(case.project)


def test_impossible_years_and_factors_stand_in_the_first_list(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(
        "name: x\ncurrency: TWD\nlife: 0\nconstruction_years: 12\ndiscount_rate: 15 %\ntax_rate: 20 %\n"
        "capital: {equipment: many}\noperating: {}\nfinancing: {loan_share: 40 %, loan_years: 500}\n"
        "depreciation: {method: straight-line, life: 0, factor: -1}\n",
        encoding="utf-8",
    )
    with pytest.raises(UnusableInput) as refusal:
        read_case(path)
    found = {(issue.code, issue.where.line) for issue in refusal.value.issues}
    assert found >= {
        ("years-out-of-range", 3),
        ("construction-time", 4),
        ("years-out-of-range", 9),
        ("years-out-of-range", 10),
        ("depreciation-factor", 10),
    }
    assert any(line == 7 for _, line in found)
