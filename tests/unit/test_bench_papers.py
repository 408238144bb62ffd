"""The benchmarks of assembly and grading run, small, and say what they did."""

from invigil.app.bench import grading, papers


def test_assembly_is_measured() -> None:
    report = papers.run("sqlite", candidates=200)
    assert (report.name, report.unit) == ("papers", "s")
    assert report.value > 0
    assert "differ by 1" in report.note


def test_grading_is_measured_and_agrees_with_the_naive_way() -> None:
    report = grading.run("sqlite", candidates=300)
    assert (report.name, report.unit) == ("grading", "s")
    assert report.baseline > 0
