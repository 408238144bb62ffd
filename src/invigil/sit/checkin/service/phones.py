"""What phones last said of themselves, in memory: nothing here must not be lost, a phone says it again within ten seconds."""

from datetime import datetime

from invigil.sit.checkin.model import CheckKind, PhoneState, PhoneStatus, RegisteredPhone
from invigil.sit.checkin.rules.pairing import compute_phone_state


class Phones:
    """The last word and the last picture of each attempt's phone, of the phones that are connected to this process."""

    def __init__(self) -> None:
        self._statuses: dict[str, PhoneStatus] = {}

    def hear(self, attempt_id: str, status: PhoneStatus) -> bool:
        """Note what the phone said; tell whether it is news. A phone that was replaced is not listened to."""
        before = self._statuses.get(attempt_id)
        if before is not None and before.phone_epoch > status.phone_epoch:
            return False
        self._statuses[attempt_id] = status
        return before is None or _said(before) != _said(status)

    def leave(self, attempt_id: str, phone_epoch: int) -> bool:
        """Note that a phone has gone; tell whether it was the one that counts."""
        before = self._statuses.get(attempt_id)
        if before is None or before.phone_epoch != phone_epoch:
            return False
        del self._statuses[attempt_id]
        return True

    def read(self, attempt_id: str) -> PhoneStatus | None:
        """Return its last word."""
        return self._statuses.get(attempt_id)

    def state(
        self, attempt_id: str, phone: RegisteredPhone | None, failing: frozenset[CheckKind], now: datetime
    ) -> PhoneState:
        """Return how the phone stands."""
        return compute_phone_state(phone, self.read(attempt_id), failing, now)


def _said(status: PhoneStatus) -> tuple[object, ...]:
    return (status.state, status.battery, status.is_charging, status.phone_epoch)
