"""Names that people gave, beside names that the library gives."""

from __future__ import annotations

from types import MappingProxyType

from openrecp.texts import Text


def as_text(name: Text | str) -> Text:
    """A text for a name; what a person typed is shown as typed and never looked up for translation."""
    return name if isinstance(name, Text) else Text("{name}", MappingProxyType({"name": name}))
