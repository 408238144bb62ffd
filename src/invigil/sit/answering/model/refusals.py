"""Why an entering, a save, a hand-in or a change of time is turned down."""

from invigil.kernel.refusals import Refusal


class TicketInvalid(Refusal):
    """The attempt ticket is missing or was not made by us."""

    code, status = "answering.ticket_invalid", 401
    zh = "考试凭证无效，请返回登录页面重新进入考试。"
    en = "The attempt ticket is not valid; enter the examination again."


class SeatRevoked(Refusal):
    """The attempt has been entered from elsewhere since this ticket was given."""

    code, status = "answering.seat_revoked", 409
    zh = "本场考试已在另一页面或电脑上继续，此页面不能再作答。"
    en = "The attempt goes on in another page or computer."


class SeatOccupied(Refusal):
    """Another login holds the seat, and staff have not released it."""

    code, status = "answering.seat_occupied", 409
    zh = "本场考试正在另一台电脑上进行。如需更换电脑，请联系监考人员释放座位，已保存的答案不会丢失。"
    en = "The attempt is open on another computer; ask the proctor to release the seat."


class NoSeat(Refusal):
    """The candidate has no seat in this sitting."""

    code, status = "answering.no_seat", 404
    zh = "您没有被安排在这一场考试中，请核对考试安排或联系客服。"
    en = "You have no seat in this sitting."


class NotOpenYet(Refusal):
    """The waiting room opens later."""

    code, status = "answering.not_open_yet", 425
    zh = "考试尚未开放进入，请在 {opens_at} 之后进入。"
    en = "The waiting room opens at {opens_at}."


class TooLate(Refusal):
    """Late entry has ended."""

    code, status = "answering.too_late", 403
    zh = "已超过允许迟到的时间，不能再进入本场考试。"
    en = "Late entry has ended."


class SittingOver(Refusal):
    """The sitting has ended."""

    code, status = "answering.sitting_over", 403
    zh = "本场考试已经结束。"
    en = "The sitting is over."


class ConsentMissing(Refusal):
    """The current consent text has not been agreed to."""

    code, status = "answering.consent_missing", 422
    zh = "请先阅读并同意考试须知与个人信息处理说明。"
    en = "Agree to the notice first."


class PaperKeyNotYet(Refusal):
    """The paper is opened at T0 and not before."""

    code, status = "answering.paper_key_not_yet", 425
    zh = "考试尚未开始，试卷将在 {opens_at} 打开。"
    en = "The paper opens at {opens_at}."


class NotStarted(Refusal):
    """Answers are accepted from T0."""

    code, status = "answering.not_started", 425
    zh = "考试尚未开始，还不能作答。"
    en = "The sitting has not started."


class PastDeadline(Refusal):
    """The working time and its grace are over."""

    code, status = "answering.past_deadline", 409
    zh = "考试时间已到，此次修改未被接收；系统已按最后一次保存的答案交卷。"
    en = "Time is over; the last saved sheet counts."


class AttemptPaused(Refusal):
    """The attempt is paused."""

    code, status = "answering.attempt_paused", 423
    zh = "考试已暂停，暂停期间不能作答，您的时间不会减少。"
    en = "The attempt is paused."


class AttemptLocked(Refusal):
    """The proctor has locked the attempt."""

    code, status = "answering.attempt_locked", 423
    zh = "监考人员已锁定您的考试，请等待处理。"
    en = "The proctor has locked the attempt."


class AttemptClosed(Refusal):
    """The attempt has been handed in or ended."""

    code, status = "answering.attempt_closed", 409
    zh = "您已交卷或考试已被终止，不能再作答。"
    en = "The attempt is closed."


class SeqConflict(Refusal):
    """Another sheet stands under this number."""

    code, status = "answering.seq_conflict", 409
    zh = "答案版本冲突，页面将自动用新的编号重新保存。"
    en = "Another sheet has this sequence number."


class SheetInvalid(Refusal):
    """The sheet is not one of this attempt, or not well formed."""

    code, status = "answering.sheet_invalid", 422
    zh = "答题卡格式不正确：{reason}。"
    en = "The sheet is not well formed: {reason}."


class HandInTooEarly(Refusal):
    """The sitting's rules give the earliest hand-in (S3.10)."""

    code, status = "answering.hand_in_too_early", 422
    zh = "按本场规定，开考 {minutes} 分钟后才能交卷，最早交卷时间为 {allowed_from}。"
    en = "Hand-in is possible {minutes} minutes after the start, from {allowed_from}."


class UnansweredNotConfirmed(Refusal):
    """The candidate must know how many items are unanswered (S3.10)."""

    code, status = "answering.unanswered_not_confirmed", 422
    zh = "还有 {unanswered} 题未作答，请确认后再交卷。"
    en = "{unanswered} items are unanswered; confirm before handing in."


class AttemptNotFound(Refusal):
    """There is no such attempt, or it is not yours to see."""

    code, status = "answering.attempt_not_found", 404
    zh = "找不到该考生的考试记录。"
    en = "There is no such attempt."


class ChangeNotFound(Refusal):
    """There is no such request."""

    code, status = "answering.change_not_found", 404
    zh = "找不到该时间调整申请。"
    en = "There is no such request."


class ChangeDecided(Refusal):
    """The request has been decided already."""

    code, status = "answering.change_decided", 409
    zh = "该申请已经处理过。"
    en = "The request has been decided already."


class SamePerson(Refusal):
    """The second person must be another one."""

    code, status = "answering.same_person", 403
    zh = "申请人不能审批自己的申请，请由另一位工作人员审批。"
    en = "A second person must approve."


class ChangeImpossible(Refusal):
    """The attempt's state does not allow this change."""

    code, status = "answering.change_impossible", 409
    zh = "考生当前状态（{state}）不能进行此项调整。"
    en = "The attempt's state ({state}) does not allow this change."


class RescueInvalid(Refusal):
    """The emergency file cannot be read."""

    code, status = "answering.rescue_invalid", 422
    zh = "应急答案文件无法读取：{reason}。"
    en = "The emergency file cannot be read: {reason}."


class NoPaper(Refusal):
    """The sitting has no papers for this subject: preparation is not finished."""

    code, status = "answering.no_paper", 409
    zh = "本场考试的试卷尚未准备好，请联系客服。"
    en = "There is no paper for this sitting yet."


class PlaysInvalid(Refusal):
    """Counts of plays that cannot be of this paper."""

    code, status = "answering.plays_invalid", 422
    zh = "音视频播放次数的格式不正确。"
    en = "The counts of plays are not well formed."


class ExtraTimeNotAllowed(Refusal):
    """The sitting's rules give no extra time (local rule)."""

    code, status = "answering.extra_time_not_allowed", 409
    zh = "本场规则不允许延长考试时间。"
    en = "The rules of this sitting give no extra time."


class NotConfirmed(Refusal):
    """The database did not confirm: what was sent may be durable or not. The page keeps it and sends it again (I7)."""

    code, status = "answering.not_confirmed", 503
    zh = "服务器暂时无法确认保存，页面会自动重试；您的答案仍保存在本机。"
    en = "The server cannot confirm just now; send the same again."
