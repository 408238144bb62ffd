"""Why a command, a note or a hand-over is turned down."""

from invigil.kernel.refusals import Refusal


class TextMissing(Refusal):
    """The command needs words for the candidate."""

    code = "proctoring.text_missing"
    zh = "请填写要告知考生的内容（不超过 300 字），或选择一条常用警告。"
    en = "Say what the candidate is to read (at most 300 characters), or choose a canned warning."


class ReasonMissing(Refusal):
    """The command needs a reason."""

    code = "proctoring.reason_missing"
    zh = "请选择原因类别并填写原因（2 到 200 字）。"
    en = "Choose a category and give a reason (2 to 200 characters)."


class MinutesMissing(Refusal):
    """Extra time needs minutes."""

    code = "proctoring.minutes_missing"
    zh = "请填写延长的分钟数（1 到 240）。"
    en = "Say how many minutes (1 to 240)."


class NotConfirmedByTyping(Refusal):
    """A forced hand-in needs the typed confirmation."""

    code = "proctoring.not_confirmed"
    zh = "请输入“确认交卷”或考生姓名以确认强制交卷。"
    en = "Type 确认交卷 or the candidate's name to confirm the forced hand-in."


class EvidenceMissing(Refusal):
    """A termination needs evidence about this candidate."""

    code = "proctoring.evidence_missing"
    zh = "终止考试须附证据：请先做监考记录，或选择该考生的异常信号。"
    en = "A termination needs evidence: write a note first, or choose signals of this candidate."


class OneAtATime(Refusal):
    """A termination concerns one candidate."""

    code = "proctoring.one_at_a_time"
    zh = "终止考试须逐人办理。"
    en = "Terminate one candidate at a time."


class NobodyThere(Refusal):
    """Nobody in the room can be told."""

    code, status = "proctoring.nobody_there", 409
    zh = "考场内没有可以接收指令的考生。"
    en = "Nobody in this room can be commanded."


class NotInRoom(Refusal):
    """The attempt is not one of this room."""

    code, status = "proctoring.not_in_room", 404
    zh = "该考生不在这个考场。"
    en = "The candidate is not in this room."


class OrderConflict(Refusal):
    """The id belongs to something else."""

    code, status = "proctoring.order_conflict", 409
    zh = "这个编号已用于另一项操作，请刷新后重试。"
    en = "This id belongs to something else."


class ProposalNotFound(Refusal):
    """There is no such proposal."""

    code, status = "proctoring.proposal_not_found", 404
    zh = "没有找到待审批的指令。"
    en = "There is no such proposal."


class ProposalDecided(Refusal):
    """It was decided already."""

    code, status = "proctoring.proposal_decided", 409
    zh = "这条指令已经审批过。"
    en = "The proposal has been decided."


class SecondPersonNeeded(Refusal):
    """Nobody approves their own."""

    code, status = "proctoring.second_person_needed", 403
    zh = "须由另一人审批。"
    en = "Another person must decide."


class NoteNotFound(Refusal):
    """There is no such note, or no such picture of it."""

    code, status = "proctoring.note_not_found", 404
    zh = "没有找到这条监考记录或截图。"
    en = "There is no such note or picture."


class NoteNotYours(Refusal):
    """Only its author changes a note."""

    code, status = "proctoring.note_not_yours", 403
    zh = "只有记录人本人可以修改监考记录。"
    en = "Only its author changes a note."


class CallNotFound(Refusal):
    """There is no such call, or it is over."""

    code, status = "proctoring.call_not_found", 404
    zh = "没有找到这次举手，或考生已经放下。"
    en = "There is no such call, or it is over."


class ClaimedByColleague(Refusal):
    """A colleague looks after it."""

    code, status = "proctoring.claimed_by_colleague", 409
    zh = "{name} 正在处理。如需接手，请确认接管。"
    en = "{name} looks after it; take it over if you mean to."


class LineTooLong(Refusal):
    """A line is empty or too long."""

    code = "proctoring.line_too_long"
    zh = "请填写消息内容（不超过 500 字）。"
    en = "A line has 1 to 500 characters."


class NotYourRoom(Refusal):
    """Only a proctor of the room signs in for it or hands it over."""

    code, status = "proctoring.not_your_room", 403
    zh = "您不是这个考场的监考人员。"
    en = "You are not a proctor of this room."


class NotOnDuty(Refusal):
    """The room has no duty to end."""

    code, status = "proctoring.not_on_duty", 409
    zh = "您尚未在这个考场签到。"
    en = "You have not signed in for this room."
