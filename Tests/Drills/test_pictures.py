"""What happens to pictures that people send: every kind a camera writes, every way of being broken, and a process that reaches nothing."""

import io
import os
import pathlib
import random
import re
import struct
import subprocess
import threading
import zlib

import pillow_heif
import pytest
import requests
from PIL import Image, ImageOps, PngImagePlugin

from applicant import picture, token
from conftest import BINARY, docket_in, wait_until

pillow_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = None

# How the process that reads a picture ends: zero, or why it is not taken.
EMPTY, NO_PICTURE, GIF, AVIF, TOO_LARGE, DAMAGED, TOO_COSTLY, UNBOUNDED = range(20, 28)
CORNERS = {"red": (220, 30, 30), "green": (30, 180, 60), "blue": (40, 60, 220), "white": (250, 250, 250)}


def read(data):
    """Has one picture read; gives how the process ended, and the photo that came out."""
    done = subprocess.run([BINARY, "picture"], input=data, capture_output=True, env={})
    if done.returncode != 0:
        assert not done.stdout, "what is refused sends nothing"
        return done.returncode, None
    length = int.from_bytes(done.stdout[1:5])
    full, small = Image.open(io.BytesIO(done.stdout[5 : 5 + length])), Image.open(io.BytesIO(done.stdout[5 + length :]))
    assert full.format == small.format == "JPEG" and max(full.size) <= 1600 and max(small.size) <= 320
    return 0, full


def corners(image):
    image = image.convert("RGB")
    width, height = image.size
    places = [(width // 8, height // 8), (width * 7 // 8, height // 8), (width // 8, height * 7 // 8), (width * 7 // 8, height * 7 // 8)]
    return [min(CORNERS, key=lambda name: sum((a - b) ** 2 for a, b in zip(CORNERS[name], image.getpixel(place)))) for place in places]


def scene(width=96, height=64, mode="RGB"):
    image = Image.new("RGB", (width, height))
    for index, colour in enumerate(CORNERS.values()):
        left, top = index % 2 * width // 2, index // 2 * height // 2
        image.paste(colour, (left, top, left + width // 2, top + height // 2))
    return image.convert(mode)


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, rows, depth=8, colour=0):
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def says(data, width, height):
    """A JPEG file that claims another size than it has."""
    frame = re.search(rb"\xff[\xc0\xc2]", data).start()
    return data[: frame + 5] + struct.pack(">HH", height, width) + data[frame + 9 :]


KINDS = {
    "JPEG": lambda: saved(scene(), "JPEG", quality=92),
    "progressive JPEG": lambda: saved(scene(), "JPEG", quality=92, progressive=True),
    "JPEG in inks": lambda: saved(scene(mode="CMYK"), "JPEG", quality=95),
    "JPEG with odd sampling": lambda: saved(scene(), "JPEG", quality=95, subsampling="4:1:1"),
    "JPEG with odd markers": lambda: (lambda data: data[:2] + b"\xff\x01" + b"\xff\xff\xff\xfe\x00\x04hi" + data[2:])(saved(scene(), "JPEG", quality=92)),
    "JPEG with bytes behind its end": lambda: saved(scene(), "JPEG", quality=92) + b"a video of three seconds" * 100,
    "PNG": lambda: saved(scene(), "PNG"),
    "PNG with a palette": lambda: saved(scene().quantize(8), "PNG"),
    "PNG that moves": lambda: saved(scene(), "PNG", save_all=True, append_images=[scene().rotate(180)]),
    "WebP": lambda: saved(scene(), "WEBP", quality=90),
    "WebP without loss": lambda: saved(scene(), "WEBP", lossless=True),
    "WebP that moves": lambda: saved(scene(), "WEBP", save_all=True, append_images=[scene().rotate(180)], quality=90),
    "HEIC": lambda: saved(scene(), "HEIF", quality=90),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_that_a_camera_writes_is_taken(kind):
    status, photo = read(KINDS[kind]())
    assert status == 0 and photo.size == (96, 64)
    assert corners(photo) == ["red", "green", "blue", "white"]


@pytest.mark.parametrize("kind", ["grey", "16 bit", "grey with cover", "transparent", "interlaced"])
def test_what_is_not_three_times_eight_bit_is_taken(kind):
    ramp = bytes(range(0, 256, 4))
    data = {
        "grey": lambda: saved(scene(mode="L"), "JPEG"),
        "16 bit": lambda: png(64, 64, b"".join(b"\0" + b"".join(bytes([value, 0]) for value in ramp) for _ in range(64)), depth=16),
        "grey with cover": lambda: saved(scene(mode="LA"), "PNG"),
        "transparent": lambda: saved(Image.new("RGBA", (64, 64), (255, 0, 0, 0)), "PNG"),
        "interlaced": lambda: interlaced(64, 64),
    }[kind]()
    status, photo = read(data)
    assert status == 0
    if kind == "transparent":
        assert photo.getpixel((32, 32)) == (255, 255, 255), "white beneath, not black"
    if kind == "16 bit":
        assert abs(photo.convert("L").getpixel((50, 30)) - ramp[50]) < 8


def interlaced(width, height):
    """All seven passes of Adam7, grey."""
    rows = b""
    for left, top, across, down in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]:
        rows += b"".join(b"\0" + b"\x80" * len(range(left, width, across)) for _ in range(top, height, down))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_photos_are_turned_and_mirrored_as_the_camera_was_held(kind, orientation):
    image = scene()
    exif = image.getexif()
    exif[0x0112] = orientation
    status, photo = read(saved(image, kind, exif=exif.tobytes()))
    image.getexif()[0x0112] = orientation
    expected = ImageOps.exif_transpose(image)
    assert status == 0 and photo.size == expected.size
    assert corners(photo) == corners(expected)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_nothing_that_the_camera_wrote_about_itself_stays(kind):
    exif = Image.Exif()
    exif[0x010E] = "rahasia-keluarga"
    exif.get_ifd(0x8825)[2] = (3.0, 35.0, 41.0)
    options = {"exif": exif.tobytes(), "xmp": b"<x:xmpmeta>rahasia-keluarga</x:xmpmeta>"}
    if kind == "PNG":
        options = {"exif": exif.tobytes(), "pnginfo": PngImagePlugin.PngInfo()}
        options["pnginfo"].add_text("Comment", "rahasia-keluarga")
    data = saved(scene(), kind, **options)
    assert b"rahasia-keluarga" in data
    done = subprocess.run([BINARY, "picture"], input=data, capture_output=True)
    assert done.returncode == 0
    assert not any(mark in done.stdout for mark in (b"rahasia-keluarga", b"Exif", b"xmpmeta", b"ICC_PROFILE"))


LARGE = {
    "50 megapixels": lambda: saved(scene(8192, 6144), "JPEG", quality=40),
    "108 megapixels": lambda: saved(Image.new("L", (12000, 9000), 128), "JPEG", quality=30),
    "108 megapixels in passes": lambda: saved(Image.new("L", (12000, 9000), 128), "JPEG", quality=30, progressive=True),
    "a long strip": lambda: saved(Image.new("L", (60000, 40), 128), "JPEG", quality=30),
    "a screen of 20 megapixels": lambda: saved(scene(5400, 3700), "PNG"),
}


@pytest.mark.parametrize("kind", LARGE)
def test_large_photos_of_telephones_pass_in_bounded_memory(kind):
    process = subprocess.Popen([BINARY, "picture"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    threading.Thread(target=lambda: (process.stdin.write(LARGE[kind]()), process.stdin.close())).start()
    answer = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = status
    assert status == 0
    photo = Image.open(io.BytesIO(answer[5 : 5 + int.from_bytes(answer[1:5])]))
    assert max(photo.size) == 1600
    assert used.ru_maxrss < 640 << 10, "kilobytes"


BROKEN = {
    "nothing": (lambda: b"", {EMPTY}),
    "text": (lambda: b"<svg onload=alert(1)>", {NO_PICTURE}),
    "a program": (lambda: b"\x7fELF" + bytes(500), {NO_PICTURE}),
    "GIF": (lambda: saved(scene(), "GIF"), {GIF}),
    "AVIF": (lambda: saved(scene(), "AVIF"), {AVIF}),
    "TIFF": (lambda: saved(scene(), "TIFF"), {NO_PICTURE}),
    "only a beginning": (lambda: b"\xff\xd8\xff\xe0", {DAMAGED}),
    "half a JPEG": (lambda: (lambda data: data[: len(data) // 2])(saved(scene(800, 600), "JPEG")), {DAMAGED}),
    "half a PNG": (lambda: (lambda data: data[: len(data) // 2])(saved(scene(800, 600), "PNG")), {DAMAGED}),
    "half a WebP": (lambda: (lambda data: data[: len(data) // 2])(saved(scene(800, 600), "WEBP")), {DAMAGED}),
    "half a HEIC": (lambda: (lambda data: data[: len(data) // 2])(saved(scene(800, 600), "HEIF")), {DAMAGED}),
    "PNG of every pixel there can be": (lambda: png(0xFFFFFFFF, 0xFFFFFFFF, b""), {DAMAGED, TOO_LARGE}),
    "33 bytes that end a whole city": (lambda: png(0xFFFFFFFF, 0xFFFFFFFF, b"")[:33], {DAMAGED, TOO_LARGE}),
    "PNG of 60,000 by 60,000": (lambda: png(60000, 60000, b""), {TOO_LARGE}),
    "PNG without width": (lambda: png(0, 10, b""), {DAMAGED}),
    "JPEG of 46,000 by 46,000": (lambda: says(saved(scene(mode="L"), "JPEG"), 46000, 46000), {TOO_LARGE}),
    "JPEG behind a marker without length": (
        lambda: (lambda data: data[:2] + b"\xff\x01" + b"\xff\xe1\x00\x02" * 9 + data[2:])(says(saved(scene(mode="L"), "JPEG"), 40000, 40000)), {TOO_LARGE},
    ),
    "JPEG of ten thousand passes": (lambda: passes(), {DAMAGED, TOO_COSTLY, -9, -14}),
    "PNG of 190 megapixels in 30 kilobytes": (lambda: png(14000, 13571, (b"\0" + bytes(1750)) * 13571, depth=1), {0, TOO_COSTLY, -9, -14, -24}),
}


def passes():
    """A JPEG file that asks for the same pass over a large picture again and again."""
    data = saved(Image.new("L", (8000, 8000), 128), "JPEG", quality=30, progressive=True)
    last = data.rindex(b"\xff\xda")
    scan = data[last:-2]
    return data[:last] + scan[: len(scan)] * min(10_000, (11 << 20) // len(scan)) + data[-2:]


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_broken_or_a_trap_ends_its_own_process_in_bounds(kind):
    make, endings = BROKEN[kind]
    status, _ = read(make())
    assert status in endings


@pytest.mark.parametrize("kind", ["JPEG", "progressive JPEG", "PNG", "WebP", "WebP that moves", "HEIC"])
def test_no_change_of_a_file_makes_a_decoder_fall(kind):
    chance = random.Random(20261125)
    whole = KINDS[kind]()
    for _ in range(40):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(data) if chance.random() < 0.3 else min(len(data), 220))
            match chance.randrange(4):
                case 0: data[at] = chance.randrange(256)
                case 1: data[at : at + 4] = chance.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\x80\0\0\0"])
                case 2: del data[at : at + chance.randint(1, 40)]
                case _: data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 12)))
        status, _ = read(bytes(data))
        assert status in {0, NO_PICTURE, GIF, AVIF, TOO_LARGE, DAMAGED, TOO_COSTLY}, data.hex()


def test_the_process_has_given_everything_up_before_it_reads_a_byte():
    process = subprocess.Popen([BINARY, "picture"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    place = pathlib.Path(f"/proc/{process.pid}")
    # It waits for its first byte, and that is in the last call that it is allowed: read.
    while "pipe_read" not in (place / "wchan").read_text() and not (place / "syscall").read_text().startswith("0 0x0 "):
        assert process.poll() is None
    state = dict(line.split(":", 1) for line in (place / "status").read_text().splitlines())
    assert state["Seccomp"].strip() == "2" and state["NoNewPrivs"].strip() == "1"
    assert "0" not in state["Uid"].split() and not int(state["CapEff"], 16)
    limits = (place / "limits").read_text()
    assert re.search(r"Max open files +3 +3", limits) and re.search(r"Max file size +0 +0", limits) and re.search(r"Max cpu time +8 +8", limits)
    assert int(re.search(r"Max address space +(\d+)", limits).group(1)) < 4 << 30
    process.communicate(b"")


# In the city


def sent(session, city, photos, key="kunci-foto-percobaan-1", **more):
    """The whole report on one page, as it is sent by somebody who chose these photos."""
    page = session.get(city.url + "/lapor/luring")
    fields = {
        "token": token(page), "kunci": key, "category": "lubang", "answer-lubang-ukuran": "besar", "story": "Lubang besar di depan sekolah.",
        "subdistrict": "99.01.01.1002", "address": "Jalan Merdeka 3", **more,
    }
    files = [("photo", (f"{index}.jpg", data, "image/jpeg")) for index, data in enumerate(photos)]
    return session.post(city.url + "/lapor/luring", data=fields, files=files or [("tidak-ada", ("", b""))])


def memory(city):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{city.child}/status").read_text()).group(1))


def processes(parents):
    """The processes of pictures that these started."""
    found = []
    for place in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            parent = int((place / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if parent in parents and b"picture" in (place / "cmdline").read_bytes():
                found.append(int(place.name))
        except (OSError, ValueError, IndexError):
            continue
    return found


def desks(city):
    """Those that wait for pictures."""
    return processes({city.child})


def readers(city):
    """Those that read one."""
    return processes(set(desks(city)))


def test_no_picture_stops_the_city_or_fills_its_memory(quiet_city):
    draft = requests.post(quiet_city.url + "/api/v1/services/akta-kelahiran/drafts").json()["draft"]
    send = lambda data: requests.post(f"{quiet_city.url}/api/v1/drafts/{draft}/files/foto_surat", data=data)
    assert send(saved(scene(8192, 6144), "JPEG", quality=40)).status_code == 201
    process, before = quiet_city.child, memory(quiet_city)
    for kind in BROKEN:
        make, endings = BROKEN[kind]
        answer = send(make())
        if 0 in endings:
            continue
        # 503 is the clock's word, on a machine that is too busy to say more.
        assert answer.status_code in ((422, 503) if -14 in endings else (422,)), (kind, answer.text)
        assert [error["pointer"] for error in answer.json()["errors"]] == ["/foto_surat"], kind
    assert quiet_city.child == process and quiet_city.process.poll() is None
    assert memory(quiet_city) - before < 100 << 10, "kilobytes"


def test_a_crowd_of_pictures_is_read_two_at_a_time_and_the_rest_waits_or_is_told_to(quiet_city):
    data = saved(scene(6000, 4000), "PNG")
    answers, most = [], 0

    def send():
        draft = requests.post(quiet_city.url + "/api/v1/services/akta-kelahiran/drafts").json()["draft"]
        answers.append(requests.post(f"{quiet_city.url}/api/v1/drafts/{draft}/files/foto_surat", data=data))

    crowd = [threading.Thread(target=send) for _ in range(12)]
    for one in crowd:
        one.start()
    while any(one.is_alive() for one in crowd):
        most = max(most, len(readers(quiet_city)))
    assert 1 <= most <= 2 and len(desks(quiet_city)) <= 2
    assert len(answers) == 12 and {answer.status_code for answer in answers} <= {201, 503}
    assert all("Retry-After" in answer.headers for answer in answers if answer.status_code == 503)


def kept(place, mark):
    """Whether some bytes lie in the memory of a process."""
    with open(f"/proc/{place}/mem", "rb") as whole:
        for line in pathlib.Path(f"/proc/{place}/maps").read_text().splitlines():
            first, last = (int(part, 16) for part in line.split()[0].split("-"))
            if "rw" not in line.split()[1]:
                continue
            whole.seek(first)
            try:
                if mark in whole.read(last - first):
                    return True
            except OSError:
                continue
    return False


def test_of_a_picture_nothing_stays_where_the_next_one_is_read(quiet_city):
    draft = requests.post(quiet_city.url + "/api/v1/services/akta-kelahiran/drafts").json()["draft"]
    mark = b"rahasia-keluarga-yang-lain"
    data = saved(scene(3000, 2000), "JPEG", comment=mark)
    assert mark in data
    assert requests.post(f"{quiet_city.url}/api/v1/drafts/{draft}/files/foto_surat", data=data).status_code == 201
    assert desks(quiet_city) and not readers(quiet_city)
    assert not any(kept(desk, mark) for desk in desks(quiet_city))
    assert kept(desks(quiet_city)[0], b"SPDX") or kept(desks(quiet_city)[0], b"picture"), "its memory can be looked at"


def test_one_that_is_killed_with_a_picture_costs_that_picture_only(quiet_city):
    draft = requests.post(quiet_city.url + "/api/v1/services/akta-kelahiran/drafts").json()["draft"]
    send = lambda data: requests.post(f"{quiet_city.url}/api/v1/drafts/{draft}/files/foto_surat", data=data)
    large = saved(scene(8000, 6000), "PNG")
    for victims, signal, status in [(readers, 11, 422), (readers, 9, 422), (desks, 9, 503)]:
        answers = []
        sender = threading.Thread(target=lambda: answers.append(send(large)))
        sender.start()
        while not (found := readers(quiet_city)):
            assert sender.is_alive(), "it was read before it could be killed"
        for process in victims(quiet_city):
            os.kill(process, signal)
        sender.join()
        assert answers[0].status_code == status, answers[0].text
        assert send(picture()).status_code == 201
        assert not set(found) & set(readers(quiet_city))


def test_where_pictures_wait_their_bounds_hold_too(quiet_city):
    draft = requests.post(quiet_city.url + "/api/v1/services/akta-kelahiran/drafts").json()["draft"]
    sender = threading.Thread(target=lambda: requests.post(f"{quiet_city.url}/api/v1/drafts/{draft}/files/foto_surat", data=saved(scene(8000, 6000), "PNG")))
    sender.start()
    reader = wait_until(lambda: readers(quiet_city))[0]
    state = wait_until(lambda: (text := pathlib.Path(f"/proc/{reader}/status").read_text()) and re.search(r"Seccomp:\s+2", text) and text)
    # Nothing is held back: the alarm that ends it comes.
    assert not int(re.search(r"SigBlk:\s+(\w+)", state).group(1), 16) and "NoNewPrivs:\t1" in state
    assert re.search(r"Max open files +3 +3", pathlib.Path(f"/proc/{reader}/limits").read_text())
    os.kill(reader, 9)
    sender.join()


def test_those_that_wait_end_with_the_city(quiet_city):
    assert requests.post(quiet_city.url + "/api/v1/services/akta-kelahiran/drafts").status_code == 201
    waiting = desks(quiet_city)
    assert waiting
    quiet_city.kill()
    wait_until(lambda: not any(pathlib.Path(f"/proc/{process}/cmdline").exists() and pathlib.Path(f"/proc/{process}/cmdline").read_bytes() for process in waiting))
    quiet_city.start()


def test_what_is_not_kept_is_told_by_its_place_and_the_rest_stays(quiet_city):
    session = requests.Session()
    chosen = [picture(), picture(), b"rusak", picture(), picture(), picture(), picture(), picture()]
    answer = sent(session, quiet_city, chosen)
    assert answer.status_code == 422
    assert "Berkas ke-3 tidak disimpan. Foto ini bukan foto" in answer.text
    assert "Berkas ke-7 dan ke-8 tidak disimpan: paling banyak 5" in answer.text
    assert "5 foto sudah diterima" in answer.text
    filed = sent(session, quiet_city, [])
    assert filed.ok and docket_in(filed.text)
    shown = session.get(f"{quiet_city.url}/berkas/{docket_in(filed.text)}").text
    assert len(set(re.findall(r'<img src="(/berkas/[^"]+/foto/[^"]+)"', shown))) == 5


def test_the_step_of_a_report_keeps_the_good_photos_and_says_which_are_lost(quiet_city):
    session = requests.Session()
    door = session.get(quiet_city.url + "/lapor", params={"jenis": "lubang"})
    draft = session.post(door.url, data={"token": token(door), "answer-ukuran": "besar", "story": "Lubang besar di depan sekolah."})
    step = draft.url.rsplit("/", 1)[0] + "/kontak"
    send = lambda button, photos: session.post(
        step, data={"token": token(session.get(step)), **button}, files=[("photo", (f"{index}.jpg", data, "image/jpeg")) for index, data in enumerate(photos)]
    )
    answer = send({}, [picture(), b"GIF89a" + bytes(20), picture()])
    assert answer.status_code == 422 and "Berkas ke-2 tidak disimpan. Foto ini GIF tidak diterima" in answer.text
    assert answer.text.count('name="buang-foto"') == 2
    answer = send({"simpan": "ya"}, [picture()] * 4)
    assert answer.status_code == 422 and "Berkas ke-4 tidak disimpan: paling banyak 5, dan 2 sudah ada" in answer.text, "also where it was to be saved for later"
    assert answer.text.count('name="buang-foto"') == 5


def test_a_reply_that_is_refused_keeps_its_photos_for_the_next_try(quiet_city):
    session = requests.Session()
    docket = docket_in(sent(session, quiet_city, [], key="kunci-foto-percobaan-2").text)
    case = f"{quiet_city.url}/berkas/{docket}"
    send = lambda text, photos, **more: session.post(
        case + "/balasan", data={"token": token(session.get(case)), "reply": text, **more}, files=[("photo", (f"{index}.jpg", data, "image/jpeg")) for index, data in enumerate(photos)] or [("tidak-ada", ("", b""))]
    )
    answer = send("Ini fotonya", [picture(), b"bukan"])
    assert answer.status_code == 422 and "Berkas ke-2 tidak disimpan" in answer.text and "Ini fotonya" in answer.text
    kept = re.findall(r'name="photo-tersimpan" value="([0-9a-f]{64})"', answer.text)
    assert len(kept) == 1
    assert send("Ini fotonya", [], **{"photo-tersimpan": kept}).ok
    assert kept[0] in session.get(case).text


def test_a_question_of_a_service_says_which_files_it_did_not_keep(quiet_city):
    session = requests.Session()
    draft = session.post(quiet_city.url + "/api/v1/services/akta-kelahiran/drafts").json()["draft"]
    page = session.get(f"{quiet_city.url}/layanan/akta-kelahiran/skema.json").json()
    most = page["properties"]["foto_surat"]["maxItems"]
    address = f"{quiet_city.url}/api/v1/drafts/{draft}/files/foto_surat"
    for _ in range(most):
        assert session.post(address, data=picture()).status_code == 201
    refused = session.post(address, data=picture())
    assert refused.status_code == 422 and refused.json()["errors"][0]["pointer"] == "/foto_surat"


def test_a_reporter_sees_the_photos_of_their_own_confidential_report_and_nobody_else_does(quiet_city):
    session = requests.Session()
    docket = docket_in(sent(session, quiet_city, [picture()], key="kunci-foto-percobaan-3", confidential="ya").text)
    shown = session.get(f"{quiet_city.url}/berkas/{docket}").text
    address = quiet_city.url + re.search(r'<img src="([^"]+/foto/[^"]+)"', shown).group(1)
    photo = session.get(address)
    assert photo.ok and photo.content.startswith(b"\xff\xd8\xff")
    assert requests.get(address).status_code == 404
    other = docket_in(sent(requests.Session(), quiet_city, [picture()], key="kunci-foto-percobaan-4").text)
    assert session.get(address.replace(docket, other)).status_code == 404, "not as another case's"
