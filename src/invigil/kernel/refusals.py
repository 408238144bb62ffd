"""Refusals: every "no" has a stable code, a Chinese sentence and an English one."""

from typing import ClassVar

_by_code: dict[str, type["Refusal"]] = {}


class Refusal(Exception):  # noqa: N818 - the field's word; a refusal is an answer, not a fault
    """A request that the rules turn down; the HTTP edge answers `status` with `code` and the sentences.

    Subclasses set `code` ("feature.reason"), `status`, `zh` and `en`. Details given as keywords fill the sentences'
    placeholders and travel with the answer, so they must never carry a secret.
    """

    code: ClassVar[str]
    status: ClassVar[int] = 422
    zh: ClassVar[str]
    en: ClassVar[str]

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(f"{self.code} {details}" if details else self.code)

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        code = cls.__dict__.get("code")
        if code is None:
            return
        other = _by_code.setdefault(code, cls)
        if other is not cls and other.__qualname__ != cls.__qualname__:
            raise TypeError(f"refusal code {code} is taken by {other.__qualname__}")

    @property
    def message_zh(self) -> str:
        """The Chinese sentence with its details filled in."""
        return self.zh.format(**self.details)

    @property
    def message_en(self) -> str:
        """The English sentence with its details filled in."""
        return self.en.format(**self.details)


def known_refusals() -> dict[str, type[Refusal]]:
    """Return every declared refusal by its code, for the tests and the manual."""
    return dict(_by_code)
