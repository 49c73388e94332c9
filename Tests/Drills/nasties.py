"""What nobody in their right mind types, and somebody will send: the extremes of every type, and text that breaks parsers."""

import codecs
import json
import re

# Half a character (`\ud800`) and single bytes (`\udcff` for 0xFF), which no UTF-8 has, are sent as they are.
codecs.register_error("raw", lambda error: (b"".join(bytes([ord(char) - 0xDC00]) if 0xDC80 <= ord(char) <= 0xDCFF else char.encode("utf-8", "surrogatepass") for char in error.object[error.start:error.end]), error.end))

BIGGEST, SMALLEST = str(2**63 - 1), str(-(2**63))

# Numbers: at the ends of 64, 32 and 16 bits and one beyond, longer than any type, and what only looks like one.
NUMBERS = [
    "0", "-1", "1", BIGGEST, str(2**63), SMALLEST, str(-(2**63) - 1), str(2**64 - 1), str(2**64), str(2**31 - 1), str(2**31), "65536", "1001",
    "9" * 26, "1" + "0" * 400, "1e309", "-1e309", "NaN", "inf", "-inf", "1e-400", "0x7fffffffffffffff", "+5", "007", "1.5", "٣٤٥", "１２３", "²", "½",
]
# Times as base-36 seconds of links and keys: the last of the type, and with a tag behind.
BASE36 = ["1y2p0ij32e8e7", "1y2p0ij32e8e7.x", "-1y2p0ij32e8e8.x", "zzzzzzzzzzzzzzzz.x", f"{BIGGEST}.a.b"]
DATES = [
    "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "-001-01-01", "2026-02-30", "1899-12-31", "2126-11-25",
    "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:59", "0001-01-01T00:00:00+14:59", "9999-12-31T23:59:60Z", "99:99", "24:00",
]
MONEY = ["1.000.000,00", "9.223.372.036.854.775.807", "-5", "Rp 1", "999999999999999", "1,2,3"]
# Whole answers of the city's own forms, driven to the end of their types.
DOMAIN = [
    "lapangan_a@9999-12-31T23:59/1440", "lapangan_a@0001-01-01T00:00/1", f"aula|9999-12-31|{BIGGEST}|{SMALLEST}", "aula|0001-01-01|0|-1",
    "22222222+22", "VXVXVXVX+XXXXXXX", "90,180", "-90.0,-180.0", "1e308,1e308", "LPR-99-9999-999", "1271019999999999", "081" + "9" * 40,
    "00020101021126" + "99" + "9" * 60 + "6304FFFF", "99.99.99.9999", "a" * 300 + "@contoh.id",
]
TEXTS = [
    "", " ", "\0", "\x01\x1f\x7f\ufffe", "\u202e\u2066abc", "e" + "\u0301" * 200, "\\ud800", "' OR 1=1 --", "<script>alert(1)</script>\"'>", "{{7*7}}${7*7}%s%n",
    "../../../../etc/passwd", "..\\..", "%00%2e%2e%2f", "a\r\nX-Y: z", "[]", "{}", "null", "🏴\U000e0067\U000e0062\U000e007f", "ﷺ" * 100, ",", ".", "-", "|", "@", "/", ":", "=", "&",
]
# Letters that do not compress: an index of PostgreSQL takes no row of more than a third of a page.
LONG = "".join(f"{number * 2654435761 % 2**32:08x}" for number in range(8192))
VALUES = NUMBERS + BASE36 + DATES + MONEY + DOMAIN + TEXTS
# One of each kind of ruin: what everything gets, also where only some of the rest is sent.
CORE = [BIGGEST, SMALLEST, "-1", "0", "1e309", "NaN", "9999-12-31", "0001-01-01", *BASE36[:2], "", "\0", "a\0b", "\u0301", "\ud800", "\udcff"]


def of(value):
    """Values made from one that is right: each of its parts driven to the ends, cut off, doubled."""
    if not value or len(value) > 4000:
        return []
    made = [value[:-1], value[: len(value) // 2], value + value, value + "\u0301", value.swapcase()]
    parts = re.split(r"([^0-9A-Za-z]+)", value)
    for index in range(0, min(len(parts), 13), 2):
        for extreme in (BIGGEST, SMALLEST, "1y2p0ij32e8e7", "0", "9999", ""):
            made.append("".join(parts[:index] + [extreme] + parts[index + 1:]))
    return [item for item in made if item != value]


# JSON in place of any value, beside every text above.
JSON_VALUES = [None, True, 0, -1, 2**63 - 1, 2**63, -(2**63), 1e308, -0.0, 5e-324, [], {}, [[]], [None] * 1000, {"": ""}, "", "\ud800"]
JSON_CORE = [*CORE, None, 2**63 - 1, 2**63, 1e308, {}]
# Documents that are none, or hardly.
JSON_TEXTS = [
    b"", b"{", b"}", b"[", b"nul", b"{\"a\":}", b"{\"a\":1,\"a\":2}", b"{\"\\ud800\":1}", b"{\"a\":\"\\ud800\"}", b"{\"a\":1e999}", b"{\"a\":-}", b"{\"a\":" + b"9" * 5000 + b"}",
    b"[" * 5000, b"{\"a\":" * 70 + b"1" + b"}" * 70, b"\xff\xfe", b"{\"a\":\"\x00\"}", b"{\"a\":\"\xed\xa0\x80\"}", b"\xef\xbb\xbf{}", b"0", b"\"" + b"\\" * 999 + b"\"", b"{\"a\":\"" + b"b" * 70000 + b"\"}",
]


def documents(example):
    """An object with each of its members, however deep, driven to the ends; then its text cut off and spoilt."""
    yield from members(example, lambda old: [*JSON_VALUES, *VALUES, *of(str(old))])
    text = json.dumps(example).encode()
    for cut in range(0, len(text), max(1, len(text) // 12)):
        yield text[:cut]
    yield from JSON_TEXTS


def members(example, values):
    """An object with each of its members, however deep, in turn replaced by each value."""
    def walk(node):
        if isinstance(node, dict):
            for name in node:
                for other in walk(node[name]):
                    yield {**node, name: other}
            yield {name: node[name] for name in list(node)[1:]}
        elif isinstance(node, list):
            for index, item in enumerate(node):
                for other in walk(item):
                    yield node[:index] + [other] + node[index + 1:]
        else:
            yield from values(node)

    for other in walk(example):
        yield json.dumps(other).encode()


# Bodies of forms that stop in the middle, or are not what they say.
BOUNDARY = "balasan"
FORM_TYPES = [
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=" + BOUNDARY, "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"", "multipart/form-data; boundary=" + "x" * 5000,
    "application/json", "text/plain", "image/png", "", "\u00ff", "application/x-www-form-urlencoded; charset=utf-16",
]
FORM_BODIES = [
    b"", b"=", b"&&&", b"%", b"a=%", b"a=%F", b"a=%ED%A0%80", b"%00=%00", b"a" * 70000 + b"=1", b"a=" + b"b" * 70000, b"&".join(b"a%d=1" % number for number in range(2000)),
    b"--balasan", b"--balasan--", b"--balasan\r\n", b"--balasan\r\n\r\n", b"--balasan\r\nContent-Disposition: form-data\r\n\r\nx\r\n--balasan--\r\n",
    b"--balasan\r\nContent-Disposition: form-data; name=\"token\r\n\r\nx\r\n--balasan--\r\n", b"--balasan\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a\xff.png\"\r\n\r\n\x89PNG\r\n\x1a\n",
    b"--balasan\r\nContent-Disposition: form-data; name=\"\xcc\x81\"; filename=\"\"\r\n\r\nx\r\n--balasan\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + b"\r\n--balasa" * 500,
    b"\x1f\x8b\x08" + b"\0" * 50, b"--balasan\r\n" + b"X: y\r\n" * 3000 + b"\r\nx\r\n--balasan--",
]
# A picture that says it is larger than can be counted, and other files that stop early.
FILES = [
    b"", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\xff" * 8 + b"\x08\x02\0\0\0", b"\xff\xd8", b"\xff\xd8\xff\xe1\xff\xffExif\0\0II*\0\xff\xff\xff\xff", b"\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff\x03",
    b"GIF89a\xff\xff\xff\xff", b"RIFF\xff\xff\xff\xffWEBPVP8X\x0a\0\0\0" + b"\xff" * 10, b"RIFF\0\0\0\0WEBPVP8 ", b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0/", b"%PDF-1.7\nxref\n0 99999999999999999999\n", b"a;b;c\n1;" + b"9" * 400 + b";x\n", b"tanggal,jumlah\n9999-12-31,9223372036854775807\n0000-00-00,-1\n",
]
# Headers that handlers and the server read.
HEADERS = [
    {"Range": "bytes=0-9223372036854775807"}, {"Range": "bytes=-9223372036854775808"}, {"Range": "bytes=9223372036854775807-0,1-" + "9" * 50}, {"If-None-Match": "\"" + "x" * 5000}, {"If-None-Match": "W/,,*,\""}, {"If-Modified-Since": "Fri, 31 Dec 99999 23:59:60 GMT"},
    {"Accept-Language": "id;q=" + "9" * 100 + ",en;q=-1,;;,"}, {"Accept-Encoding": "gzip;q=NaN, *;q=1e999"}, {"Accept": "application/json;q=" + BIGGEST}, {"Authorization": "Bearer " + BASE36[1]}, {"Authorization": "Basic ////"}, {"Authorization": " "},
    {"X-Forwarded-For": ",,,"}, {"Cookie": ";;=;a=;=b;" + "c=d;" * 500}, {"Cookie": "pengunjung=" + "\u00e9" * 22}, {"Cookie": "bahasa=" + BIGGEST}, {"Host": ""}, {"Content-Type": "application/json"}, {"Expect": "100-continue"},
]
# Requests that no client library would write.
RAW = [
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 9223372036854775808\r\n\r\n", b"POST /masuk HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", b"POST /masuk HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    b"POST /masuk HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 9223372036854775807\r\n\r\n--x\r\n", b"POST /masuk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nx", b"POST /masuk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7FFFFFFFFFFFFFFF\r\nx",
    b"POST /masuk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n", b"GET /%zz%ff%00 HTTP/1.1\r\nHost: x\r\n\r\n", b"GET //////?&&&=%%% HTTP/1.1\r\nHost: x\r\n\r\n", b"GET http://[::1:99999999999/ HTTP/1.1\r\nHost: x\r\n\r\n", b"GET * HTTP/1.1\r\nHost: x\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /?a=1#b HTTP/1.1\r\nHost: x\r\n\r\n", b"HEAD /meja HTTP/1.1\r\nHost: x\r\nRange: bytes=1-\r\n\r\n", b"PUT / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
]
