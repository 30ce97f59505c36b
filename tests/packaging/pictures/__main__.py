"""Draw the pictures."""

from tests.packaging.pictures import FOLDER, PICTURES

for name, draw in PICTURES.items():
    (FOLDER / name).write_text(draw(), encoding="utf-8")
