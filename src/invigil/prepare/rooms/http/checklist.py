"""The checklist of an examination; it stands here because rooms is the last feature that adds to it."""

from pydantic import BaseModel

from invigil.kernel.ids import ExamId
from invigil.kernel.principals import Role
from invigil.platform.http import ManagementRouter, Tx
from invigil.prepare.exams.api import ItemState
from invigil.prepare.rooms.service.checklist import list_checklist

router = ManagementRouter(tags=["exams"])


class ChecklistItemAnswer(BaseModel):
    """One line: how it stands, what to do, who must act, and where. link: address below /console with its query, may be empty."""

    code: str
    title_zh: str
    title_en: str
    state: ItemState
    detail_zh: str
    detail_en: str
    who_must_act: Role
    link: str


class ChecklistAnswer(BaseModel):
    """The checklist in the order in which work is done."""

    items: list[ChecklistItemAnswer]
    missing: int
    warnings: int


@router.get("/api/exams/{exam_id}/checklist", name="exams.checklist.show", summary="考前检查清单")
async def show_checklist(exam_id: ExamId, tx: Tx) -> ChecklistAnswer:
    """Show what is ready, what is missing and who must act."""
    items = [
        ChecklistItemAnswer(
            code=one.code,
            title_zh=one.title.zh,
            title_en=one.title.en,
            state=one.state,
            detail_zh=one.detail.zh,
            detail_en=one.detail.en,
            who_must_act=one.who,
            link=one.link,
        )
        for one in await list_checklist(tx, exam_id)
    ]
    return ChecklistAnswer(
        items=items,
        missing=sum(one.state == ItemState.MISSING for one in items),
        warnings=sum(one.state == ItemState.WARNING for one in items),
    )
