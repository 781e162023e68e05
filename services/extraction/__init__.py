"""Extraction: reads a document (text layer or OCR), finds its fields and checks them."""
