"""What files turns down, by name.

BadRequest
├── EmptyFile                400  empty_file
├── UnsupportedContentType   400  unsupported_content_type
├── ContentTypeMismatch      400  content_type_mismatch
├── UnsafeArchive            400  unsafe_archive
├── IncompleteBody           400  incomplete_body
├── MalformedForm            400  malformed_form
├── DigestMismatch           400  digest_mismatch
└── NameTooLong              400  name_too_long
OffsetMismatch               409  offset_mismatch
WrongTusVersion              412  wrong_tus_version
FileTooLarge                 413  payload_too_large
FileNotFound, UploadNotFound 404  not_found
RangeNotSatisfiable          416  range_not_satisfiable
NoAddition                   415  unsupported_media_type
UploadLocked                 423  upload_locked
ChecksumMismatch             460  checksum_mismatch
FileMissing                  503  file_missing
FileCorrupt                  500  file_corrupt
"""

from __future__ import annotations

from shared.errors import BadRequest, Conflict, NotFound, PayloadTooLarge, Refusal, Unavailable


class EmptyFile(BadRequest):
    code = "empty_file"

    def __init__(self) -> None:
        super().__init__("The file is empty. Send its bytes as the body, or as the part `file` of a form.")


class UnsupportedContentType(BadRequest):
    """The declared type, or the content when none is declared, is not among those that can be processed."""

    code = "unsupported_content_type"
    sample = ("Content-Type: text/html is not supported. Accepted are application/pdf, image/jpeg.",)


class ContentTypeMismatch(BadRequest):
    """The content is not what the Content-Type says."""

    code = "content_type_mismatch"
    sample = ("The content is image/jpeg, not application/pdf as Content-Type says.",)


class UnsafeArchive(BadRequest):
    """An archive, or an office document in the form of one, that is damaged or made to do harm."""

    code = "unsafe_archive"
    sample = ("The archive is not taken in: it has 2001 entries, and may have 2000.",)


class IncompleteBody(BadRequest):
    """The client went away, or its framing broke, before all was there."""

    code = "incomplete_body"

    def __init__(self) -> None:
        super().__init__("The body ended before it was complete. Nothing was stored; send the file again.")


class MalformedForm(BadRequest):
    """A multipart/form-data body that cannot be read, or that holds more or less than one file."""

    code = "malformed_form"
    sample = ("The form must have one part, called file, and no other.",)


class DigestMismatch(BadRequest):
    """The body has another digest than its headers say."""

    code = "digest_mismatch"

    def __init__(self) -> None:
        super().__init__("The body is not the one that its digest was made of. Nothing was stored; send it again.")


class NameTooLong(BadRequest):
    code = "name_too_long"
    sample = ("The file's name may have at most 256 characters.",)


class FileTooLarge(PayloadTooLarge):
    """More bytes than a file may have, as declared or as counted."""

    sample = (40_000_000,)

    def __init__(self, most: int) -> None:
        super().__init__(f"A file may have at most {most} bytes. Nothing was stored.")


class FileNotFound(NotFound):
    """No file of the caller's company has this id. Says the same whether the id is malformed, unknown or another's."""

    def __init__(self) -> None:
        super().__init__("There is no file with this id.")


class RangeNotSatisfiable(Refusal):
    """The file has none of the bytes that were asked for (RFC 9110 §15.5.17). `size` is how many it has."""

    code, status, title = "range_not_satisfiable", 416, "Range not satisfiable"
    sample = (84_213,)

    def __init__(self, size: int) -> None:
        super().__init__(
            f"The file has {size} bytes, none of them in this range.", {"Content-Range": f"bytes */{size}"}
        )


class FileMissing(Unavailable):
    """The record is there, the bytes are not. The file exists, so this is no 404; a restored store brings it back."""

    code = "file_missing"

    def __init__(self) -> None:
        super().__init__("The file is known but its bytes cannot be found at the moment.", retry_after_seconds=60)


class FileCorrupt(Refusal):
    """The bytes are not those that were uploaded. Trying again cannot help."""

    code, status, title = "file_corrupt", 500, "File corrupt"

    def __init__(self) -> None:
        super().__init__("The file's bytes were damaged in storage. Upload it again.")


class UploadNotFound(NotFound):
    """No upload of the caller's company has this id; also said of one that has expired."""

    def __init__(self) -> None:
        super().__init__("There is no upload with this id. Begin a new one with POST /v2/uploads.")


class OffsetMismatch(Conflict):
    """The request begins at another byte than the one that comes next."""

    code = "offset_mismatch"
    sample = (1024,)

    def __init__(self, offset: int) -> None:
        super().__init__(f"The upload has {offset} bytes. Send it with Upload-Offset: {offset}.")


class WrongTusVersion(Refusal):
    """The client speaks another version of tus."""

    code, status, title = "wrong_tus_version", 412, "Wrong version of tus"

    def __init__(self) -> None:
        super().__init__("Tus-Resumable: 1.0.0 is spoken here.", {"Tus-Version": "1.0.0"})


class NoAddition(Refusal):
    """What is added to an upload has a media type of its own."""

    code, status, title = "unsupported_media_type", 415, "Unsupported media type"

    def __init__(self) -> None:
        super().__init__("Content-Type: send application/offset+octet-stream.")


class UploadLocked(Refusal):
    """Another request is adding to the upload."""

    code, status, title, retryable = "upload_locked", 423, "Locked", True

    def __init__(self) -> None:
        super().__init__("Another request is adding to this upload. Ask for its offset and try again.")


class ChecksumMismatch(Refusal):
    """What was sent has another checksum than Upload-Checksum says. The status is the one that tus gives it."""

    code, status, title = "checksum_mismatch", 460, "Checksum mismatch"

    def __init__(self) -> None:
        super().__init__("The bytes are not those that Upload-Checksum was made of. Send them again.")
