"""Writes openapi.json anew; with `--check` it only says, by exit status 1, that the file is outdated."""

from __future__ import annotations

import sys

from gateway.docs.document import FILE, render


def main() -> None:
    text = render()
    if sys.argv[1:] != ["--check"]:
        FILE.write_text(text, encoding="utf-8")
    elif FILE.read_text(encoding="utf-8") != text:
        sys.exit(f"{FILE.name} is not what the services say. Run: make openapi")


if __name__ == "__main__":
    main()
