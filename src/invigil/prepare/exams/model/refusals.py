"""The refusals of this feature."""

from typing import ClassVar

from invigil.kernel.refusals import Refusal


class ExamNotFound(Refusal):
    """There is no such examination."""

    code = "exams.not_found"
    status: ClassVar[int] = 404
    zh = "没有这场考试。"
    en = "There is no such examination."


class SittingNotFound(Refusal):
    """There is no such sitting."""

    code = "exams.sitting_not_found"
    status: ClassVar[int] = 404
    zh = "没有这个场次。"
    en = "There is no such sitting."


class SubjectNotFound(Refusal):
    """The examination has no such subject."""

    code = "exams.subject_not_found"
    status: ClassVar[int] = 404
    zh = "这场考试没有“{subject_code}”科目。"
    en = "The examination has no subject {subject_code}."


class ProfileNotFound(Refusal):
    """There is no such profile."""

    code = "exams.profile_not_found"
    status: ClassVar[int] = 404
    zh = "没有名为“{profile}”的考试模板。"
    en = "There is no profile {profile}."


class SubjectTaken(Refusal):
    """The code is in use."""

    code = "exams.subject_taken"
    status: ClassVar[int] = 409
    zh = "这场考试已有代码为“{subject_code}”的科目。"
    en = "The examination has a subject {subject_code} already."


class SubjectInUse(Refusal):
    """A sitting or candidates need the subject."""

    code = "exams.subject_in_use"
    status: ClassVar[int] = 409
    zh = "科目“{subject_code}”已有场次或考生，不能删除。"
    en = "Subject {subject_code} has sittings or candidates; it cannot be removed."


class ExamInUse(Refusal):
    """The examination has candidates, or sittings that were locked once."""

    code = "exams.in_use"
    status: ClassVar[int] = 409
    zh = "这场考试已有考生，或有场次曾经锁定，不能删除。"
    en = "The examination has candidates or sittings that were locked; it cannot be deleted."


class TitleNotConfirmed(Refusal):
    """The typed confirmation is not the examination's title."""

    code = "exams.title_not_confirmed"
    zh = "此操作影响整场考试，请准确输入考试名称“{title}”以确认。"
    en = "This concerns the whole examination: type its title {title} to confirm."


class ChangedMeanwhile(Refusal):
    """Somebody else has changed it since it was read."""

    code = "exams.changed_meanwhile"
    status: ClassVar[int] = 409
    zh = "内容已被他人修改（当前版本 {version}），请刷新后重试。"
    en = "It was changed by somebody else (now version {version}); reload and try again."


class RulesInvalid(Refusal):
    """Some of the sitting's rules cannot stand."""

    code = "exams.rules_invalid"
    zh = "场次规则有 {count} 处需要修改：{summary_zh}"
    en = "{count} rules of the sitting cannot stand: {summary_en}"


class CapacityMissing(Refusal):
    """A mock slot without a number of places."""

    code = "exams.capacity_missing"
    zh = "请填写模拟考试时段的名额。"
    en = "A mock slot needs a number of places."


class SittingNotInState(Refusal):
    """The sitting's state does not allow this."""

    code = "exams.sitting_not_in_state"
    status: ClassVar[int] = 409
    zh = "场次当前为“{state_zh}”状态，不能执行此操作。"
    en = "The sitting is {state}; this cannot be done now."


class SittingInUse(Refusal):
    """The sitting was locked once."""

    code = "exams.sitting_in_use"
    status: ClassVar[int] = 409
    zh = "该场次曾经锁定过，可能已有考场安排或预约，不能删除，只能修改。"
    en = "The sitting was locked once and may have rooms or bookings; it can be changed but not deleted."


class PathUnknown(Refusal):
    """No way leads from this state to that one."""

    code = "exams.path_unknown"
    status: ClassVar[int] = 409
    zh = "场次不能从“{origin_zh}”变为“{target_zh}”。"
    en = "A sitting cannot go from {origin} to {target}."


class SecondPersonNeeded(Refusal):
    """Locking takes two different persons."""

    code = "exams.second_person_needed"
    status: ClassVar[int] = 409
    zh = "锁定场次需要两人：请由提出锁定者以外的另一位考务管理员确认。"
    en = "Locking takes two persons: another administrator must confirm."


class LockNotProposed(Refusal):
    """Nobody has proposed the lock, or it was changed since."""

    code = "exams.lock_not_proposed"
    status: ClassVar[int] = 409
    zh = "尚未有人提出锁定，或提出后内容又有修改，请先提出锁定。"
    en = "Nobody has proposed to lock this version."


class SubjectsMissing(Refusal):
    """A sitting without subjects."""

    code = "exams.subjects_missing"
    zh = "场次至少要有一个科目。"
    en = "A sitting needs a subject."


class AgreementMissing(Refusal):
    """No agreement, no examination (C2)."""

    code = "exams.agreement_missing"
    status: ClassVar[int] = 409
    zh = "尚未登记《考核承办协议》，场次不能开放。"
    en = "The agreement for this examination is not registered; the sitting cannot open."


class AgreementNotFound(Refusal):
    """There is no such agreement."""

    code = "exams.agreement_not_found"
    status: ClassVar[int] = 404
    zh = "没有这份协议。"
    en = "There is no such agreement."


class AgreementFileUnacceptable(Refusal):
    """The scan is neither PDF nor picture, empty, or too large."""

    code = "exams.agreement_file_unacceptable"
    zh = "协议扫描件须为 PDF、JPG 或 PNG，且不超过 {limit_mb} MB。"
    en = "The scan must be PDF, JPEG or PNG of at most {limit_mb} MB."


class AgreementSignedLater(Refusal):
    """An agreement is signed before it is registered."""

    code = "exams.agreement_signed_later"
    zh = "协议签订日期不能晚于今天。"
    en = "The agreement cannot have been signed in the future."


class PapersNotLocked(Refusal):
    """A subject of the sitting has no locked papers."""

    code = "exams.papers_not_locked"
    status: ClassVar[int] = 409
    zh = "以下科目的试卷尚未选定或未锁定：{subject_codes}。"
    en = "These subjects have no locked papers: {subject_codes}."


class PaperSetUnsuitable(Refusal):
    """The paper set does not exist, is of another subject, or would give the real papers away in a mock."""

    code = "exams.paper_set_unsuitable"
    zh = "所选试卷不适用于科目“{subject_code}”：{reason_zh}"
    en = "This paper set does not suit subject {subject_code}: {reason_en}"


class SittingOver(Refusal):
    """The sitting's time has passed."""

    code = "exams.sitting_over"
    status: ClassVar[int] = 409
    zh = "场次的时间已过，不能执行此操作。"
    en = "The time of the sitting has passed."


class NotAMockSlot(Refusal):
    """The sitting cannot be booked."""

    code = "exams.not_a_mock_slot"
    status: ClassVar[int] = 404
    zh = "这不是可以预约的模拟考试场次。"
    en = "This is not a mock slot that can be booked."


class SlotFull(Refusal):
    """Every place is taken."""

    code = "exams.slot_full"
    status: ClassVar[int] = 409
    zh = "该时段已约满，请选择其他时段。"
    en = "This slot is full; choose another one."


class SlotBegun(Refusal):
    """The slot, or the one booked before, has begun."""

    code = "exams.slot_begun"
    status: ClassVar[int] = 409
    zh = "模拟考试已经开始，不能再预约或更改。"
    en = "The mock has begun; it can no longer be booked or changed."


class SlotOfOtherSubject(Refusal):
    """The slot is not for the candidate's subject."""

    code = "exams.slot_of_other_subject"
    status: ClassVar[int] = 409
    zh = "该时段不含您报考的科目“{subject_code}”。"
    en = "This slot is not for your subject {subject_code}."


class MockNotPassed(Refusal):
    """Whoever misses or fails the mock forfeits the examination (Beijing plan)."""

    code = "exams.mock_not_passed"
    status: ClassVar[int] = 403
    zh = "您尚未完成模拟考试，按规定不能参加正式考核。如有特殊情况，请联系考务人员。"
    en = "You have not completed the mock examination and may not sit; contact the staff in special cases."
