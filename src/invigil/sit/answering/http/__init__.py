"""Routes of answering: the hot ones as plain Starlette with msgspec (ADR-0001), the others through FastAPI."""
