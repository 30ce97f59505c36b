"""Write the pages."""

from tests.packaging.reference import FOLDER, PAGES, page

for name in PAGES:
    (FOLDER / name).write_text(page(name), encoding="utf-8")
