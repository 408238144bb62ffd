"""The normal forms of what staff declare about a relative."""

import re
import unicodedata

_IDENTITY_NUMBER = re.compile(r"\d{17}[\dX]")


def normalise_identity_number(written: str) -> str:
    """Return the number without white space, half-width, with a capital X."""
    return "".join(unicodedata.normalize("NFKC", written).split()).upper()


def is_identity_number(number: str) -> bool:
    """Tell whether a normalised number has the form of an identity number; the check digit is the import's matter."""
    return number.isascii() and _IDENTITY_NUMBER.fullmatch(number) is not None


def normalise_name(written: str) -> str:
    """Return a name without white space and full-width forms, for comparing; the middle dots are one dot."""
    folded = "".join(unicodedata.normalize("NFKC", written).split()).casefold()
    return re.sub(r"[・•‧．∙]", "·", folded)
