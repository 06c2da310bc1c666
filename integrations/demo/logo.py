"""A mark for the letterhead: three waves in a rounded square, drawn in a company's colour."""

from io import BytesIO

from PIL import Image, ImageDraw

SIZE = 256
WAVES = (78, 128, 178)


def drawn_logo(colour: str) -> bytes:
    """The mark as a PNG."""
    picture = Image.new("RGBA", (SIZE, SIZE), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((0, 0, SIZE - 1, SIZE - 1), radius=52, fill=colour)
    for height in WAVES:
        for left, start in ((51, 180), (97, 0), (143, 180)):
            pen.arc((left, height - 31, left + 62, height + 31), start, start + 180, fill="#ffffff", width=16)
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
