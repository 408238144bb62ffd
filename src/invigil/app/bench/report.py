"""What every benchmark gives back."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class BenchReport:
    """One measurement.

    value, baseline: in `unit`, both measured in this run; ratio: value / baseline. note: what both did, and any scaling.
    """

    name: str
    value: float
    unit: str
    baseline: float
    ratio: float
    note: str

    def as_document(self) -> dict[str, object]:
        """Return the object that `--json` prints as its last line."""
        return asdict(self)
