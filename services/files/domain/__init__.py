"""What a file is, which media types there are and how content shows them, and how file names are made harmless."""
