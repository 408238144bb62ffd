"""Paging of lists."""

from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

T = TypeVar("T")
MAX_PAGE_SIZE = 200


class Page(BaseModel, Generic[T]):
    """One page of a list, with the total over all pages."""

    items: list[T]
    total: int
    page: int
    page_size: int


class Paging(BaseModel):
    """Which page is asked for; `sort` is a column name, with "-" in front for descending."""

    page: int = 1
    page_size: int = 20
    q: str = ""
    sort: str = ""

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.page - 1) * self.page_size

    def cut(self, found: list[T]) -> list[T]:
        """Return the rows of this page from all that were found."""
        return found[self.offset : self.offset + self.page_size]


def paging_of(
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    page_size: Annotated[int, Query(ge=1, le=MAX_PAGE_SIZE)] = 20,
    q: Annotated[str, Query(max_length=100, description="what to search for")] = "",
    sort: Annotated[str, Query(max_length=40, description='column, "-" in front: descending')] = "",
) -> Paging:
    """Read the paging of a request."""
    return Paging(page=page, page_size=page_size, q=q.strip(), sort=sort)
