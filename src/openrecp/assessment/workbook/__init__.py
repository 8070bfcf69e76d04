"""The assessment as an Excel workbook: written to be filled in by people, read as people fill it in."""
