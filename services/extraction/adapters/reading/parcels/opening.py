"""What there is to read in a file: the file itself, one document in it, or several that it is to be split into.

What is left aside is named, with the reason, so that nobody looks in vain for what he sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO

from services.extraction.adapters.reading import READERS
from services.extraction.adapters.reading.parcels.mail import Attachment, Mail, read_mail
from services.extraction.errors import Encrypted, NoDocument, TooManyDocuments, Unreadable, UnsafeArchive
from shared.media import HEAD_BYTES, MAIL, XML, ZIP, archives, recognise

PARCELS = frozenset({MAIL, ZIP})
MAX_DOCUMENTS = 100
"""In one file, those within archives in it included: as many as a case is begun with."""

MAX_MEMBER_BYTES = 40_000_000
"""As large as a file that is uploaded may be."""

ENOUGH_LETTERS = 80
"""An e-mail that says less than a line is no document."""

DEPTH = 1
"""So many levels of archives and e-mails in an archive or e-mail are opened."""

INLINE = "a picture in the text"

# What systems put into archives beside the files.
_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Member:
    """A document in a file; `documents` is how many it holds itself, if it is a parcel."""

    name: str
    media_type: str
    data: bytes
    documents: int = 1


@dataclass(frozen=True, slots=True)
class Contents:
    """What a parcel holds. `left_aside` are names with reasons; `mail` is the e-mail, if it is one or came in one."""

    members: tuple[Member, ...] = ()
    left_aside: tuple[str, ...] = ()
    mail: Mail | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """One document to be read: the file itself, or a member of it (`name`); a text, if it is an e-mail's."""

    media_type: str
    data: bytes = b""
    name: str = ""
    text: str | None = None
    contents: Contents = Contents()


def open_file(document: bytes, media_type: str, nested: bool = False) -> Paper | Contents:
    """What there is to read: one paper, or the contents with several members. `nested` files came out of a parcel.

    Encrypted, Unreadable, UnsafeArchive, NoDocument, TooManyDocuments.
    """
    if media_type not in PARCELS:
        return Paper(media_type, document)
    level = DEPTH if nested else 0
    contents = contents_of(document, media_type, level)
    if sum(member.documents for member in contents.members) > MAX_DOCUMENTS:
        raise TooManyDocuments(f"There are more than {MAX_DOCUMENTS} documents in it; send them in several files.")
    if len(contents.members) > 1:
        return contents
    if contents.members:
        return _only(contents, level)
    if contents.mail and _says_enough(contents.mail):
        return Paper(media_type, text=_said(contents.mail), contents=contents)
    raise NoDocument(_nothing(contents))


def contents_of(document: bytes, media_type: str, level: int) -> Contents:
    """The members of a parcel that so many parcels lie around."""
    mail = read_mail(document) if media_type == MAIL else None
    members, aside = [], []
    for attachment in mail.attachments if mail else _unpacked(document):
        found = _judged(attachment, level, in_mail=mail is not None)
        if isinstance(found, Member):
            members.append(found)
        else:
            aside.append(f"{attachment.name} ({found})")
    return Contents(tuple(members), tuple(aside), mail)


def _only(contents: Contents, level: int) -> Paper | Contents:
    """The only member; of a parcel in a parcel what that holds, with what was left aside on the way."""
    (member,) = contents.members
    if member.media_type not in PARCELS:
        return Paper(member.media_type, member.data, member.name, contents=contents)
    inner = contents_of(member.data, member.media_type, level + 1)
    inner = replace(inner, left_aside=contents.left_aside + inner.left_aside, mail=inner.mail or contents.mail)
    if len(inner.members) > 1:
        return inner
    if inner.members:
        (only,) = inner.members
        return Paper(only.media_type, only.data, only.name, contents=inner)
    assert inner.mail, "an archive without documents is no member"
    return Paper(member.media_type, text=_said(inner.mail), contents=inner)


def _unpacked(document: bytes) -> Iterator[Attachment]:
    try:
        with archives.open_archive(BytesIO(document)) as archive:
            for entry, data in archives.unpack(archive):
                name = entry.filename.split("/")[-1]
                if not entry.filename.startswith(_LITTER) and name not in _LITTER:
                    yield Attachment(name, data, inline=False)
    except archives.Locked as fault:
        raise Encrypted("The archive asks for a password; send it without one.") from fault
    except archives.UnsafeArchive as fault:
        raise UnsafeArchive(f"The archive is not unpacked: {fault}.") from fault


def _judged(attachment: Attachment, level: int, in_mail: bool) -> Member | str:
    """The member that it is, or why it is left aside."""
    if attachment.inline:
        return INLINE
    if not 0 < len(attachment.data) <= MAX_MEMBER_BYTES:
        return "larger than 40 MB" if attachment.data else "empty"
    media_type = _media_type(attachment.data)
    if media_type in READERS:
        return Member(attachment.name, media_type, attachment.data)
    if media_type in PARCELS:
        return _parcel(attachment, media_type, level, in_mail)
    return "XML is not read yet" if media_type == XML else "of a type that is not read"


def _parcel(attachment: Attachment, media_type: str, level: int, in_mail: bool) -> Member | str:
    if level >= DEPTH:
        return "packed too deep"
    try:
        inner = contents_of(attachment.data, media_type, level + 1)
    except Encrypted:
        return "it asks for a password"
    except (UnsafeArchive, Unreadable):
        return "damaged, or made to do harm"
    # Who packs e-mails means them; what hangs on an e-mail is often just what it answers.
    is_letter = not in_mail and inner.mail is not None and _says_enough(inner.mail)
    if inner.members or is_letter:
        documents = max(1, sum(member.documents for member in inner.members))
        return Member(attachment.name, media_type, attachment.data, documents)
    return "no document in it"


def _says_enough(mail: Mail) -> bool:
    return sum(letter.isalnum() for letter in mail.text) >= ENOUGH_LETTERS


def _said(mail: Mail) -> str:
    return f"{mail.headers.get('Subject', '')}\n\n{mail.text}"


def _media_type(data: bytes) -> str | None:
    """By the content, as with uploads."""
    found = recognise(data[:HEAD_BYTES])
    if found != ZIP:
        return found
    try:
        with archives.open_archive(BytesIO(data)) as archive:
            return archives.media_type_of(archive)
    except archives.UnsafeArchive:
        return ZIP


def told(names: Iterable[str], most: int = 10) -> str:
    """A list for a sentence, of which the end is counted only."""
    every = list(names)
    rest = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + rest


def _nothing(contents: Contents) -> str:
    aside = f" Left aside: {told(contents.left_aside)}." if contents.left_aside else ""
    kind = (
        "The e-mail has no attachment that can be read, and too little text"
        if contents.mail
        else ("The archive has no document that can be read")
    )
    return f"{kind}.{aside} Send the documents themselves."
