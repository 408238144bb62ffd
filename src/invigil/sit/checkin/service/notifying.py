"""Telling the PC page about the phone, and the phone about the attempt."""

import base64
from collections.abc import Awaitable, Callable

from invigil.platform.db import Transaction
from invigil.platform.ports import Ports
from invigil.sit.answering.api import StillCame, access_attempt
from invigil.sit.answering.api import protocol as page
from invigil.sit.checkin.model import Device, PhoneState
from invigil.sit.checkin.model.events import CheckReported, OtherPhoneAllowed, OtherPhoneTurnedAway, PhonePaired
from invigil.sit.checkin.protocol import (
    ChecksMessage,
    PhoneNewsMessage,
    PhonePictureMessage,
    ReplacedMessage,
    encode_message,
    phone_topic,
)
from invigil.sit.checkin.service.phones import Phones
from invigil.sit.checkin.service.reporting import read_check_in

News = CheckReported | OtherPhoneAllowed | OtherPhoneTurnedAway | PhonePaired


def subscribe(ports: Ports, phones: Phones) -> None:
    """Pass news about check-ins on to the pages."""
    tell_page = _about_phone(ports, phones)
    ports.hub.subscribe(OtherPhoneAllowed, tell_page)
    ports.hub.subscribe(OtherPhoneTurnedAway, tell_page)
    ports.hub.subscribe(PhonePaired, tell_page)
    ports.hub.subscribe(PhonePaired, _about_pairing(ports))
    ports.hub.subscribe(CheckReported, _about_check(ports, tell_page))
    ports.hub.subscribe(StillCame, _about_still(ports, phones))


async def tell_page_about_phone(ports: Ports, phones: Phones, attempt_id: str) -> None:
    """Tell the PC page how the phone stands now."""
    async with ports.db.reading() as tx:
        message = await _phone_news(tx, phones, attempt_id)
    await ports.bus.publish(page.attempt_topic(attempt_id), encode_message(message))


async def _phone_news(tx: Transaction, phones: Phones, attempt_id: str) -> PhoneNewsMessage:
    found = await read_check_in(tx, await access_attempt(tx, attempt_id))  # type: ignore[arg-type]
    status = phones.read(attempt_id)
    phone = found.phones[-1] if found.phones else None
    return PhoneNewsMessage(
        phones.state(attempt_id, phone, found.open[Device.PHONE], tx.now).value,
        None if status is None else status.battery,
        None if status is None else status.is_charging,
    )


def _about_phone(ports: Ports, phones: Phones) -> Callable[[News], Awaitable[None]]:
    async def tell(news: News) -> None:
        await tell_page_about_phone(ports, phones, news.attempt_id)

    return tell


def _about_pairing(ports: Ports) -> Callable[[PhonePaired], Awaitable[None]]:
    async def tell(news: PhonePaired) -> None:
        await ports.bus.publish(phone_topic(news.attempt_id), encode_message(ReplacedMessage(news.phone_epoch)))

    return tell


def _about_check(
    ports: Ports, tell_page: Callable[[News], Awaitable[None]]
) -> Callable[[CheckReported], Awaitable[None]]:
    """Of the PC's own checks the page knows the answer already; what staff let through it does not."""

    async def tell(news: CheckReported) -> None:
        if news.is_waived:
            message = encode_message(ChecksMessage(news.device.value))
            await ports.bus.publish(page.attempt_topic(news.attempt_id), message)
            await ports.bus.publish(phone_topic(news.attempt_id), message)
        if news.device is Device.PHONE:
            await tell_page(news)

    return tell


def _about_still(ports: Ports, phones: Phones) -> Callable[[StillCame], Awaitable[None]]:
    """While the phone is checked, its picture is shown on the PC page, so that both can be placed together."""

    async def tell(news: StillCame) -> None:
        status = phones.read(news.attempt_id)
        if news.track == "phone" and status is not None and status.state is PhoneState.CHECKING:
            message = PhonePictureMessage(base64.b64encode(news.jpeg).decode())
            await ports.bus.publish(page.attempt_topic(news.attempt_id), encode_message(message))

    return tell
