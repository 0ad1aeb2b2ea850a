"""`python -m weather` is the same as `weather`."""

import sys

from weather.commands.cli import main

sys.exit(main())
