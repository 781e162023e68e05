"""What documents turns down, by name. The texts never say whether another company has what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from shared.errors import BadRequest, Conflict, NotFound, Refusal, Unavailable


class DocumentNotFound(NotFound):
    """No document of the caller's company has this id."""

    def __init__(self) -> None:
        super().__init__("There is no document with this id.")


class ErasureNotFound(NotFound):
    """No document of the caller's company that had this id was deleted."""

    def __init__(self) -> None:
        super().__init__("No document with this id was deleted.")


class ProjectNotFound(NotFound):
    """No project of the caller's company has this id."""

    def __init__(self) -> None:
        super().__init__("There is no project with this id. GET /v2/projects lists them.")


class CaseNotFound(NotFound):
    """No case of the caller's company has this id."""

    def __init__(self) -> None:
        super().__init__("There is no case with this id. GET /v2/cases lists them.")


class FileNotFound(NotFound):
    """No file of the caller's company has this id, which is the one at `place` of several (counted from 0)."""

    def __init__(self, place: int | None = None) -> None:
        where = "" if place is None else f"fileIds.{place}: "
        super().__init__(f"{where}There is no file with this id. Upload it with POST /v2/files first.")


class LimitedToProjects(Refusal):
    """A client that is limited to some projects could not even see another one that it made."""

    code, status, title = "access_forbidden", 403, "Access forbidden"

    def __init__(self) -> None:
        super().__init__("This client is limited to some projects. Create projects with a client that is not.")


class RoutingNotFound(NotFound):
    """No routing of the caller's company has this id."""

    def __init__(self) -> None:
        super().__init__("There is no routing with this id. GET /v2/routings lists them.")


class RoutingCycle(BadRequest):
    """Documents would come back to where they were: `cycle` names the projects on the way, the first one again last."""

    code, title = "routing_cycle", "Routing cycle"
    sample: ClassVar[tuple[Any, ...]] = (
        ("6040dc9680b782b365ea77d5", "6040dc9680b782b365ea77d6", "6040dc9680b782b365ea77d5"),
    )

    def __init__(self, cycle: Sequence[str]) -> None:
        super().__init__(
            f"With this, documents would go round: {' → '.join(cycle)}. Make one of these routings inactive first."
        )
        self.cycle = tuple(cycle)


class TooManyRoutings(BadRequest):
    """A company has no more than so many, active or not, and a project no more than so many active ones."""

    code, title = "too_many_routings", "Too many routings"
    sample: ClassVar[tuple[Any, ...]] = (1000,)

    def __init__(self, most: int, kind: str = "routings of a company") -> None:
        super().__init__(f"There may be at most {most} {kind}. Change one that is not needed any more.")


class EmailNotFound(NotFound):
    """No document of the caller's company that arrived by e-mail has this id."""

    def __init__(self) -> None:
        super().__init__("There is no document with this id that arrived by e-mail.")


class EmailMissing(Unavailable):
    """The record is there, the e-mail is not: the document is being deleted, or the store lost it."""

    code = "email_missing"

    def __init__(self) -> None:
        super().__init__("The e-mail cannot be found at the moment.", retry_after_seconds=60)


class EmailCorrupt(Refusal):
    """The e-mail is not what was kept. Trying again cannot help."""

    code, status, title = "email_corrupt", 500, "E-mail corrupt"

    def __init__(self) -> None:
        super().__init__("The e-mail was damaged in storage. Its file may still be downloaded.")


class Overtaken(Conflict):
    """Others changed the same thing at the same time, and were faster each time."""

    def __init__(self) -> None:
        super().__init__("Others are changing this at the same moment. Send the request again.")


class StateConflict(Conflict):
    """The document's state does not allow the change, or another change was faster."""


class CaseConflict(Conflict):
    """What the case is at present does not allow this."""


class AlreadyInCase(BadRequest):
    """A file makes one document in a case."""

    sample: ClassVar[tuple[Any, ...]] = (0,)

    def __init__(self, place: int) -> None:
        super().__init__(f"fileIds.{place}: The case has this file already. Leave it out.")


class FirstTaken(Conflict):
    """Another document with the same bytes was faster to come first into the project."""

    def __init__(self) -> None:
        super().__init__("The same file is being taken in by another request. Send the request again.")


class NotRead(Conflict):
    """There is nothing to show of a document that was not read."""

    code, title = "not_read", "Document not read"

    def __init__(self, state: str = "processing") -> None:
        super().__init__(
            f"The document is {state} and its pages are not there: wait until it is read, or have it processed again."
        )


class PageNotFound(NotFound):
    """The document has fewer pages."""

    def __init__(self, count: int = 1) -> None:
        super().__init__(f"The document has no such page. It has {count}, the first one is 1.")


class PictureNotFound(NotFound):
    """Of some pages no picture is made: of those far behind, and of those that are made of text alone."""

    code = "picture_not_found"

    def __init__(self) -> None:
        super().__init__("There is no picture of this page; its words and its text are there.")


class PagesMissing(Unavailable):
    """The record is there, the pages are not: the document is being deleted, or the store lost them."""

    code = "pages_missing"

    def __init__(self) -> None:
        super().__init__("The pages cannot be found at the moment.", retry_after_seconds=60)


class PagesCorrupt(Refusal):
    """The pages are not what was kept. Trying again cannot help."""

    code, status, title = "pages_corrupt", 500, "Pages corrupt"

    def __init__(self) -> None:
        super().__init__("The pages were damaged in storage. Have the document processed again.")


class ResultUnusable(Refusal):
    """What extraction left in object storage cannot be kept: `reason` is the code that the document fails with."""

    code, status, title = "result_unusable", 500, "Result unusable"

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
