"""An invented report with every kind of block, in either language, for the tests of the writers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from openrecp.errors import Where
from openrecp.figures import Basis, Figure
from openrecp.reports.blocks import (
    MISSING,
    Block,
    Bullets,
    Callout,
    Card,
    Column,
    KeyFigures,
    PageBreak,
    Picture,
    Reference,
    Report,
    Section,
    Step,
    Steps,
    Table,
    TableOfContents,
    group,
    paragraph,
    row,
    strong,
    total,
)
from openrecp.reports.charts.specs import (
    CashFlowBars,
    Criterion,
    MatrixRow,
    MonthPlan,
    PlannedTask,
    RankedBar,
    RankedBars,
    ScreeningMatrix,
    Tornado,
    TornadoBar,
)
from openrecp.reports.provenance import figure_table
from openrecp.texts import Language, Text

Say = Callable[[str], str]

NASTY = "#let x = $1$ <script>alert(1)</script> \x0b\x00 =1+1 🏭 堃喆煊瓩犇 " + "W" * 120
SYMBOLS = "CO₂e m³ ₀₁₂₃₄₅₆₇₈₉ 10⁻¹ °C × Σ ≥ ≤ ± – → ✓ · … “” 「」 ● ■ µ² Ω €"

_ZH = {
    "Invented Plating Works": "虛構電鍍股份有限公司",
    "Imaginary Advisers": "想像工程顧問",
    "Waste reduction assessment": "工業減廢評估報告",
    "Findings, options and plan": "發現、減廢方案與執行計畫",
    "Confidential": "機密",
    "What the plant loses, and what to do first": "工廠損失了什麼、先做什麼",
    "Waste streams": "廢棄物源流",
    "Which options are worth it": "哪些方案值得做",
    "How the plan is carried out": "計畫如何執行",
    "Method": "方法",
    "All inputs": "全部輸入資料",
    "Cost of waste": "廢棄物成本",
    "First three measures": "前三項方案投資",
    "Return": "回收期",
    "of which nickel": "其中鎳佔四成",
    "Stream": "廢棄物源流",
    "Generation": "產生量",
    "Cost": "成本",
    "Score": "分數",
    "Remark": "備註",
    "Rinse water": "鍍鎳後三道溢流水洗廢水",
    "Sludge": "廢水處理污泥(含鎳與鉻)",
    "Spent degreaser": "脫脂廢液",
    "Total": "合計",
    "Rinse water is what waste costs most": "水洗廢水佔廢棄物成本最多",
    "Two options score above the rest": "兩個方案分數高於其他",
    "The money is back in the sixth year": "第六年回收投資",
    "The saved treatment cost decides": "節省之處理費用影響最大",
    "The process stops for three days in April": "製程於四月停機三日",
    "Weighted sum": "加權總分",
    "Option": "減廢方案",
    "Drag-out tank": "增設帶出液回收槽",
    "Deionised water rinse": "去離子水水洗並設回收槽",
    "Spray rinse": "噴洗",
    "Hazard": "危害性",
    "Disposal cost": "處理成本",
    "Feasibility": "技術可行性",
    "After-tax cash flow": "每年稅後現金流量",
    "Cumulative, discounted": "累計折現現金流量",
    "Year": "年",
    "Net present value": "淨現值",
    "Investment": "投資金額",
    "Design": "細部設計與詢價",
    "Install": "安裝",
    "Measure": "成效量測,與基準期比較單位產品減廢量",
    "Engineering": "工務課",
    "Safety": "環安課",
    "Ask two makers for an offer for the tank": "向兩家廠商詢價回收槽",
    "Monday": "星期一",
    "Within the week": "一週內",
    "Read the water meters every morning": "每日早上抄錄水表",
    "The tank alone saves more than it costs within half a year.": "單是回收槽,半年內的節省就超過投資。",
    "The sludge was not weighed; its figure is estimated.": "污泥未秤重,數字為估計值。",
    "Who signs the order": "由誰簽核訂單",
}
_LONG = {
    "en": "Three overflow rinses follow the nickel tank. What drips from the racks leaves with the water, is "
    "treated, and is paid for twice: as nickel salt that was bought, and as sludge that is hauled away. ",
    "zh-hant": "鍍鎳槽之後有三道溢流水洗。掛架滴下的鍍液隨水流出,經處理後等於付了兩次錢:一次是買來的鎳鹽,"
    "一次是清運的污泥。以 CO₂e 計算,每立方公尺廢水約 0.42 kg。",
}


def sample_report(
    language: Language, rows: int = 45, nasty: bool = False, logo: bytes | None = None
) -> Report:
    """A report of some twenty pages with invented numbers."""

    def say(words: str) -> str:
        return _ZH.get(words, words) if language == "zh-hant" else words

    return Report(
        title=say("Waste reduction assessment"),
        subtitle=say("Findings, options and plan"),
        plant=NASTY if nasty else say("Invented Plating Works"),
        firm=say("Imaginary Advisers"),
        day=date(2026, 11, 21),
        mark=say("Confidential"),
        logo=logo,
        language=language,
        details=((say("Method"), "EPA/625/7-88/003"),),
        sections=(
            Section(
                say("What the plant loses, and what to do first"), _summary(say, language), numbered=False
            ),
            Section(say("Waste streams"), _streams(say, language, rows), key="streams", new_page=True),
            Section(say("Method"), _prose(language, 3), level=2),
            Section(say("Which options are worth it"), _options(say, language), new_page=True),
            Section(say("How the plan is carried out"), _plan(say, language, nasty), new_page=True),
        ),
        appendices=(
            Section(
                say("All inputs"), (figure_table(say("All inputs"), _figures(say), language),), key="inputs"
            ),
        ),
    )


def _figures(say: Say) -> tuple[Figure, ...]:
    water = Figure(
        Text(say("Generation")), 18250.0, "m³/yr", basis=Basis.MEASURED, source=Where(sheet="8", cell="C12")
    )
    price = Figure(Text("price"), 42.5, "TWD/m³", basis=Basis.ESTIMATED, source=Text("EPA/625/7-88/003"))
    cost = Figure(Text(say("Cost")), 775625.0, "TWD/yr", Text("generation × price"), (water, price))
    return cost, water, price


def _summary(say: Say, language: Language) -> tuple[Block, ...]:
    cost, _, _ = _figures(say)
    return (
        paragraph(_LONG[language], style="lead"),
        KeyFigures(
            (
                Card(say("Cost of waste"), cost, say("of which nickel")),
                Card(say("First three measures"), Figure(Text("x"), 2500000, "TWD", basis=Basis.ESTIMATED)),
                Card(say("Return"), Figure(Text("x"), 0.35, "yr"), say("Drag-out tank")),
                Card(say("Score"), Figure(Text("x"), None, "", reason=Text("–"))),
            )
        ),
        Callout("finding", (paragraph(say("The tank alone saves more than it costs within half a year.")),)),
        Steps(
            (
                Step(say("Ask two makers for an offer for the tank"), say("Engineering"), say("Monday")),
                Step(
                    say("Read the water meters every morning"),
                    say("Safety"),
                    say("Within the week"),
                    _LONG[language],
                ),
            )
        ),
        Callout("decision", (paragraph(say("Who signs the order")),)),
        PageBreak(),
        TableOfContents(),
    )


def _prose(language: Language, count: int) -> tuple[Block, ...]:
    return tuple(paragraph(_LONG[language] * 3) for _ in range(count))


def _streams(say: Say, language: Language, rows: int) -> tuple[Block, ...]:
    cost, water, _ = _figures(say)
    names = ("Rinse water", "Sludge", "Spent degreaser")
    columns = (
        Column(say("Stream"), share=3),
        Column(say("Generation"), "m³/yr", share=1.4),
        Column(say("Cost"), "TWD/yr", share=1.4),
        Column(say("Score"), share=0.8),
        Column(say("Remark"), share=2),
    )
    body = [group(say("Waste streams"))]
    for index in range(rows):
        shown = water if index % 3 else MISSING
        body.append(
            row(
                f"{index + 1} {say(names[index % 3])}",
                shown,
                cost,
                320 - index,
                None if index % 4 else _LONG[language][:40],
            )
        )
    body.append(total(say("Total"), water, cost, None, None))
    ranked = RankedBars(
        tuple(
            RankedBar(say(names[i % 3]) + f" {i + 1}", 1850000 / (i + 1), 320 - 20 * i, i < 2)
            for i in range(6)
        ),
        say("Cost"),
        "TWD/yr",
        say("Score"),
    )
    behind = Table(
        "", (Column(say("Stream")), Column(say("Cost"), "TWD/yr")), (row(say("Rinse water"), 1850000),)
    )
    return (
        paragraph(
            strong(cost), " — ", _LONG[language], Reference("stream-table"), ", ", Reference("inputs"), "."
        ),
        Picture(say("Rinse water is what waste costs most"), ranked, _LONG[language], behind, key="ranked"),
        Callout("caution", (paragraph(say("The sludge was not weighed; its figure is estimated.")),)),
        Table(say("Waste streams"), columns, tuple(body), key="stream-table", notes=(_LONG[language],)),
    )


def _options(say: Say, language: Language) -> tuple[Block, ...]:
    options = ("Drag-out tank", "Deionised water rinse", "Spray rinse")
    ratings = ((3.0, 6.0, 8.0), (0.0, None, 2.0), (7.0, 9.0, 10.0))
    criteria = (
        Criterion(say("Hazard"), 10),
        Criterion(say("Disposal cost"), 8),
        Criterion(say("Feasibility"), 5),
    )
    matrix = ScreeningMatrix(
        criteria,
        tuple(
            MatrixRow(say(n), r, 160.0 - 20 * i, i != 1)
            for i, (n, r) in enumerate(zip(options, ratings, strict=True))
        ),
        say("Weighted sum"),
    )
    cash = CashFlowBars(
        tuple(range(9)),
        (-2500000.0, 600000, 650000, 700000, 720000, 740000, 760000, 780000, 900000),
        (-2500000.0, -1964000, -1446000, -948000, -490000, -70000, 315000, 668000, 1031000),
        "TWD",
        say("After-tax cash flow"),
        say("Cumulative, discounted"),
        say("Year"),
    )
    tornado = Tornado(
        1031000,
        (
            TornadoBar(say("Disposal cost"), -200000, 2262000, "-30 %", "+30 %"),
            TornadoBar(say("Investment"), 1500000, 562000, "-20 %", "+20 %"),
            TornadoBar(say("Rinse water"), 1100000, 1200000, "1", "2"),
        ),
        say("Net present value"),
        "TWD",
    )
    wide = Table(
        say("After-tax cash flow"),
        (Column(say("Year"), share=2), *(Column(str(year), "TWD", digits=0) for year in range(9))),
        (
            row(say("After-tax cash flow"), *cash.flows),
            total(say("Cumulative, discounted"), *cash.cumulative),
        ),
    )
    return (
        Bullets((paragraph(_LONG[language]), paragraph(say("Who signs the order")))),
        Picture(say("Two options score above the rest"), matrix, _LONG[language], key="matrix"),
        Picture(
            say("The money is back in the sixth year"),
            cash,
            _LONG[language],
            wide,
            key="cash",
            print_data=True,
        ),
        Picture(say("The saved treatment cost decides"), tornado, _LONG[language]),
        wide,
    )


def _plan(say: Say, language: Language, nasty: bool) -> tuple[Block, ...]:
    plan = MonthPlan(
        (
            PlannedTask(say("Design"), 1, 2, say("Engineering")),
            PlannedTask(say("Install"), 6, 1, say("Engineering"), "downtime"),
            PlannedTask(say("Measure"), 7, 6, say("Safety")),
            PlannedTask(
                NASTY if nasty else say("Who signs the order"),
                12,
                1,
                NASTY if nasty else say("Safety"),
                "milestone",
            ),
        ),
        12,
        (2026, 11),
    )
    words = NASTY if nasty else SYMBOLS
    return (
        Picture(say("The process stops for three days in April"), plan, words, key="plan"),
        Bullets((paragraph(words), paragraph(_LONG[language])), ordered=True),
        Table(words, (Column(words), Column(words)), (row(words, words), row("=1+1", "@x"))),
        Table(say("Spray rinse"), (Column(say("Option")),), ()),
        *_prose(language, 4),
    )
