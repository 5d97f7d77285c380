"""Set this checkout up and run it: ``python3 installers/from_source.py demo | test | setup``.

Needs Python 3.11 or newer and nothing else: system libraries come through apt where that is allowed, Python
packages from the committed lock files, all into ``.venv`` and ``.bootstrap`` beside this folder.
"""

import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python must get a sentence, not a syntax error
    sys.exit(f"citytwin: this is Python {sys.version.split()[0]}: start it with Python 3.11 or newer.")

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]

if __name__ == "__main__":
    from source_setup.commands import main

    sys.exit(main(sys.argv[1:]))
