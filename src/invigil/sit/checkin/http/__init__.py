"""Checking in over HTTP: the PC page by its ticket, the phone by its own, staff by their login."""

from invigil.sit.checkin.http.page import router as page_router
from invigil.sit.checkin.http.phone import claiming, phone_router
from invigil.sit.checkin.http.staff import router as staff_router

routers = (page_router, claiming, phone_router, staff_router)
