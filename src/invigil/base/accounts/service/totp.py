"""The second factor: six digits by RFC 6238, each used once."""

from datetime import datetime

import pyotp

STEP_SECONDS = 30
# One step early or late: phones' clocks differ from ours.
TOLERANCE_STEPS = 1
ISSUER = "Invigil 明鉴"


def new_totp_secret() -> str:
    """Return a fresh base-32 secret of 160 bits."""
    return pyotp.random_base32()


def totp_uri(secret: str, login_name: str) -> str:
    """Return the otpauth URI that an authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login_name, issuer_name=ISSUER)


def find_totp_step(secret: str, code: str, now: datetime, *, after_step: int) -> int | None:
    """Return the time step the code belongs to; None when it is wrong or was used before (step <= after_step)."""
    present = int(now.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in range(present - TOLERANCE_STEPS, present + TOLERANCE_STEPS + 1):
        if step > after_step and pyotp.utils.strings_equal(totp.generate_otp(step), code.strip()):
            return step
    return None
