"""Putting what belongs together into one list."""

from hypothesis import given
from hypothesis import strategies as st

from invigil.kernel.grouping import group_by


@given(st.lists(st.integers()))
def test_nothing_is_lost_and_the_order_stays(found: list[int]) -> None:
    groups = group_by(found, lambda one: one % 3)
    assert groups == {key: [one for one in found if one % 3 == key] for key in groups}
    assert sum(map(len, groups.values())) == len(found)
    assert list(groups) == list(dict.fromkeys(one % 3 for one in found))
