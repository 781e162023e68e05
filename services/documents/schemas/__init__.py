"""The bodies and queries of the HTTP door: snake_case here, camelCase there."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import fields

from shared.web.fields import StrictSchema


class CamelSchema(StrictSchema):
    """Strict, and each member is called in JSON as the contract calls it: `file_id` is `fileId`."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        camel = re.sub(r"_(\w)", lambda match: match.group(1).upper(), field_name)
        field_obj.data_key = field_obj.data_key or camel
