"""Fault tests over the real server: scripted seats, a nemesis that breaks things, and a checker that says what was lost.

Short forms run with the tests (`tests/faults`), the long ones by `invigil fault …`; docs/performance.md says what was seen.
"""
