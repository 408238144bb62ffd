"""TypeScript of msgspec structures: interfaces, unions, named literals, enumerations."""

import enum
import types
import typing
from datetime import datetime
from typing import Any, Literal, get_args, get_origin

import msgspec

_PRIMITIVES = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null", datetime: "string"}
_UNIONS = {types.UnionType, typing.Union}


class TypeScript:
    """Declarations in the order in which they were asked for; what they need comes before them."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._known: set[object] = set()
        self._named: dict[object, str] = {}
        self._may_leave_out = False

    def text(self) -> str:
        """Return everything written so far."""
        return "\n\n".join(["", *self._blocks]).lstrip("\n").join(("\n", "\n"))

    def name_literal(self, name: str, literal: object) -> None:
        """Declare a set of words under a name, and use the name from now on."""
        self._blocks.append(f"export type {name} = {self._type(literal)}")
        self._named[literal] = name

    def add_union(self, name: str, union: object, *, may_leave_out: bool = False) -> None:
        """Declare the members of a union, and the union.

        may_leave_out: of messages that pages send: fields with a default are optional.
        """
        self._may_leave_out = may_leave_out
        members = get_args(union)
        for member in members:
            self._add_struct(member)
        self._named[union] = name
        self._blocks.append(f"export type {name} = {' | '.join(member.__name__ for member in members)}")
        self._may_leave_out = False

    def _add_struct(self, struct: type[msgspec.Struct]) -> None:
        if struct in self._known:
            return
        self._known.add(struct)
        may_leave_out = self._may_leave_out
        hints = typing.get_type_hints(struct)
        fields = []
        for one in msgspec.structs.fields(struct):
            mark = "?" if may_leave_out and not one.required else ""
            fields.append(f"  {one.name}{mark}: {self._type(hints[one.name])}")
        config = struct.__struct_config__
        tag = [f"  {config.tag_field}: '{config.tag}'"] if config.tag is not None else []
        comment = " ".join((struct.__doc__ or "").split())
        self._blocks.append(
            "\n".join([f"/** {comment} */", f"export interface {struct.__name__} {{", *tag, *fields, "}"])
        )

    def _type(self, hint: Any) -> str:  # noqa: ANN401 - a type hint
        if hint in self._named:
            return self._named[hint]
        if hint in _PRIMITIVES:
            return _PRIMITIVES[hint]
        arguments = get_args(hint)
        match get_origin(hint):
            case origin if origin is Literal:
                found = " | ".join(f"'{value}'" for value in arguments)
            case origin if origin in _UNIONS:
                found = " | ".join(self._type(one) for one in arguments)
            case origin if origin is list:
                found = f"readonly {self._element(arguments[0])}[]"
            case origin if origin is dict:
                found = f"Partial<Record<{self._type(arguments[0])}, {self._type(arguments[1])}>>"
            case _:
                found = self._declared(hint)
        return found

    def _element(self, hint: Any) -> str:  # noqa: ANN401 - a type hint
        inner = self._type(hint)
        return f"({inner})" if "|" in inner else inner

    def _declared(self, hint: Any) -> str:  # noqa: ANN401 - a type hint
        if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
            self._add_struct(hint)
            return hint.__name__
        if isinstance(hint, type) and issubclass(hint, enum.StrEnum):
            self.name_literal(hint.__name__, Literal[*(one.value for one in hint)])
            self._named[hint] = hint.__name__
            return hint.__name__
        raise TypeError(f"no TypeScript for {hint}")
