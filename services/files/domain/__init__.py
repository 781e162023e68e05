"""What a file is, which media types there are and how content shows them, how names are made harmless, digests."""
