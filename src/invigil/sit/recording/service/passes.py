"""Who sends: the page that holds an attempt's ticket, or the phone that was paired with it."""

from dataclasses import dataclass

from invigil.kernel.ids import AttemptId
from invigil.prepare.exams.api import Track
from invigil.sit.recording.model.refusals import TrackNotYours


@dataclass(frozen=True, slots=True)
class RecordingPass:
    """A device of an attempt. epoch: of its ticket; an older one may still send what it recorded while it was the newest."""

    attempt_id: AttemptId
    is_phone: bool
    epoch: int

    def check_track(self, track: str) -> None:
        """Pass when this device records the track.

        Raises: TrackNotYours.
        """
        if (track == Track.PHONE) != self.is_phone:
            raise TrackNotYours
