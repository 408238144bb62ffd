"""Why a pairing, a phone or a report is turned down."""

from invigil.kernel.refusals import Refusal


class PhoneTicketInvalid(Refusal):
    """The phone's ticket is missing or was not made by us."""

    code, status = "checkin.phone_ticket_invalid", 401
    zh = "手机凭证无效，请用手机重新扫描电脑上的二维码。"
    en = "The phone's ticket is not valid; scan the QR code again."


class PhoneReplaced(Refusal):
    """The attempt has been claimed again since this ticket was given."""

    code, status = "checkin.phone_replaced", 409
    zh = "本场考试已在另一部手机或页面上继续，此页面可以关闭。"
    en = "The attempt goes on at another phone or page; this page can be closed."


class TokenInvalid(Refusal):
    """The token in the QR code is unknown."""

    code, status = "checkin.token_invalid", 404
    zh = "二维码无效，请扫描电脑页面上最新的二维码。"
    en = "The QR code is not valid; scan the newest one on the computer."


class TokenUsed(Refusal):
    """A token pairs one phone, once."""

    code, status = "checkin.token_used", 410
    zh = "此二维码已被使用过，请在电脑页面上刷新二维码后重新扫描。"
    en = "This QR code has been used; renew it on the computer and scan again."


class TokenExpired(Refusal):
    """A token holds for two minutes."""

    code, status = "checkin.token_expired", 410
    zh = "二维码已过期，请在电脑页面上刷新二维码后重新扫描。"
    en = "The QR code has expired; renew it on the computer and scan again."


class OtherPhone(Refusal):
    """Another phone has been paired, and staff have not allowed a change."""

    code, status = "checkin.other_phone", 409
    zh = "本场考试已绑定另一部手机。如需更换手机，请联系监考人员同意后重新扫码。"
    en = "Another phone is paired; ask the proctor to allow the change, then scan again."


class TooManyTokens(Refusal):
    """A page asked for more codes than a person can scan."""

    code, status = "checkin.too_many_tokens", 429
    zh = "二维码刷新过于频繁，请稍候再试。"
    en = "Too many QR codes; wait a little."


class AttemptOver(Refusal):
    """The attempt has ended; no phone is needed."""

    code, status = "checkin.attempt_over", 409
    zh = "本场考试已经结束，无需再绑定手机。"
    en = "The attempt has ended."


class PhoneNotNeeded(Refusal):
    """The sitting records no phone."""

    code, status = "checkin.phone_not_needed", 409
    zh = "本场考试不使用手机。"
    en = "This sitting uses no phone."


class CheckUnknown(Refusal):
    """This device has no such check."""

    code, status = "checkin.check_unknown", 422
    zh = "没有“{kind}”这项检测。"
    en = "There is no check “{kind}” of this device."


class MeasurementInvalid(Refusal):
    """A report lacks a measurement, or it is out of bounds."""

    code, status = "checkin.measurement_invalid", 422
    zh = "检测数据不完整（{kind}：{name}），请重新检测。"
    en = "The measurement is not complete ({kind}: {name})."


class NothingToWaive(Refusal):
    """A check that passed needs no letting through, and a device has its own checks only."""

    code, status = "checkin.nothing_to_waive", 409
    zh = "这项检测已经通过或不适用，无需放行。"
    en = "This check has passed or does not apply."
