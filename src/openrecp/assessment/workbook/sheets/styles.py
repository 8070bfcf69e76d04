"""How the cells of a workbook look: one accent, neutral greys, tinted cells to fill in, grey ones calculated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from openrecp.texts import Language

ACCENT: Final = "#0B5A60"
_ACCENT_MID = "#5F9EA1"
_ACCENT_PALE = "#DCEBEB"
_INPUT = "#F2F8F8"
_CALCULATED = "#ECEFF0"
_INK = "#1C272B"
_QUIET = "#566369"
_LINE = "#CFD7DA"
_RED = "#C23B16"
_AMBER = "#FDF1D8"
PHASE_COLOURS: Final = (ACCENT, "#1F5FA8", "#8A5A00", "#566369")
"""Colours of the sheet tabs, a phase each."""

_BOX = {"border": 1, "border_color": _LINE}
_FILL_IN = {**_BOX, "bg_color": _INPUT, "font_color": _INK, "locked": False, "valign": "top"}
_LABEL = {**_BOX, "bg_color": _ACCENT_PALE, "font_color": _INK, "valign": "top", "text_wrap": True}
_GREY = {**_BOX, "bg_color": _CALCULATED, "font_color": _QUIET, "valign": "top"}
_NAMED: Final[Mapping[str, Mapping[str, Any]]] = {
    "plain": {"font_color": _INK},
    "title": {"font_color": ACCENT, "bold": True, "font_size": 16, "valign": "vcenter"},
    "band": {
        "font_color": "#FFFFFF",
        "bg_color": ACCENT,
        "bold": True,
        "font_size": 20,
        "valign": "vcenter",
        "indent": 1,
    },
    "band-note": {
        "font_color": "#FFFFFF",
        "bg_color": ACCENT,
        "font_size": 11,
        "valign": "vcenter",
        "indent": 1,
    },
    "purpose": {"font_color": _QUIET, "valign": "vcenter"},
    "head": {"font_color": _INK, "font_size": 9, "valign": "vcenter"},
    "block": {"font_color": ACCENT, "bold": True, "font_size": 13, "bottom": 2, "bottom_color": ACCENT},
    "note": {"font_color": _QUIET, "text_wrap": True, "valign": "top"},
    "help": {"font_color": _QUIET, "font_size": 9, "text_wrap": True, "valign": "top", "indent": 1},
    "link": {"font_color": "#1F5FA8", "underline": 1, "valign": "top"},
    "step": {"font_color": _INK, "text_wrap": True, "valign": "top"},
    "step-number": {"font_color": ACCENT, "bold": True, "align": "right", "valign": "top"},
    "mark": {"font_color": _QUIET, "font_size": 8},
    "label": _LABEL,
    "unit-label": {**_LABEL, "font_color": _QUIET, "font_size": 9, "indent": 1},
    "section": {"font_color": ACCENT, "bold": True, "bottom": 1, "bottom_color": _ACCENT_MID},
    "heading": {
        **_BOX,
        "bg_color": ACCENT,
        "font_color": "#FFFFFF",
        "bold": True,
        "text_wrap": True,
        "valign": "top",
    },
    "heading-calculated": {
        **_BOX,
        "bg_color": _QUIET,
        "font_color": "#FFFFFF",
        "text_wrap": True,
        "valign": "top",
    },
    "heading-rating": {**_BOX, "bg_color": ACCENT, "font_color": "#FFFFFF", "bold": True, "align": "center"},
    "heading-product": {**_BOX, "bg_color": _QUIET, "font_color": "#FFFFFF", "align": "center"},
    "calculated-label": {**_GREY, "text_wrap": True},
    "input-text": {**_FILL_IN, "text_wrap": True},
    "input-centre": {**_FILL_IN, "align": "center"},
    "input-key": {**_FILL_IN, "bold": True, "font_color": ACCENT, "text_wrap": True},
    "input-number": {**_FILL_IN, "align": "right", "indent": 1},
    "input-unit": {**_FILL_IN, "font_color": _QUIET},
    "input-unit-below": {**_FILL_IN, "font_color": _QUIET, "align": "right", "indent": 1},
    "input-money": {**_FILL_IN, "num_format": "#,##0", "align": "right", "indent": 1},
    "input-date": {**_FILL_IN, "num_format": "yyyy-mm-dd", "align": "left"},
    "calculated-text": {**_GREY, "text_wrap": True},
    "calculated-centre": {**_GREY, "align": "center", "text_wrap": True},
    "calculated-number": {**_GREY, "align": "right", "indent": 1},
    "calculated-money": {**_GREY, "num_format": "#,##0", "align": "right", "indent": 1},
    "calculated-years": {**_GREY, "num_format": "#,##0.00", "align": "right", "indent": 1},
    "total": {**_GREY, "bold": True, "font_color": _INK, "align": "center", "top": 2, "top_color": ACCENT},
    "total-label": {**_GREY, "bold": True, "font_color": _INK, "top": 2, "top_color": ACCENT},
    "total-money": {
        **_GREY,
        "bold": True,
        "font_color": _INK,
        "num_format": "#,##0",
        "align": "right",
        "indent": 1,
    },
    "month": {**_BOX, "font_color": _QUIET, "font_size": 8, "align": "center", "valign": "vcenter"},
    "month-cell": {**_BOX},
    "required": {"font_color": _RED, "bold": True},
}
_RULES: Final[Mapping[str, Mapping[str, Any]]] = {
    "thousands": {"num_format": "#,##0"},
    "thousands-decimals": {"num_format": "#,##0.0###"},
    "cents": {"num_format": "#,##0.00"},
    "missing": {"bg_color": _AMBER},
    "planned": {"bg_color": _ACCENT_MID},
    "best": {"bg_color": _ACCENT_PALE, "font_color": ACCENT, "bold": True},
}


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Workbook, language: Language) -> None:
        self._book = book
        # Both fonts come with Excel on Windows and Mac; LibreOffice finds its own substitute.
        self._base = {
            "font_name": "Microsoft JhengHei" if language == "zh-hant" else "Calibri",
            "font_size": 10,
        }
        self._made: dict[str, Format] = {}

    def __getitem__(self, name: str) -> Format:
        """The format of that name."""
        if name not in self._made:
            self._made[name] = self._book.add_format({**self._base, **_NAMED[name]})
        return self._made[name]

    def rule(self, name: str) -> Format:
        """A format for conditional formatting, which sets only what it changes."""
        key = f"rule:{name}"
        if key not in self._made:
            self._made[key] = self._book.add_format(dict(_RULES[name]))
        return self._made[key]
