"""Draws ECharts options as SVG without a browser, in an embedded JavaScript engine.

The same options serve interactive pages, so a chart looks alike on paper and on screen.
"""

from __future__ import annotations

import json
import re
import threading
from typing import Any

import quickjs  # type: ignore[import-untyped]  # ships no types

from openrecp.reports.look import vendor_folder

# A context may only be used by the thread that made it.
_threads = threading.local()

# ECharts asks for timers at load, though a still picture never needs one.
_BEFORE = "globalThis.setTimeout = function () { return 0; }; globalThis.clearTimeout = function () {};"

# Formatters arrive as {"text": "…"}: a plain string would be read as a template, and a brace in
# the user's words would be taken for a placeholder. The JSON round trip flattens the rope string
# that the engine cannot hand over.
_DRAW = """
function fixed(node) {
  if (node === null || typeof node !== 'object') { return node; }
  for (const key of Object.keys(node)) {
    const value = node[key];
    if (key === 'formatter' && value && typeof value === 'object') {
      if (value.texts) { node[key] = function (name, index) { return value.texts[index]; }; }
      else { node[key] = function () { return value.text; }; }
    } else { fixed(value); }
  }
  return node;
}
function draw(options, width, height) {
  const chart = echarts.init(null, null, {renderer: 'svg', ssr: true, width: width, height: height});
  chart.setOption(fixed(JSON.parse(options)));
  const svg = chart.renderToSVGString();
  chart.dispose();
  return JSON.parse(JSON.stringify(svg));
}
"""


def _drawing() -> Any:
    draw = getattr(_threads, "draw", None)
    if draw is None:
        context = quickjs.Context()
        context.eval(_BEFORE)
        context.eval((vendor_folder() / "echarts" / "echarts.common.min.js").read_text("utf-8"))
        context.eval(_DRAW)
        draw = context.get("draw")
        _threads.context, _threads.draw = context, draw
    return draw


def drawn(options: dict[str, Any], width: int, height: int) -> str:
    """The options as an SVG document of the given size [px], the same bytes for the same options."""
    svg: str = _drawing()(json.dumps(options), width, height)
    # Ids count up over the life of the engine; a fixed prefix keeps the output repeatable.
    return re.sub(r"\bzr\d+-", "zr-", svg)
