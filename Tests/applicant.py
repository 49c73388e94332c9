"""Somebody who applies for a service page by page, as a browser without a script does: a program that keeps only cookies."""

import re
import struct
import zlib

import requests

MOTHER, FATHER = "1271015708909999", "1271011708909999"
BIRTH = {"nama_anak": "Butet Contoh", "kelamin": "p", "tanggal_lahir": "2026-11-01", "tempat_lahir": "Contoh", "anak_ke": "2", "nama_ibu": "Ibu Contoh", "nik_ibu": MOTHER, "perkawinan": "tidak", "bukti_lahir": "surat", "nama_pelapor": "Ibu Contoh", "nik_pelapor": MOTHER, "kk": "1271010101200001", "kelurahan": "99.01.01.1002", "kontak": "0812-0000-0001"}
HOUSE = {"nama": "Pemilik Contoh", "nik": FATHER, "kontak": "pemilik@contoh.id", "kelurahan": "99.01.01.1002", "alamat": "Jalan Melati 2", "luas": "36", "lantai": "1", "fungsi": "hunian", "kompleksitas": "sederhana", "permanensi": "permanen", "kegiatan": "baru", "pemilik": "lain"}
EATERY = {"nama": "Warung Contoh", "nik": FATHER, "kelurahan": "12.71.01.1001", "kontak": "warung@contoh.id", "permohonan": "baru", "usaha": "Warung Contoh", "nib": "1234567890123", "alamat": "Jalan Contoh 5", "jenis_usaha": "restoran"}
# What these answers leave out because it may be left out.
OPTIONAL = {"jam_lahir"}


def picture():
    """The smallest photo that is one."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x40\x80\xc0" * 64) * 48
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 48, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def token(page):
    return re.search(r'name="token" value="([^"]+)"', page.text).group(1)


def review(url, service, answers, session=None):
    """Answers every page; gives the session and the page that asks to check and send."""
    session = session or requests.Session()
    page = session.post(f"{url}/layanan/{service}/ajukan", data={"token": token(session.get(f"{url}/layanan/{service}"))})
    for _ in range(20):
        if page.url.endswith("/review"):
            return session, page
        asked = re.search(r'name="ditanya" value="([^"]*)"', page.text).group(1).split(",")
        data = {"token": token(page), "ditanya": ",".join(asked), **{code: answers[code] for code in asked if code in answers}}
        files = [(code, (code, picture(), "image/png")) for code in asked if code not in answers and code not in OPTIONAL]
        page = session.post(page.url.split("?")[0].split("#")[0], data=data, files=files or [("tidak-ada", ("", b""))])
        assert page.ok, page.text[-3000:]
    raise AssertionError("the questions do not end")


def apply(url, service, answers):
    """Applies for a service; gives the session that holds the key, and the case's number."""
    session, page = review(url, service, answers)
    page = session.post(page.url, data={"token": token(page)})
    assert page.ok, page.text[-3000:]
    return session, re.search(r'class="figure">([A-Z]{3}-\d\d-\w{4}-\w{3})<', page.text).group(1)
