"""Patterns of strangers: which are taken, and that none of them can run for long."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.patterns import MAX_PATTERN, Unsafe, compiled


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("R-[0-9]{4}", "No. R-2026 of", "R-2026"),
        ("(?:INV|RE)[-/ ]?[0-9]+", "RE 4711", "RE 4711"),
        ("[A-Z]{2}\\d{2}(?: ?\\d{4}){4}", "IBAN DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130"),
        ("\\bDE[0-9]{9}\\b", "USt DE136695976.", "DE136695976"),
        ("(a+)+$", "xaaa", "aaa"),
        ("Mü(ll|hl)er", "bei Müller", "Müller"),
        ("(?i)total", "TOTAL", "TOTAL"),
    ],
)
def test_a_pattern_finds_what_it_says(pattern: str, text: str, found: str) -> None:
    match = compiled(pattern).search(text)
    assert text[match.start() : match.end()] == match.group() == found


@pytest.mark.parametrize(
    "pattern",
    [
        *("(?=a)", "(?!a)", "(?<=a)", "(a)\\1", "(?>a)", "(", ")", "*", "[b-a]", "\\", "\ud800"),
        *("a{1001}", "((a{100}){100}){100}", "x" * (MAX_PATTERN + 1)),
    ],
)
def test_what_is_no_pattern_of_ours_is_refused(pattern: str) -> None:
    with pytest.raises(Unsafe, match="Must "):
        compiled(pattern)


@pytest.mark.parametrize("pattern", ["a*a*a*a*a*a*b", "(a|a)*b", "(a?){60}a{60}b", "(.*)(.*)(.*)(.*)b"])
def test_a_pattern_made_to_run_for_ever_ends_at_once(pattern: str) -> None:
    began = time.process_time()
    assert compiled(pattern).search("a" * 20_000) is None
    assert time.process_time() - began < 1


@given(st.text(alphabet="ab01()|[]{}*+?^$.,\\-:=!<>Pd", max_size=40))
@settings(max_examples=400, deadline=None)
def test_whatever_is_taken_ends_soon(pattern: str) -> None:
    try:
        taken = compiled(pattern)
    except Unsafe:
        return
    began = time.process_time()
    taken.search("a" * 3000 + "b0" * 5 + "!")
    assert time.process_time() - began < 2
