"""Routes of rooms."""

from invigil.prepare.rooms.http.arranging import router as arranging_router
from invigil.prepare.rooms.http.checklist import router as checklist_router
from invigil.prepare.rooms.http.confirming import download_router
from invigil.prepare.rooms.http.confirming import router as confirming_router
from invigil.prepare.rooms.http.moving import router as moving_router
from invigil.prepare.rooms.http.recusing import router as recusing_router
from invigil.prepare.rooms.http.viewing import router as viewing_router

routers = (
    arranging_router,
    moving_router,
    viewing_router,
    recusing_router,
    confirming_router,
    download_router,
    checklist_router,
)

__all__ = ["routers"]
