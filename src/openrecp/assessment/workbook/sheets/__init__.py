"""The parts of the workbook that is written: its plan, its blocks, its formulas, its look."""
