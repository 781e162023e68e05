"""Layout families: each composes blocks into a document the way one kind of business or program does."""
