"""What the supervisor runs for each part: becomes the part that its recipe describes, in the same process."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main() -> None:
    """Recipes keep commands with any character, and secrets, out of the supervisor's configuration."""
    recipe = json.loads(Path("run/parts", f"{sys.argv[1]}.json").read_text(encoding="utf-8"))
    os.execve(recipe["command"][0], recipe["command"], {**os.environ, **recipe["environment"]})  # noqa: S606


if __name__ == "__main__":
    main()
