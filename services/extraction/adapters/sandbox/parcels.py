"""What was found in an archive or e-mail, as a child tells the worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.extraction.adapters.reading.binding import bind
from services.extraction.adapters.reading.parcels.opening import INLINE, Contents, Paper, told
from services.extraction.adapters.sandbox.protocol import Answer, Found
from shared.contracts.envelope import write_json
from shared.contracts.extraction import Check, ExtractionResult

CHECK = "attachments_read"


def split_frames(contents: Contents) -> Sequence[bytes]:
    """The Answer, and the members."""
    members = tuple(Found(member.name, member.media_type) for member in contents.members)
    answer = write_json(Answer(members=members, left_aside=contents.left_aside))
    return answer, *(member.data for member in contents.members)


def mail_frames(contents: Contents) -> Sequence[bytes]:
    """The e-mail as a PDF, if there is one."""
    return [bind(contents.mail, contents.members)] if contents.mail else []


def with_contents(result: ExtractionResult, paper: Paper) -> ExtractionResult:
    """The result with a check that says which part of the file was read, and names the others."""
    aside = paper.contents.left_aside
    if not (paper.name or aside):
        return result
    read = f"Read from {paper.name}." if paper.name else "Read from the text of the e-mail."
    missing = f" Left aside: {told(aside)}." if aside else ""
    passed = all(each.endswith(f"({INLINE})") for each in aside)
    check = Check(CHECK, passed=passed, blocking=False, message=read + missing)
    return replace(result, checks=(*result.checks, check))
