"""How a refusal, bad input or a fault of ours is answered: always {"code", "message", "message_en", "details"}."""

import msgspec
import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from invigil.kernel.refusals import Refusal
from invigil.platform.http.headers import RawHeaders

log = structlog.get_logger()

_STATUS_SENTENCES = {
    404: ("http.not_found", "没有这个页面或接口。", "There is no such page or interface."),
    405: ("http.method_not_allowed", "此接口不支持这种请求方式。", "This interface does not take this method."),
    413: ("http.body_too_large", "提交的内容过大。", "The body is too large."),
}


def refusal_answer(refusal: Refusal, headers: RawHeaders = ()) -> Response:
    """Return the answer of a refusal. headers: sent besides the usual ones."""
    answer = _answer(refusal.status, refusal.code, refusal.message_zh, refusal.message_en, dict(refusal.details))
    return _with_headers(answer, headers)


def fault_answer(path: str, fault: Exception, headers: RawHeaders = ()) -> Response:
    """Log a fault of ours and return its answer. headers: sent besides the usual ones."""
    log.error("platform.http.fault", path=path, exc_info=fault)
    answer = _answer(
        500,
        "http.fault",
        "系统出现故障，您的操作没有生效，请稍后重试。",
        "A fault on our side; nothing was changed.",
        {},
    )
    return _with_headers(answer, headers)


def install_refusals(app: FastAPI) -> None:
    """Make the application answer every refusal and fault in the one form."""
    app.add_exception_handler(Refusal, _answer_refusal)
    app.add_exception_handler(RequestValidationError, _answer_bad_input)
    app.add_exception_handler(HTTPException, _answer_status)
    app.add_exception_handler(Exception, _answer_fault)


async def _answer_refusal(_request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)  # noqa: S101 - registered for this type alone
    return refusal_answer(refusal)


async def _answer_bad_input(_request: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)  # noqa: S101 - registered for this type alone
    # Never echo the input: it can be an identity number.
    places = [{"at": ".".join(str(part) for part in error["loc"]), "reason": error["msg"]} for error in fault.errors()]
    return _answer(
        422,
        "http.bad_input",
        "提交的内容格式不正确，请检查标出的各项。",
        "The input is not well formed.",
        {"errors": places},
    )


async def _answer_status(_request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)  # noqa: S101 - registered for this type alone
    code, zh, en = _STATUS_SENTENCES.get(
        fault.status_code, ("http.refused", "请求被拒绝。", "The request was refused.")
    )
    return _answer(fault.status_code, code, zh, en, {})


async def _answer_fault(request: Request, fault: Exception) -> Response:
    return fault_answer(request.url.path, fault)


def _answer(status: int, code: str, zh: str, en: str, details: dict[str, object]) -> Response:
    body = msgspec.json.encode({"code": code, "message": zh, "message_en": en, "details": details}, enc_hook=str)
    return Response(body, status, media_type="application/json", headers={"Cache-Control": "no-store"})


def _with_headers(answer: Response, headers: RawHeaders) -> Response:
    present = {name for name, _ in answer.raw_headers}
    answer.raw_headers.extend(one for one in headers if one[0] not in present)
    return answer
