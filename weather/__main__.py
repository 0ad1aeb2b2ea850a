"""`python -m weather` is the same as `weather`."""

import sys

from weather.cli import main

sys.exit(main())
