"""What clients, validators and proxies expect at the edges: HTTP, TLS, downloads, uploads."""

import os
import re
import socket
import sqlite3
import ssl
import subprocess

import pytest
import requests

from conftest import BINARY, City, report, wait_until


def exchange(city, raw):
    with socket.create_connection(("127.0.0.1", city.port), timeout=10) as connection:
        connection.sendall(raw)
        return connection.recv(4096)


@pytest.mark.parametrize("hosts", [b"", b"Host: a\r\nHost: b\r\n", b"Host: a b\r\n", b"Host: \r\n", b"Host: a/b\r\n", b"Host: user@a\r\n", b"Host: a:port\r\n", b"Host: [::1\r\n"])
def test_a_request_without_one_right_host_is_refused(quiet_city, hosts):
    assert exchange(quiet_city, b"GET / HTTP/1.1\r\n" + hosts + b"\r\n").startswith(b"HTTP/1.1 400")
    assert requests.get(quiet_city.url + "/robots.txt").ok


@pytest.mark.parametrize("raw", [b"GET /robots.txt HTTP/1.1\r\nHost: balai.example\r\n\r\n", b"GET /robots.txt HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", b"GET /robots.txt HTTP/1.0\r\n\r\n"])
def test_a_right_host_and_an_old_client_without_one_are_answered(quiet_city, raw):
    assert b" 200 " in exchange(quiet_city, raw).split(b"\r\n")[0]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True, capture_output=True)
    return folder / "cert.pem", folder / "key.pem"


def test_tls_of_the_last_century_is_refused(certificate):
    city = City()
    city.url = city.url.replace("http://", "https://")
    city.certificate = False
    city.start("--certificate", str(certificate[0]), "--private-key", str(certificate[1]))
    try:
        def version(low, high, ciphers="ALL:@SECLEVEL=0"):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            context.set_ciphers(ciphers)
            context.minimum_version, context.maximum_version = low, high
            with socket.create_connection(("127.0.0.1", city.port), timeout=10) as plain, context.wrap_socket(plain) as line:
                return line.version()

        for old in [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1]:
            with pytest.raises((ssl.SSLError, OSError)):
                version(old, old)
        with pytest.raises((ssl.SSLError, OSError)):
            version(ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0")
        assert version(ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2) == "TLSv1.2"
        assert version(ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_3) == "TLSv1.3"
    finally:
        city.stop()


def file(city, **more):
    return requests.post(city.url + "/open311/v2/requests.json", data=report("Lubang besar di tengah jalan.", **more))


@pytest.mark.parametrize("path", ["/data/laporan.csv", "/data/harga.csv", "/layanan/ppid/berkas.csv"])
def test_downloads_are_compressed_and_fetched_again_only_when_changed(city, path):
    first = requests.get(city.url + path)
    if first.status_code == 404:
        pytest.skip("the fictional city has none")
    assert first.headers["ETag"]
    # What is small is sent as it is: compressing it would cost more than it saves.
    if path == "/data/laporan.csv":
        assert first.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in first.headers["Vary"]
    plain = requests.get(city.url + path, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers and plain.content == first.content
    for tag in {first.headers["ETag"], plain.headers["ETag"]}:
        again = requests.get(city.url + path, headers={"If-None-Match": tag})
        assert again.status_code == 304 and not again.content
    head = requests.head(city.url + path, headers={"Accept-Encoding": "identity"})
    assert head.ok and head.headers.get("Content-Length") in (None, str(len(plain.content)))
    file(city)
    assert requests.get(city.url + path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_what_a_browser_has_is_not_sent_again_whatever_its_encoding(quiet_city):
    for _ in range(4):
        file(quiet_city, address_string=f"Jalan Merdeka nomor {os.urandom(4).hex()}")
    style = re.search(r'rel="stylesheet" href="([^"]+)"', requests.get(quiet_city.url + "/").text).group(1)
    for path in [style, "/laporan/feed.atom"]:
        tags = {}
        for encoding in ["gzip", "identity"]:
            answer = requests.get(quiet_city.url + path, headers={"Accept-Encoding": encoding})
            assert (encoding == "gzip") == ("Content-Encoding" in answer.headers)
            tags[encoding] = answer.headers["ETag"]
            again = requests.get(quiet_city.url + path, headers={"Accept-Encoding": encoding, "If-None-Match": answer.headers["ETag"]})
            assert again.status_code == 304 and again.headers["ETag"], path
        strong = [tag for tag in tags.values() if not tag.startswith("W/")]
        assert len(set(strong)) == len(strong), f"{path}: two encodings share one strong tag"


def test_looking_writes_nothing(quiet_city):
    database = sqlite3.connect(f"file:{quiet_city.data}/city/balai.sqlite?mode=ro", uri=True)
    # Virtual tables of the full-text index cannot all be scanned; what they are made of can.
    names = [name for name, in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name")]
    count = lambda: {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
    session = requests.Session()
    before = count()
    kinds = re.findall(r'href="(/lapor\?jenis=[^"]+)"', session.get(quiet_city.url + "/lapor").text)
    assert kinds
    for path in [*kinds, "/", "/lapor/luring", "/layanan", "/saya", "/masuk", "/antrean", "/sarana", "/harga", "/hitung"]:
        assert session.get(quiet_city.url + path).ok
    assert count() == before
    assert "Disallow: /lapor?" in session.get(quiet_city.url + "/robots.txt").text


def test_an_optional_contact_that_cannot_be_read_refuses_no_report(quiet_city):
    answer = file(quiet_city, phone="555")
    assert answer.status_code == 200, answer.text
    assert "phone cannot be read" in answer.json()[0]["service_notice"]


def test_discovery_is_found_beside_the_endpoint_too(quiet_city):
    assert requests.get(quiet_city.url + "/open311/v2/discovery.json").json() == requests.get(quiet_city.url + "/open311/discovery.json").json()
    assert b"<discovery>" in requests.get(quiet_city.url + "/open311/v2/discovery.xml").content


def test_the_log_is_found_by_the_citys_own_address(quiet_city):
    for address in [quiet_city.url, quiet_city.url + "/", quiet_city.url + "/ledger", quiet_city.url + "/ledger/"]:
        assert "VALID" in subprocess.run([BINARY, "verify", address], capture_output=True, text=True).stdout, address


def test_a_browser_without_cookies_is_told_of_cookies(quiet_city):
    page = requests.get(quiet_city.url + "/lapor/luring")
    token = re.search(r'name="token" value="([^"]+)"', page.text).group(1)
    answer = requests.post(quiet_city.url + "/lapor/luring", data={"token": token, "story": "x" * 20})
    assert answer.status_code == 403 and "cookie" in answer.text.lower()


def contact_step(city):
    session = requests.Session()
    start = session.get(city.url + "/lapor?jenis=lubang")
    token = re.search(r'name="token" value="([^"]+)"', start.text).group(1)
    step = session.post(start.url, data={"token": token, "answer-ukuran": "besar", "story": "Lubang besar di depan halte."})
    return session, token, step.url.replace("lokasi", "kontak")


def test_a_photo_that_is_too_large_is_told_at_its_field_and_nothing_typed_is_lost(quiet_city):
    session, token, address = contact_step(quiet_city)
    answer = session.post(address, data={"token": token, "contact": "siti@contoh.example", "name": "Siti Rahma", "show-name": "ya", "confidential": "tidak"}, files={"photo": ("besar.jpg", b"\xff\xd8" + os.urandom(13 << 20))})
    assert answer.status_code == 422
    assert 'value="Siti Rahma"' in answer.text and 'value="siti@contoh.example"' in answer.text
    assert "12 MB" in answer.text and 'id="photo-salah"' in answer.text
    assert 'value="Siti Rahma"' in session.get(address).text, "the draft has it too"


def test_uploads_without_a_token_or_cut_off_leave_nothing(quiet_city):
    staging = quiet_city.data / "city" / "staging"
    photo = {"photo": ("a.jpg", os.urandom(1 << 20))}
    assert requests.post(quiet_city.url + "/lapor/luring", data={"token": "palsu"}, files=photo).status_code == 403
    assert requests.post(quiet_city.url + "/masuk", data={"token": "palsu"}, files=photo).status_code == 403
    session, token, address = contact_step(quiet_city)
    body = f'--x\r\nContent-Disposition: form-data; name="token"\r\n\r\n{token}\r\n--x\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'.encode() + os.urandom(1 << 20)
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in session.cookies)
    path = address.removeprefix(quiet_city.url)
    with socket.create_connection(("127.0.0.1", quiet_city.port), timeout=10) as connection:
        connection.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nCookie: {cookies}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 9999999\r\n\r\n".encode() + body)
    assert oct(staging.stat().st_mode)[-3:] == "700"
    # What was cut off is gone once the city has seen that it was.
    wait_until(lambda: not list(staging.iterdir()))
