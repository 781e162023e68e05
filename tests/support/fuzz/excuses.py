"""Failures that schemathesis reports and that are none: each with the reason, and as narrow as can be told."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

REFUSED, TAKEN = "RejectedPositiveData", "AcceptedNegativeData"


class Excuse(NamedTuple):
    """A valid request that was refused with this `code: detail`, or an invalid one taken of which schemathesis says
    this, of the operations whose label matches.
    """

    operation: str
    says: str
    reason: str
    failure: str = REFUSED


EXCUSES = (
    Excuse(
        r"",
        r"in header - object with unexpected properties",
        "Headers that a server does not know, it ignores (RFC 9110 §5.1).",
        failure=TAKEN,
    ),
    Excuse(
        r"^POST /v2/cases/",
        r"^bad_request: fileIds\.\d+: (Must not be sent twice|The case has this file already)",
        "The ids that are put in as they are known may repeat, and be in the case.",
    ),
    Excuse(
        r"^PATCH /v2/uploads",
        r"^(unsupported_content_type|content_type_mismatch|checksum_mismatch|upload_locked|payload_too_large): ",
        "To a schema an upload is bytes: what they are a part of, and what their sum is, it cannot say.",
    ),
    Excuse(
        r"^(POST|PATCH) /v2/uploads",
        r"^bad_request: Upload-(Metadata|Checksum): ",
        "Metadata are texts in base64, a checksum is as long as its kind demands.",
    ),
    Excuse(
        r"^POST /v2/uploads",
        r"^unsupported_content_type: ",
        "Which media types there are, metadata in base64 cannot be told.",
    ),
    Excuse(
        r"^PATCH /v2/projects/",
        r"^bad_request: (members\.members|ocr\.features): ",
        "What a patch makes of a project depends on the project.",
    ),
    Excuse(
        r"^GET /v2/projects/export",
        r"^bad_request: projectId: there are more than",
        "How many projects there are, is no matter of the request.",
    ),
    Excuse(
        r"^(GET|POST) ",
        r"^bad_request: (.*; )?cursor: ",
        "A cursor belongs to the order that it came from and takes the place of the offset.",
    ),
    Excuse(
        r"^POST ",
        r"^idempotency_key_reused: ",
        "A key is good for one request; which keys have been used, no schema can say.",
    ),
    Excuse(
        r"",
        r"^bad_request: (.*: )?Text must not hold NUL characters",
        "It holds for every text of the API, so the description says it once, not in each of some hundred schemas.",
    ),
    Excuse(
        r"^POST /v2/files",
        r"^(empty_file|unsupported_content_type|content_type_mismatch|malformed_form|digest_mismatch"
        r"|bad_request: Content-Digest): ",
        "To a schema a file is bytes: which are a PDF or an image, and have the digest of a header, it cannot say.",
    ),
    Excuse(
        r"^POST /v2/auth/",
        r"^invalid_request: (The client proves itself in more than one way|client_id: it is not the one)",
        "The hooks send HTTP Basic with each of these calls; another client in the form contradicts it.",
    ),
    Excuse(
        r"^POST /v2/auth/token",
        r"^(invalid_scope|unsupported_grant_type): ",
        "Which scopes a client has, and that RFC 6749 has other grants, is no matter of form.",
    ),
    Excuse(
        r"^(POST|PATCH) /v2/(clients|companies)",
        r"^bad_request: (.*; )?(client\.)?jwks(\.\d+)?: ",
        "A public key is a point of a curve or a product of two primes.",
    ),
    Excuse(
        r"^(POST|PATCH) /v2/(clients|companies)",
        r"^bad_request: (.*; )?(client\.)?(plan|networks(\.\d+)?): ",
        "Which plans there are, the installation says; a network is more than its letters.",
    ),
    Excuse(
        r"^GET /v2/documents",
        r"^bad_request: (.*; )?sort: Must be updatedAt",
        "Which order goes with which filter is said in words.",
    ),
    Excuse(
        r"^(POST|PATCH) /v2/projects",
        r"^bad_request: (.*; )?(projects\.\d+\.)?schema(\.|: )",
        "Names are unique and lie within tables, patterns end soon, numbers are exact, depth has an end: in words.",
    ),
    Excuse(
        r"^(POST|PUT) /v2/(routings|projects/import)",
        r"^bad_request: (.*; )?(routings\.\d+\.)?(toProjectId: Must be another|\w+: there is no project"
        r"|routingNode: Must (not be more than|be of at most))",
        "Two ids differ, or are in the file, and a tree has an end: what a schema cannot say.",
    ),
    Excuse(
        r"^POST /v2/projects/import",
        r"^bad_request: projects: The id .* comes more than once",
        "Ids of a file differ, as above.",
    ),
)


def excused(failure: str, operation: str, message: str, content: bytes) -> Excuse | None:
    """The first excuse that fits this kind of failure, if any; `message` is its own text, `content` the answer."""
    said = _refusal(content) if failure == REFUSED else message
    fitting = (each for each in EXCUSES if each.failure == failure and re.search(each.operation, operation))
    return next((each for each in fitting if re.search(each.says, said)), None)


def _refusal(content: bytes) -> str:
    try:
        body = json.loads(content)
        return f"{body['code']}: {body['detail']}"
    except (ValueError, TypeError, KeyError):
        return ""
