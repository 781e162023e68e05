"""Pictures of pages: their size, their greys, which pages have one, and that what cannot be shown is left out."""

from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from services.extraction.adapters.reading import pictures
from services.extraction.adapters.reading.pictures import MOST_HEIGHT, as_png, narrowed, pictured
from tests.support.samples import broken, draw_letter, encrypted, english, scan

PDF = "application/pdf"


def saved(image: Image.Image, form: str, **more: object) -> bytes:
    file = BytesIO()
    image.save(file, form, **more)
    return file.getvalue()


def paper(width: int, height: int, mode: str = "L") -> Image.Image:
    """White, with a black bar across its upper part."""
    page = Image.new(mode, (width, height), "white")
    ImageDraw.Draw(page).rectangle((0, 0, width, height // 4), fill="black")
    return page


@pytest.mark.parametrize("document", [draw_letter(english()), scan(draw_letter(english()))], ids=["digital", "scan"])
def test_a_page_of_a_pdf_is_drawn_as_wide_as_the_widest_picture(document: bytes) -> None:
    (page,) = pictured(document, PDF)
    assert (page.mode, page.width) == ("L", 1000)
    assert page.height == pytest.approx(1000 * 842 / 595, rel=0.01)
    assert min(page.tobytes()) < 60
    assert max(page.tobytes()) > 225


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF"])
@pytest.mark.parametrize(("size", "shown"), [((2000, 1000), (1000, 500)), ((300, 400), (300, 400))])
def test_an_image_is_made_smaller_and_never_larger(form: str, size: tuple[int, int], shown: tuple[int, int]) -> None:
    (page,) = pictured(saved(paper(*size, "RGB"), form), f"image/{form.lower()}")
    assert (page.mode, page.size) == ("L", shown)
    assert page.getpixel((5, 5)) < 30  # type: ignore[operator]
    assert page.getpixel((5, shown[1] - 5)) > 225  # type: ignore[operator]


def test_a_photo_is_shown_as_it_was_held() -> None:
    photo = paper(200, 400)
    exif = photo.getexif()
    exif[0x0112] = 6  # turned left; to be turned right
    (page,) = pictured(saved(photo, "JPEG", exif=exif), "image/jpeg")
    assert page.size == (400, 200)
    assert page.getpixel((395, 100)) < 30  # type: ignore[operator]


def test_every_frame_of_a_tiff_is_a_page_and_the_first_of_other_files(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [paper(100 + place, 50) for place in range(3)]
    tiff = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    assert [page.width for page in pictured(tiff, "image/tiff")] == [100, 101, 102]
    moving = saved(frames[0], "PNG", save_all=True, append_images=frames[1:])
    assert len(list(pictured(moving, "image/png"))) == 1
    monkeypatch.setattr(pictures, "MOST_PICTURED", 2)
    assert len(list(pictured(tiff, "image/tiff"))) == 2


@pytest.mark.parametrize(
    ("document", "media_type"),
    [
        (b"", PDF),
        (b"", "image/png"),
        (b"x", "image/tiff"),
        (encrypted(draw_letter(english())), PDF),
        (b"<a/>", "text/xml"),
    ],
    ids=["no PDF", "no PNG", "no TIFF", "locked", "XML"],
)
def test_what_cannot_be_shown_has_no_pictures(document: bytes, media_type: str) -> None:
    assert list(pictured(document, media_type)) == []


def test_a_file_that_breaks_off_shows_what_comes_before() -> None:
    frames = [paper(100, 50) for _ in range(2)]
    tiff = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    shown = list(pictured(tiff[: len(tiff) * 2 // 3], "image/tiff"))
    assert len(shown) < 2
    assert len(list(pictured(broken(draw_letter(english())), PDF))) <= 1


def test_what_is_very_long_is_narrowed_to_fit() -> None:
    roll = narrowed(Image.new("L", (1000, 3 * MOST_HEIGHT)), 1000)
    assert roll.size == (333, MOST_HEIGHT)
    assert narrowed(Image.new("L", (5000, 1)), 1000).size == (1000, 1)
    assert narrowed(Image.new("L", (250, 100)), 250).size == (250, 100)


def test_a_png_has_sixteen_greys_the_nearest_ones() -> None:
    ramp = Image.frombytes("L", (256, 1), bytes(range(256)))
    png = as_png(ramp)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    shown = Image.open(BytesIO(png)).convert("L").tobytes()
    assert len(set(shown)) == 16
    assert max(abs(shown[value] - value) for value in range(256)) <= 8
    assert (shown[0], shown[255]) == (0, 255)
