"""Kept files: what is known of them, and that they go."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from services.files.api.actors import actor_of
from services.files.domain.files import File
from services.files.errors import FileNotFound
from services.files.ports import Desk
from services.files.schemas import FileList, FileMetadata, FileQuery, FilesQuery
from services.files.usecases import deleting, reading
from shared.bearer import Caller
from shared.listing import Slice
from shared.web.bodies import listed
from shared.web.routes import Answer, Operation, Routes

routes: Routes[Desk] = Routes("files")


@routes.get(
    "/v2/files",
    Operation(
        scope="files.read",
        summary="List files",
        answer=Answer(200, FileList),
        query=FilesQuery,
    ),
)
def list_files(desk: Desk, caller: Caller, query: Mapping[str, Any]) -> dict[str, Any]:
    """The company's files, newest first. With `sha256`, oldest first, those that have these bytes: ask before an upload
    whether it is needed.
    """
    part: Slice = query["part"]
    page = reading.list_files(desk, actor_of(caller), query["selection"], part)
    return listed(page.each(lambda file: Shown(file, query["include"])), part)


@routes.get(
    "/v2/files/<file_id>/metadata",
    Operation(
        scope="files.read",
        summary="Read what is known of a file",
        answer=Answer(200, FileMetadata),
        query=FileQuery,
        refusals=(FileNotFound,),
    ),
)
def show_file(desk: Desk, caller: Caller, file_id: str, query: Mapping[str, Collection[str]]) -> Shown:
    """Everything but the bytes."""
    actor = actor_of(caller)
    file = reading.find_file(desk, actor, file_id)
    return Shown(reading.with_duplicate(desk, actor, file), query["include"])


@routes.delete(
    "/v2/files/<file_id>",
    Operation(
        scope="files.write",
        summary="Delete a file",
        answer=Answer(204),
        refusals=(FileNotFound,),
    ),
)
def delete_file(desk: Desk, caller: Caller, file_id: str) -> None:
    """The file is gone with the answer; its bytes are erased some seconds later. Documents that were made of it stay,
    and cannot be read again.
    """
    deleting.delete_file(desk, actor_of(caller), file_id)


@dataclass(frozen=True, slots=True)
class Shown:
    """A file as it is shown: its number only if that is in `include`."""

    file: File
    include: Collection[str]

    @property
    def number(self) -> int | None:
        return self.file.number if "number" in self.include else None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)
