"""Print what changed from one frozen text to another, a block a paragraph.

    .venv/bin/python tools/compare.py archive/.../2025-01-28/ja.md archive/.../ja.md

In the form of GNU wdiff: [-old-]{+new+}. Without what is in {+ +}, and the marks, it
is the old text; without what is in [- -], the new one; what was moved is in both.
Exits with 0 when the texts are the same, 1 when they differ, 2 when one is none.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from policy_site.base.errors import UserError
from policy_site.versions import frozen, terminal


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("old", type=Path, metavar="OLD.md")
    parser.add_argument("new", type=Path, metavar="NEW.md")
    arguments = parser.parse_args()
    try:
        old, new = frozen.read_file(arguments.old), frozen.read_file(arguments.new)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    text, differs = terminal.show(old, new)
    print(text)
    return int(differs)


if __name__ == "__main__":
    sys.exit(main())
