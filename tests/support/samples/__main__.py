"""Writes the bundled samples: the German invoice, digital and scanned."""

from __future__ import annotations

from tests.support.samples import BUNDLE, draw_letter, german, scan

if __name__ == "__main__":
    digital = draw_letter(german())
    BUNDLE.mkdir(parents=True, exist_ok=True)
    (BUNDLE / "invoice.pdf").write_bytes(digital)
    (BUNDLE / "invoice-scan.pdf").write_bytes(scan(digital))
