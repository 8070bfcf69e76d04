"""Sankey: streams as ribbons as wide as what flows in them."""
