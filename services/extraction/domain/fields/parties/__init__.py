"""Who sent the document and who shall get it: address blocks, what they consist of, and which is whose."""
