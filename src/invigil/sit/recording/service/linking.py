"""Hearing the manifest over the sockets: the same service, the same answers as over HTTP (S3.14)."""

from invigil.kernel.refusals import Refusal
from invigil.platform.ports import Ports
from invigil.sit.answering.api import Attempt, PageEars, note_stored_until, protocol
from invigil.sit.recording.model.forms import CommitForm
from invigil.sit.recording.protocol import CommitMessage, CommitRefusedMessage, CommittedMessage, RecordingMessage
from invigil.sit.recording.rules.forms import check_commit
from invigil.sit.recording.service.passes import RecordingPass
from invigil.sit.recording.service.recorder import Recorder


def listen_to_commits(ports: Ports, ears: PageEars, recorder: Recorder) -> None:
    """Hear what pages and phones declare. A media store may take its time: nothing else that is said waits for it."""

    async def take(attempt: Attempt, device: protocol.Device, message: CommitMessage) -> RecordingMessage:
        who = RecordingPass(attempt.id, is_phone=device == "phone", epoch=attempt.seat_epoch)
        form = CommitForm(message.segments, message.ends, message.gaps)
        try:
            check_commit(form)
            answer = await recorder.commit(who, form)
        except Refusal as refusal:
            return CommitRefusedMessage(message.id, refusal.status, refusal.code)
        note_stored_until(ports, attempt.id, answer.stored_until_ms)
        return CommittedMessage(message.id, answer.segments, answer.ends, answer.stored_until_ms)

    ears.on(CommitMessage, take, takes_time=True)
