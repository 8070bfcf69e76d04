"""Print the worksheets as a manual page in each language, from their one definition in the code.

python tools/worksheets_page.py write    docs/worksheets.md and docs/worksheets.zh-hant.md
python tools/worksheets_page.py check    fail when they are not what the code says
"""

from __future__ import annotations

import sys
from pathlib import Path

from openrecp.assessment.spec import Block, Kind, Layout, RecordField, Worksheet, record_fields
from openrecp.assessment.worksheets.registry import COVER, FULL, SIMPLIFIED
from openrecp.texts import LANGUAGES, Language, render

DOCS = Path(__file__).resolve().parent.parent / "docs"
TITLES: dict[Language, str] = {"en": "The worksheets", "zh-hant": "評估表格"}
LEADS: dict[Language, str] = {
    "en": (
        "Every worksheet, block and field of an assessment, as the code defines them; this page is made from the "
        "code. A field marked \\* is required, one marked S is also in the simplified set. "
        "After 工業減廢評估 (appendices 1 and 2) and EPA/625/7-88/003."
    ),
    "zh-hant": (
        "評估的所有表格、區塊與欄位，皆由程式中的同一份定義產生。標示 \\* 者為必填，標示 S 者亦列於簡化表格。"
        "依據《工業減廢評估》附錄一、二及 EPA/625/7-88/003。"
    ),
}
HEADS: dict[Language, tuple[str, str, str, str]] = {
    "en": ("Field", "Kind and unit", "Help", "Identifier"),
    "zh-hant": ("欄位", "型態與單位", "說明", "識別名"),
}
SETS: dict[Language, tuple[str, str]] = {
    "en": ("The full set", "The simplified set"),
    "zh-hant": ("完整表格", "簡化表格"),
}
KINDS = {
    Kind.WORDS: "words",
    Kind.NUMBER: "number",
    Kind.INTEGER: "whole number",
    Kind.YES_NO: "yes or no",
    Kind.DATE: "date",
    Kind.CHOICE: "one of",
    Kind.CHOICES: "any of",
    Kind.CODE: "number or code",
    Kind.CODES: "numbers or codes",
    Kind.QUANTITY: "value with unit",
    Kind.PRICE: "price per",
    Kind.MONEY: "amount of money",
}
ZH_KINDS = {
    Kind.WORDS: "文字",
    Kind.NUMBER: "數字",
    Kind.INTEGER: "整數",
    Kind.YES_NO: "是／否",
    Kind.DATE: "日期",
    Kind.CHOICE: "單選",
    Kind.CHOICES: "複選",
    Kind.CODE: "編號",
    Kind.CODES: "多個編號",
    Kind.QUANTITY: "數值與單位",
    Kind.PRICE: "單價，每",
    Kind.MONEY: "金額",
}


def kind_words(field: RecordField, language: Language) -> str:
    words = ZH_KINDS[field.kind] if language == "zh-hant" else KINDS[field.kind]
    details = list(field.spec.units)
    if field.choices is not None:
        details = [render(choice, language) for choice in field.choices]
    return (
        f"{words}：{'、'.join(details)}"
        if details and language == "zh-hant"
        else (f"{words}: {', '.join(details)}" if details else words)
    )


def field_row(field: RecordField, language: Language) -> str:
    mark = (" \\*" if field.spec.required else "") + (" S" if field.spec.simplified else "")
    cells = [
        render(field.spec.label, language) + mark,
        kind_words(field, language),
        render(field.spec.help, language) if field.spec.help else "",
        f"`{field.name}`",
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def block_lines(block: Block, sheet: Worksheet, language: Language) -> list[str]:
    lines = [f"#### {render(block.title, language)} (`{block.collection}`)", ""]
    if block.note is not None:
        lines += [render(block.note, language), ""]
    fields = [f for f in record_fields(block.record) if f.spec.simplified or not sheet.simplified]
    if block.layout is Layout.MATRIX:
        fields = list(record_fields(block.record))
    lines += ["| " + " | ".join(HEADS[language]) + " |", "|---|---|---|---|"]
    lines += [field_row(field, language) for field in fields]
    return [*lines, ""]


def page(language: Language) -> str:
    lines = [f"# {TITLES[language]}", "", LEADS[language], ""]
    for heading, sheets in zip(SETS[language], ((COVER, *FULL), SIMPLIFIED), strict=True):
        lines += [f"## {heading}", ""]
        for sheet in sheets:
            lines += [
                f"### {sheet.number} {render(sheet.title, language)}",
                "",
                render(sheet.purpose, language),
                "",
            ]
            if sheet.simplified:
                same = "、".join(sheet.full) if language == "zh-hant" else ", ".join(sheet.full)
                lines += [f"→ {same}", ""]
                continue
            for block in sheet.blocks:
                lines += block_lines(block, sheet, language)
    return "\n".join(lines).rstrip() + "\n"


def paths() -> dict[Path, str]:
    return {
        DOCS / ("worksheets.md" if language == "en" else f"worksheets.{language}.md"): page(language)
        for language in LANGUAGES
    }


if __name__ == "__main__":
    if sys.argv[1:] == ["write"]:
        for path, content in paths().items():
            path.write_text(content, encoding="utf-8")
    elif sys.argv[1:] == ["check"]:
        stale = [
            path.name
            for path, body in paths().items()
            if not path.exists() or path.read_text("utf-8") != body
        ]
        print(f"worksheets page: {'stale: ' + ', '.join(stale) if stale else 'true to the code'}")
        sys.exit(1 if stale else 0)
    else:
        sys.exit(__doc__)
