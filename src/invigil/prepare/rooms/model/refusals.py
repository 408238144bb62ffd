"""The refusals of this feature."""

from typing import ClassVar

from invigil.kernel.refusals import Refusal


class RoomNotFound(Refusal):
    """There is no such room, or it is not this person's."""

    code = "rooms.not_found"
    status: ClassVar[int] = 404
    zh = "没有这个考场，或者您无权查看。"
    en = "There is no such room, or it is not yours to see."


class NotArranged(Refusal):
    """The sitting has no rooms yet."""

    code = "rooms.not_arranged"
    status: ClassVar[int] = 409
    zh = "该场次尚未编排考场。"
    en = "The sitting has not been arranged."


class ArrangementNotPossible(Refusal):
    """A sitting is arranged once it is locked, until it begins."""

    code = "rooms.arrangement_not_possible"
    status: ClassVar[int] = 409
    zh = "场次当前为“{state_zh}”状态；考场只能在场次锁定后、开考前编排和调整。"
    en = "The sitting is {state}; rooms are arranged after it is locked and before it begins."


class NobodyToArrange(Refusal):
    """No candidate is registered for the sitting's subjects, or all sit elsewhere."""

    code = "rooms.nobody_to_arrange"
    zh = "没有可以编排的考生：所含科目尚无考生，或考生已编入其他场次。"
    en = "There is nobody to arrange: no candidates, or all are seated in other sittings."


class PersonTwice(Refusal):
    """Somebody registered for two subjects cannot sit both at once."""

    code = "rooms.person_twice"
    status: ClassVar[int] = 409
    zh = "有 {count} 人报考了多个科目，会在同一时间参加两场考核，请把相关科目分到不同场次。准考证号：{tickets}"
    en = "{count} persons would sit two subjects at the same time; put the subjects into different sittings. Tickets: {tickets}"


class ArrangementChanged(Refusal):
    """Somebody else has changed the rooms since they were read."""

    code = "rooms.changed_meanwhile"
    status: ClassVar[int] = 409
    zh = "考场安排已被他人修改（当前版本 {version}），请刷新后重试。"
    en = "The rooms were changed by somebody else (now version {version}); reload and try again."


class PlanFrozen(Refusal):
    """The confirmation sheet is submitted or signed."""

    code = "rooms.plan_frozen"
    status: ClassVar[int] = 409
    zh = "考场安排确认单{state_zh}，考场安排已冻结。如需调整，请先{way_zh}。"
    en = "The confirmation sheet is {state}: the rooms are frozen."


class RoomFull(Refusal):
    """Thirty candidates to a proctor."""

    code = "rooms.full"
    status: ClassVar[int] = 409
    zh = "{room_number} 号考场已有 {capacity} 人，不能再编入考生。"
    en = "Room {room_number} has its {capacity} candidates."


class OtherSubject(Refusal):
    """Rooms have one subject."""

    code = "rooms.other_subject"
    status: ClassVar[int] = 409
    zh = "{room_number} 号考场为“{subject_code}”科目，考生报考科目不同。"
    en = "Room {room_number} is for subject {subject_code}; the candidate's is another."


class NotSeated(Refusal):
    """The candidate has no seat in this sitting."""

    code = "rooms.not_seated"
    status: ClassVar[int] = 404
    zh = "该考生不在此场次中。"
    en = "The candidate has no seat in this sitting."


class RecusalViolated(Refusal):
    """A proctor would watch a relative or a colleague (C5.2)."""

    code = "rooms.recusal_violated"
    status: ClassVar[int] = 409
    zh = "须回避：监考人员“{proctor}”与 {room_number} 号考场的考生{reason_zh}，不能这样安排。"
    en = "Recusal: proctor {proctor} {reason_en} in room {room_number}."


class ProctorsMissing(Refusal):
    """There are not enough proctors who may watch these rooms."""

    code = "rooms.proctors_missing"
    status: ClassVar[int] = 409
    zh = "监考人员不足：共 {rooms} 个考场，可用监考 {proctors} 名，还差 {missing} 名。{reason_zh}"
    en = "{missing} proctors are missing: {rooms} rooms, {proctors} available proctors. {reason_en}"


class NotAProctor(Refusal):
    """Only active accounts with the role can be assigned."""

    code = "rooms.not_a_proctor"
    zh = "“{proctor}”不是在用的监考人员账号。"
    en = "{proctor} is not an active proctor account."


class ProctorBusy(Refusal):
    """One proctor, one room at a time."""

    code = "rooms.proctor_busy"
    status: ClassVar[int] = 409
    zh = "监考人员“{proctor}”在同一时间已安排其他考场。"
    en = "Proctor {proctor} has another room at the same time."


class RelativeNotFound(Refusal):
    """There is no such declaration."""

    code = "rooms.relative_not_found"
    status: ClassVar[int] = 404
    zh = "没有这条回避申报。"
    en = "There is no such declaration."


class IdentityNumberMalformed(Refusal):
    """Not an identity number."""

    code = "rooms.identity_number_malformed"
    zh = "身份证号须为 18 位（最后一位可以是 X）；不清楚时可以留空，系统将按姓名回避。"
    en = "An identity number has 18 characters; leave it empty when it is not known."


class ConfirmationNotFound(Refusal):
    """There is no such confirmation sheet."""

    code = "rooms.confirmation_not_found"
    status: ClassVar[int] = 404
    zh = "没有这份考场安排确认单。"
    en = "There is no such confirmation sheet."


class PlanIncomplete(Refusal):
    """The sheet would confirm rooms that are not ready."""

    code = "rooms.plan_incomplete"
    status: ClassVar[int] = 409
    zh = "考场安排尚未完成，不能提交确认：{reason_zh}"
    en = "The rooms are not ready to be confirmed: {reason_en}"


class PlanNotInState(Refusal):
    """The room plan's state does not allow this."""

    code = "rooms.plan_not_in_state"
    status: ClassVar[int] = 409
    zh = "考场安排当前为“{state_zh}”，不能执行此操作。"
    en = "The room plan is {state}; this cannot be done now."


class SignerIsSubmitter(Refusal):
    """Whoever submits does not sign."""

    code = "rooms.signer_is_submitter"
    status: ClassVar[int] = 409
    zh = "提交与签署须由不同的人完成。"
    en = "Whoever submitted the sheet cannot sign it."
