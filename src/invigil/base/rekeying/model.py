"""What still stands under which key, and why a key cannot go yet."""

from collections import Counter
from dataclasses import dataclass, field

from invigil.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Holdings:
    """How many ciphertexts stand under which key version. cells: in tables. blobs: pictures, media, files."""

    cells: Counter[int] = field(default_factory=Counter)
    blobs: Counter[int] = field(default_factory=Counter)


class KeyVersionUnknown(Refusal):
    """The keyring has no such key."""

    code = "rekeying.version_unknown"
    status = 404
    zh = "密钥环里没有第 {version} 版主密钥。"
    en = "The keyring has no key version {version}."


class KeyVersionNewest(Refusal):
    """The key that seals now cannot go."""

    code = "rekeying.version_newest"
    zh = "第 {version} 版是正在使用的主密钥，不能停用。请先运行 invigil keys rotate。"
    en = "Key version {version} is the one in use; rotate first."


class KeyringJustChanged(Refusal):
    """A process may not have taken up the newest key yet, and may seal with an older one."""

    code = "rekeying.keyring_just_changed"
    zh = "密钥环刚刚变更，请在 {seconds} 秒后再试：各进程可能还没有换用新密钥。"
    en = "The keyring has just been changed; try again in {seconds} seconds, when every process uses the newest key."


class KeyVersionStillNeeded(Refusal):
    """Something would never open again."""

    code = "rekeying.version_still_needed"
    zh = "还有 {cells} 个字段和 {blobs} 个文件由第 {version} 版主密钥加密，停用后将永远无法打开。请先运行 invigil keys reseal 并等它完成。"
    en = "{cells} fields and {blobs} files are still sealed with key version {version}; run invigil keys reseal first."
