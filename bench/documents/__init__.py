"""Invented business documents with their truth: to train the extraction on, and to measure it by."""

from bench.documents.sample import Sample, generate

__all__ = ["Sample", "generate"]
