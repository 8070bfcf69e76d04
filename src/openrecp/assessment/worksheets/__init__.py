"""The worksheets of the manual as frozen models, one module per phase of the assessment."""
