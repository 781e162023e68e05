"""Office documents: unpacked and counted first, so that what reads their parts cannot be led astray."""
