"""What a case says about how it is examined and chosen: ranges, distributions, correlations, criteria, choice."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from openrecp.assessment.case_choice import candidate_of
from openrecp.assessment.case_examination import MonteCarloInputs
from openrecp.assessment.case_file import parse_case
from openrecp.economics import (
    Measure,
    Range,
    RiskAdjustment,
    evaluate_project,
    evaluate_scenarios,
    project_inputs,
    tornado,
)
from openrecp.economics.choice import best_set
from openrecp.economics.uncertainty import (
    Constant,
    Correlation,
    CorrelationKind,
    Discrete,
    Distribution,
    Lognormal,
    Normal,
    Pert,
    Triangular,
    Uniform,
    drawn_values,
)
from openrecp.errors import UnusableInput, Where
from openrecp.texts import render

PLAIN = """\
name: Rinse
currency: TWD
life: 10
discount_rate: 8 %
tax_rate: 20 %
capital: {equipment: 900000, other: [{name: 儲槽, amount: 100000}]}
operating:
  estimate: {labour: {shifts: 1, days: 200, hours_per_shift: 1, wage: 200}, labour_burden: 30 %}
  items:
    - {name: Water, class: utilities, amount: 200000}
    - {name: Sludge, class: waste-management, amount: 150000}
depreciation: {method: straight-line, life: 8}
"""
UNIFORM = "inputs: [{input: Water, distribution: uniform, low: 1, high: 3}]"


def issues_of(words: str) -> list[tuple[str, int | None]]:
    """Codes and lines of what is wrong with a case."""
    with pytest.raises(UnusableInput) as caught:
        parse_case(words, "case.yaml")
    for issue in caught.value.issues:
        assert issue.where.file == "case.yaml"
        for language in ("en", "zh-hant"):
            assert "{" not in render(issue, language)
    return [(issue.code, issue.where.line) for issue in caught.value.issues]


def sampled(words: str) -> MonteCarloInputs:
    found = parse_case(PLAIN + words, "case.yaml").monte_carlo
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            "Water, distribution: triangular, low: 150000, mode: 200000, high: 220000",
            Triangular(150e3, 200e3, 220e3),
        ),
        ("discount_rate, distribution: uniform, low: 6 %, high: 0.12", Uniform(0.06, 0.12)),
        ("tax_rate, distribution: pert, low: 17 %, mode: 20 %, high: 25 %", Pert(0.17, 0.2, 0.25)),
        (
            "labour_burden, distribution: PERT, low: 0, mode: 30 %, high: 60 %, shape: 2",
            Pert(0.0, 0.3, 0.6, 2.0),
        ),
        ("capital, distribution: normal, mean: 1000000, sd: 1e5", Normal(1e6, 1e5)),
        ("escalation, distribution: normal, mean: 2 %, sd: 1 %, low: 0 %", Normal(0.02, 0.01, 0.0)),
        ("Sludge, distribution: lognormal, median: 150000, factor: 1.5", Lognormal(150e3, 1.5)),
        ("Sludge, distribution: lognormal, mean: 150000, sd: 30000", Lognormal.of_moments(150e3, 30e3)),
        (
            "life, distribution: discrete, values: [8, 10], probabilities: [25 %, 0.75]",
            Discrete((8.0, 10.0), (0.25, 0.75)),
        ),
        ("life, distribution: Constant, value: 9", Constant(9.0)),
        ("'capital:儲槽', distribution: uniform, low: 8萬, high: 12萬", Uniform(80e3, 120e3)),
    ],
)
def test_a_distribution_is_read_by_what_its_input_means(written: str, expected: Distribution) -> None:
    (found,) = sampled(f"monte_carlo: {{inputs: [{{input: {written}}}]}}\n").inputs
    assert found.distribution == expected
    assert isinstance(found.source, Where)
    assert found.source.line == 13


def test_inputs_are_drawn_as_the_case_says() -> None:
    found = sampled(
        """\
monte_carlo:
  draws: 2,000
  seed: 7
  inputs:
    - {input: Water, distribution: uniform, low: 100000, high: 200000}
    - {input: Sludge, distribution: uniform, low: 100000, high: 200000}
    - {input: discount_rate, distribution: constant, value: 8 %}
  correlations:
    - {between: [Water, Sludge], rank: 0.6}
"""
    )
    assert (found.draws, found.seed) == (2000, 7)
    assert [(each.first, each.second, each.value, each.kind) for each in found.correlations] == [
        ("Water", "Sludge", 0.6, CorrelationKind.RANK)
    ]
    values = drawn_values(found.inputs, found.draws, found.correlations, found.seed)
    assert set(values) == {"Water", "Sludge", "discount_rate"}


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        (
            "inputs: [{input: Water, distribution: triangular, low: 1, high: 3}]",
            ["distribution-keys-missing"],
        ),
        (
            "inputs: [{input: Water, distribution: triangular, low: 1, mode: , high: 3}]",
            ["distribution-keys-missing"],
        ),
        (
            "inputs: [{input: Water, distribution: uniform, low: 1, high: 3, mode: 2, sd: 1}]",
            ["distribution-keys-unused"],
        ),
        (
            "inputs: [{input: Water, distribution: uniform, low: 3, high: 1}]",
            ["distribution-limits-reversed"],
        ),
        (
            "inputs: [{input: Water, distribution: triangular, low: 1, mode: 9, high: 3}]",
            ["distribution-mode-outside"],
        ),
        ("inputs: [{input: Water, distribution: gauss, mean: 1, sd: 3}]", ["choice-unknown"]),
        ("inputs: [{input: Steam, distribution: uniform, low: 1, high: 3}]", ["unknown-sensitivity-input"]),
        (
            "inputs: [{input: interest_rate, distribution: uniform, low: 1 %, high: 3 %}]",
            ["unknown-sensitivity-input"],
        ),
        ("inputs: [{input: discount_rate, distribution: uniform, low: 1, high: 3}]", ["rate-ambiguous"] * 2),
        ("inputs: [{input: life, distribution: uniform, low: 5, high: 9}]", ["life-not-whole"]),
        ("inputs: []", ["nothing-uncertain"]),
        ("draws: 0, inputs: [{input: Water, distribution: constant, value: 1}]", ["number-too-small"]),
        (
            "correlations: [{between: [Water, Sludge], rank: 0.5}], " + UNIFORM,
            ["correlation-unknown-input"],
        ),
        (
            "inputs: [{input: Water, distribution: uniform, low: 1, high: 3}], correlations: [{between: [Water]}]",
            ["correlation-of-two", "correlation-value"],
        ),
    ],
)
def test_mistakes_of_a_simulation(written: str, codes: list[str]) -> None:
    assert [code for code, _ in issues_of(PLAIN + f"monte_carlo: {{{written}}}\n")] == codes


def test_a_name_that_no_input_has_comes_with_every_other_mistake() -> None:
    found = issues_of(
        PLAIN.replace("life: 10", "life: 10 ten")
        + """\
tornado:
  ranges: [{input: Watr, low: 1, high: 2}, {input: tax_rate, low: 20, high: 30 %}]
monte_carlo:
  inputs: [{input: Slude, distribution: uniform, low: 1, high: 2}]
choice:
  loads: [{load: water, fraction: 30 %, items: [Watre]}]
"""
    )
    assert found == [
        ("number-with-unit", 3),
        ("unknown-sensitivity-input", 14),
        ("rate-ambiguous", 14),
        ("unknown-sensitivity-input", 16),
        ("unknown-item", 18),
    ]


def test_names_are_not_judged_while_an_item_has_none() -> None:
    words = (
        PLAIN.replace("name: Sludge", "nmae: Sludge")
        + "tornado: {ranges: [{input: Sludge, low: 1, high: 2}]}\n"
    )
    assert [code for code, _ in issues_of(words)] == ["key-missing", "key-unknown"]


def test_what_may_be_varied_is_what_the_project_has() -> None:
    """Every input of a project can be named in a case with the reading that its unit asks for."""
    words = PLAIN + (
        "financing: {loan_share: 30 %, interest_rate: 3 %, loan_years: 4}\ngrants: [{amount: 1000}]\n"
        "tax_credits: [{rate: 5 %}]\nreplacements: [{amount: 500, year: 3}]\nother_tax: 100\n"
        "prices: {inflation: 2 %}\nsalvage: 10\n"
    )
    project = parse_case(words, "case.yaml").project
    bounds: Mapping[str, str] = {
        "%": "low: 10 %, high: 12 %",
        "yr": "low: 9, high: 12",
        "TWD": "low: 10, high: 12",
    }
    lines = [f"{{input: '{key}', {bounds[each.unit]}}}" for key, each in project_inputs(project).items()]
    case = parse_case(words + f"tornado: {{ranges: [{', '.join(lines)}]}}\n", "case.yaml")
    assert {each.key for each in case.ranges} == set(project_inputs(project))
    assert "capital:儲槽" in project_inputs(project)
    for each in case.ranges:
        unit = project_inputs(project)[each.key].unit
        assert (each.low, each.high) == {"%": (0.1, 0.12), "yr": (9, 12), "TWD": (10, 12)}[unit]
    assert len(tornado(project, ranges=case.ranges)) == len(case.ranges)


def test_limits_may_be_eased_for_less_risk() -> None:
    words = (
        PLAIN
        + "criteria: {minimum_irr: 15 %, risk: {reason: 不再使用氰化物, payback_years: 1, irr_points: 3 %}}\n"
    )
    criteria = parse_case(words, "case.yaml").criteria
    assert isinstance(criteria.risk, RiskAdjustment)
    assert (criteria.risk.reason, criteria.risk.payback_years, criteria.risk.irr_points) == (
        "不再使用氰化物",
        1.0,
        0.03,
    )
    assert isinstance(criteria.risk.source, Where)
    assert criteria.risk.source.line == 13
    assert issues_of(PLAIN + "criteria: {risk: {payback_years: 1}}\n") == [("key-missing", 13)]


def test_cases_can_be_chosen_among() -> None:
    first = parse_case(
        PLAIN
        + "avoided: [{name: CO2e, unit: t, yearly: 12}]\n"
        + "choice: {key: A, excludes: [C], loads: [{load: water, fraction: 40 %, items: [Water]}]}\n",
        "a.yaml",
    )
    second = parse_case(
        PLAIN + "choice: {key: B, requires: [A], loads: [{load: water, fraction: 0.5, value: 500000}]}\n",
        "b.yaml",
    )
    third = parse_case(
        PLAIN + "choice: {key: C}\ncriteria: {required_by_law: 水污染防治法第 18 條}\n", "c.yaml"
    )
    candidates = [
        candidate_of(case.choice, evaluate_project(case.project)) for case in (first, second, third)
    ]
    a, b, c = candidates
    assert (a.key, a.excludes, a.quantities, b.requires) == ("A", ("C",), {"t CO2e": 12.0}, ("A",))
    assert a.capital == 1_000_000.0
    assert a.npv == pytest.approx(float(evaluate_project(first.project).npv.value or 0))
    # 200,000 a year for 10 years at 8 %, less 20 % tax.
    assert a.loads[0].value == pytest.approx(200_000 * 0.8 * (1 - 1.08**-10) / 0.08)
    assert (a.loads[0].annual_saving, b.loads[0].value) == (200_000.0, 500_000.0)
    assert c.required_by_law
    assert best_set([a, b, c], 2e6).chosen == ("C",)  # the law is above A, and B cannot do without A
    assert parse_case(PLAIN, "d.yaml").choice.key == "Rinse"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("loads: [{load: water, fraction: 40 %}]", "load-worth"),
        ("loads: [{load: water, fraction: 40 %, value: 5, items: [Water]}]", "load-worth"),
        ("loads: [{load: water, fraction: 40 %, items: [Gas]}]", "unknown-item"),
        ("loads: [{load: water, fraction: 140 %, value: 5}]", "share-out-of-range"),
        ("excludes: B", "list-expected"),
        ("key: ''", "text-missing"),
    ],
)
def test_mistakes_about_choosing(written: str, code: str) -> None:
    assert issues_of(PLAIN + f"choice: {{{written}}}\n") == [(code, 13)]


def test_ranges_and_correlations_keep_their_lines() -> None:
    case = parse_case(
        PLAIN
        + "tornado:\n  ranges:\n    - {input: Water, low: 1, high: 2}\n"
        + "monte_carlo:\n  inputs: [{input: Water, distribution: uniform, low: 1, high: 2}, "
        + "{input: Sludge, distribution: uniform, low: 1, high: 2}]\n"
        + "  correlations:\n    - {between: [Water, Sludge], product_moment: -0.5}\n",
        "case.yaml",
    )
    assert case.ranges == (Range("Water", 1.0, 2.0, case.ranges[0].source),)
    assert case.ranges[0].source is not None
    assert case.ranges[0].source.line == 15
    assert case.monte_carlo is not None
    (correlation,) = case.monte_carlo.correlations
    assert correlation == Correlation(
        "Water", "Sludge", -0.5, CorrelationKind.PRODUCT_MOMENT, correlation.source
    )
    assert correlation.source is not None
    assert correlation.source.line == 19


def test_scenarios_have_names_changes_and_losses_avoided() -> None:
    case = parse_case(
        PLAIN
        + """\
scenarios:
  worst: {capital: 25 %}
  named:
    - name: 水費調漲
      changes: [{input: Water, change: 30 %}, {input: discount_rate, value: 10 %}]
    - name: Permit withdrawn
      events:
        - {name: Stop of work, kind: shutdown, amount: 3000000, probability: 5 %, year: 2}
        - {name: Penalty, kind: Fine, amount: 60000, probability: 0.2}
""",
        "case.yaml",
    )
    assert case.scenarios[2].capital == 0.25
    dearer, stopped = evaluate_scenarios(case.project, case.named_scenarios)
    assert [(each.key, each.value, each.factor) for each in dearer.scenario.changes] == [
        ("Water", None, 1.3),
        ("discount_rate", 0.1, None),
    ]
    assert [figure.value for figure in stopped.avoided] == [150_000.0, 12_000.0]
    assert stopped.scenario.events[0].year == 2
    assert isinstance(stopped.scenario.events[1].source, Where)
    assert stopped.scenario.events[1].source.line == 21


def test_tables_of_two_inputs() -> None:
    case = parse_case(
        PLAIN
        + """\
tables:
  - {rows: Water, columns: discount_rate}
  - {rows: life, columns: tax_rate, row_values: [6, 8], column_values: [17 %, 0.2], measure: irr}
""",
        "case.yaml",
    )
    first, second = case.tables
    assert (first.rows, first.columns, first.row_values, first.measure) == (
        "Water",
        "discount_rate",
        (),
        Measure.NPV,
    )
    assert (second.row_values, second.column_values, second.measure) == ((6.0, 8.0), (0.17, 0.2), Measure.IRR)


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("tables: [{rows: Water, columns: Water}]", ["same-input-twice"]),
        ("tables: [{rows: Water, columns: salvage}]", ["no-values"]),
        ("tables: [{rows: Water, columns: tax_rate, column_values: [20]}]", ["rate-ambiguous"]),
        ("tables: [{rows: Gas, columns: life, row_values: [20 %]}]", ["unknown-sensitivity-input"]),
        ("tables: [{rows: Water, columns: discount_rate, column_values: [-99.5 %]}]", ["out-of-range"]),
        ("scenarios: {named: [{changes: []}]}", ["key-missing"]),
        (
            "scenarios: {named: [{name: A, changes: [{input: Gas, change: 3 %}]}]}",
            ["unknown-sensitivity-input"],
        ),
        ("scenarios: {named: [{name: A, changes: [{input: Water}]}]}", ["value-or-change"]),
        ("scenarios: {named: [{name: A, changes: [{input: life, change: 25 %}]}]}", ["life-not-whole"]),
        ("scenarios: {named: [{name: A, changes: [{input: tax_rate, change: 900 %}]}]}", ["out-of-range"]),
        (
            "scenarios: {named: [{name: A, events: [{name: B, kind: fine, amount: 1, probability: 1, year: 12}]}]}",
            ["event-year"],
        ),
        (
            "scenarios: {named: [{name: A, events: [{name: B, kind: flood, amount: 1, probability: 1}]}]}",
            ["choice-unknown"],
        ),
        ("scenarios: {best: {capital: -150 %}}", ["negative-capital"]),
        ("tornado: {ranges: [{input: discount_rate, low: -99.9 %, high: 5 %}]}", ["out-of-range"]),
        (
            "monte_carlo: {inputs: [{input: tax_rate, distribution: normal, mean: 20 %, sd: 9 %}]}",
            ["uncertain-input-impossible"],
        ),
    ],
)
def test_mistakes_of_an_examination(written: str, codes: list[str]) -> None:
    found = issues_of(PLAIN + written + "\n")
    assert [code for code, _ in found] == codes
    assert all(line == 13 for _, line in found)


@pytest.mark.parametrize(
    "terms",
    [
        "distribution: triangular, low: 1, mode: 2, high: 3",
        "distribution: normal, mean: 1, sd: 2",
        "distribution: discrete, values: [1, 2]",
        "distribution: constant, value: 1",
    ],
)
def test_a_distribution_of_an_item_without_a_name_hides_no_other_finding(terms: str) -> None:
    words = PLAIN.replace("{name: Sludge, class", "{class") + (
        f"monte_carlo: {{inputs: [{{input: Sludge, {terms}}}], correlations: [{{between: [Sludge, Water], rank: 0.5}}]}}\n"
    )
    assert issues_of(words) == [("key-missing", 11)]
