"""Before a sitting: candidates, questions, papers, examinations, rooms."""
