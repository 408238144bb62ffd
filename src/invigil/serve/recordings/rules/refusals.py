"""What this feature turns down."""

from invigil.kernel.refusals import Refusal


class NothingRecorded(Refusal):
    """There is no recording in the scope."""

    code, status = "recordings.package.nothing_recorded", 409
    zh = "所选范围内没有录像可下载。"
    en = "Nothing was recorded in this scope."


class PackageNotFound(Refusal):
    """There is no such package, or it is not theirs."""

    code, status = "recordings.package.not_found", 404
    zh = "没有这个录像包，或者它不属于您。"
    en = "There is no such package, or it is not yours."


class PackageNotReady(Refusal):
    """Its job goes on."""

    code, status = "recordings.package.not_ready", 409
    zh = "录像包还在制作中，请稍后再下载。"
    en = "The package is still being made."


class PackageDestroyed(Refusal):
    """Its date has come, or somebody destroyed it."""

    code, status = "recordings.package.destroyed", 410
    zh = "录像包已过期销毁，如仍需要请重新申请。"
    en = "The package is gone; order it again if you need it."


class RangeImpossible(Refusal):
    """The part asked for is not in the file."""

    code, status = "recordings.package.range", 416
    zh = "请求的文件范围不存在，请重新下载。"
    en = "The file has no such range."


class AlreadyHeld(Refusal):
    """The same hold is in force."""

    code, status = "recordings.hold.already", 409
    zh = "已经设置了保全，无需重复设置。"
    en = "It is held already."


class HoldNotFound(Refusal):
    """There is no such hold in force."""

    code, status = "recordings.hold.not_found", 404
    zh = "没有这条保全，或者它已解除。"
    en = "There is no such hold, or it was lifted."
