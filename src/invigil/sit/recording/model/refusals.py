"""Why a take, an upload or a commit is turned down."""

from invigil.kernel.refusals import Refusal


class RecordingInvalid(Refusal):
    """What the page sent is not well formed."""

    code, status = "recording.invalid", 422
    zh = "录制数据格式不正确：{reason}。"
    en = "The recording's data are not well formed: {reason}."


class TakeConflict(Refusal):
    """Another take stands under this identifier."""

    code, status = "recording.take_conflict", 409
    zh = "录制段次编号重复，页面将自动重新开始录制。"
    en = "Another take has this identifier; begin a new one."


class TakeUnknown(Refusal):
    """The take has not been registered, or belongs to another attempt."""

    code, status = "recording.take_unknown", 404
    zh = "找不到该录制段次，页面将自动重新登记。"
    en = "There is no such take; register it first."


class TrackNotYours(Refusal):
    """The phone records its own track alone, the page the others."""

    code, status = "recording.track_not_yours", 403
    zh = "此设备不能上传该路录制。"
    en = "This device does not record that track."


class TooManyTakes(Refusal):
    """Far more takes than reloads and reconnects explain."""

    code, status = "recording.too_many_takes", 429
    zh = "录制重新开始的次数过多，请联系监考人员。"
    en = "Too many takes were begun; call the proctor."


class KeyInvalid(Refusal):
    """The take's key cannot be opened: it was wrapped for another take, or altered."""

    code, status = "recording.key_invalid", 422
    zh = "录制密钥无法读取，页面将自动重新开始录制。"
    en = "The take's key cannot be opened; begin a new take."


class RecordingOver(Refusal):
    """The attempt ended so long ago that nothing of it can be waiting any more."""

    code, status = "recording.over", 403
    zh = "本场考试早已结束，不再接收录制。"
    en = "The attempt ended too long ago."


class AddressInvalid(Refusal):
    """The signed address was altered or has run out."""

    code, status = "recording.address_invalid", 403
    zh = "上传地址无效或已过期，页面将自动重新获取。"
    en = "The address is not valid or has run out; ask for a new one."


class HashMismatch(Refusal):
    """What arrived is not what was announced."""

    code, status = "recording.hash_mismatch", 422
    zh = "收到的录制分段与登记的不符，页面将自动重传。"
    en = "The segment is not the one announced; send it again."


class SegmentTooLarge(Refusal):
    """The body is longer than announced or allowed."""

    code, status = "recording.segment_too_large", 413
    zh = "录制分段过大。"
    en = "The segment is too large."


class StoreUnavailable(Refusal):
    """The media store does not answer or is full: nothing was kept, the page keeps its copy and tries again (F9)."""

    code, status = "recording.store_unavailable", 503
    zh = "录制存储暂时不可用，录制内容保存在本机，页面会自动重试。"
    en = "The media store does not answer; keep the segment and try again."


class NotLocal(Refusal):
    """Segments go straight to the object store in this installation."""

    code, status = "recording.not_local", 404
    zh = "本系统的录制不经过此接口。"
    en = "Segments do not pass this interface here."


class RecordingNotConfirmed(Refusal):
    """The database did not confirm: keep the segments and send the same again."""

    code, status = "recording.not_confirmed", 503
    zh = "服务器暂时无法确认录制，录制内容保存在本机，页面会自动重试。"
    en = "The server cannot confirm just now; send the same again."


class SegmentMissing(Refusal):
    """There is no such segment in the store."""

    code, status = "recording.segment_missing", 404
    zh = "找不到该录制分段。"
    en = "There is no such segment."
