"""Workers import the engines of these tests by name, as they do ours."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
