"""Sample candidates: invented people, drawn portraits, in the files in which a board would send them."""

from invigil.app.sample.candidates.files import write_photo_archive, write_workbook
from invigil.app.sample.candidates.people import SamplePerson, make_people
from invigil.app.sample.candidates.portraits import draw_portrait

__all__ = ["SamplePerson", "draw_portrait", "make_people", "write_photo_archive", "write_workbook"]
