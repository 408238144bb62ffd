"""Points of a paper: exact halves, never floats."""

import re
from dataclasses import dataclass
from typing import Self

_WRITTEN = re.compile(r"([0-9]{1,6})(?:\.([05]))?")


@dataclass(frozen=True, order=True, slots=True)
class Points:
    """A number of points, counted in half points so that 0.5 is exact."""

    half_points: int

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read "2", "2.0" or "2.5".

        Raises: ValueError - anything but a non-negative multiple of one half.
        """
        match = _WRITTEN.fullmatch(written.strip())
        if match is None:
            raise ValueError(f"not a number of half points: {written!r}")
        return cls(int(match[1]) * 2 + (1 if match[2] == "5" else 0))

    def __str__(self) -> str:
        sign = "-" if self.half_points < 0 else ""
        whole, half = divmod(abs(self.half_points), 2)
        return f"{sign}{whole}.5" if half else f"{sign}{whole}"

    def __add__(self, other: "Points") -> "Points":
        return Points(self.half_points + other.half_points)

    def __sub__(self, other: "Points") -> "Points":
        return Points(self.half_points - other.half_points)

    def __mul__(self, count: int) -> "Points":
        return Points(self.half_points * count)


ZERO = Points(0)
