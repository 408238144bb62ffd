"""Invigil (明鉴): closed-book examinations at home that an examination board can trust."""
