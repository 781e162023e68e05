"""Settings from the environment, read once: every name may also come as NAME_FILE, and all faults are told at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from environs import EnvValidationError, FileAwareEnv
from marshmallow import ValidationError, validate

PREFIX = "PAPERLANE_"


class SettingsFault(SystemExit):
    """The environment does not describe a service that could start; the text lists every fault with its variable."""


class Reader:
    """Reads typed settings named without the prefix `PAPERLANE_`; call `finish()` before using any of them."""

    def __init__(self) -> None:
        self._env = FileAwareEnv(eager=False, prefix=PREFIX, strip_whitespace=True)
        self._unreadable: dict[str, str] = {}

    def text(self, name: str, default: str | None = None, pattern: str | None = None) -> str:
        return str(self._read(self._env.str, name, default, [validate.Regexp(pattern)] if pattern else []))

    def integer(self, name: str, default: int, minimum: int = 0) -> int:
        return int(self._read(self._env.int, name, default, [validate.Range(min=minimum)]) or 0)

    def numbers(self, name: str, default: tuple[float, ...]) -> tuple[float, ...]:
        """Comma-separated numbers, e.g. `5,60,600`."""
        return tuple(self._read(self._env.list, name, list(default), [], subcast=float) or ())

    def secret(self, name: str, minimum: int = 1) -> str:
        """A value without a default, of at least `minimum` characters."""
        fault = (
            f"must have at least {minimum} characters: give a long random value, e.g. by a file in {PREFIX}{name}_FILE"
        )
        return str(self._read(self._env.str, name, None, [validate.Length(min=minimum, error=fault)]))

    def url(self, name: str, schemes: tuple[str, ...], default: str | None = None) -> str:
        def check(value: str) -> None:
            parts = urlsplit(value)
            if parts.scheme not in schemes or not parts.hostname:
                raise ValidationError(f"must be a URL with one of the schemes {', '.join(schemes)}")

        return str(self._read(self._env.str, name, default, [check]))

    def finish(self) -> None:
        """Raise SettingsFault when anything that was read is missing or wrong."""
        faults = dict(self._unreadable)
        try:
            self._env.seal()
        except EnvValidationError as found:
            messages = found.error_messages if isinstance(found.error_messages, dict) else {}
            for name, texts in messages.items():
                faults.setdefault(name, "; ".join(str(text) for text in texts))
        if faults:
            lines = "\n".join(f"  {name}: {text}" for name, text in sorted(faults.items()))
            raise SettingsFault(f"The settings are not usable:\n{lines}")

    def _read(self, parse: Any, name: str, default: Any, checks: list[Any], **more: Any) -> Any:
        given = {} if default is None else {"default": default}
        try:
            return parse(name, validate=checks, **given, **more)
        except ValueError as unreadable:
            self._unreadable[PREFIX + name] = str(unreadable)
            return default
