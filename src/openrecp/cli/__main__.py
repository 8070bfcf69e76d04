"""``python -m openrecp.cli`` is the command line."""

import sys

from openrecp.cli import main

sys.exit(main())
