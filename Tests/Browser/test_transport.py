"""TLS and HTTP/2 in the program itself, and mail handed to a real mail server."""

import email
import email.policy
import re
import ssl
import subprocess
import time

import pytest
import requests
from aiosmtpd.controller import Controller

from conftest import City, free_port
from test_journey import file_report, phone


def test_tls_and_http2_in_the_program(tmp_path):
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    city = City()
    city.url = city.url.replace("http://", "https://")
    city.certificate = str(certificate)
    city.start("--certificate", str(certificate), "--private-key", str(key))
    try:
        for version, flag in [("2", "--http2"), ("1.1", "--http1.1")]:
            done = subprocess.run(["curl", "-s", flag, "--cacert", certificate, "-o", tmp_path / "page", "-D", tmp_path / "head", "-w", "%{http_version} %{http_code}", city.url + "/"], capture_output=True, text=True)
            assert done.stdout == f"{version} 200"
        assert "strict-transport-security" in (tmp_path / "head").read_text().lower()
        assert "Secure" in (tmp_path / "head").read_text().split("pengunjung=")[1].splitlines()[0]
    finally:
        city.stop()


class Inbox:
    def __init__(self):
        self.messages = []

    async def handle_DATA(self, server, session, envelope):
        self.messages.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default)))
        return "250 taken"


def test_mail_reaches_a_real_mail_server(browser):
    inbox = Inbox()
    server = Controller(inbox, hostname="127.0.0.1", port=free_port())
    server.start()
    city = City().start("--smtp", f"127.0.0.1:{server.port}", "--mail-from", "balai@contoh.example")
    try:
        docket = file_report(phone(browser).new_page(), city, contact="siti@contoh.example")
        for _ in range(100):
            if inbox.messages:
                break
            time.sleep(0.1)
        recipients, message = inbox.messages[0]
        assert recipients == ["siti@contoh.example"]
        assert message["Subject"] == f"{docket}: konfirmasi laporan Anda"
        assert docket in message.get_content() and "konfirmasi?kode=" in message.get_content()
        assert "kunci=" not in message.get_content(), "nothing that opens the case goes to a contact that is not proven"
        assert len(inbox.messages) == 1
    finally:
        city.stop()
        server.stop()


def relay(tmp_path, inbox, **more):
    """A mail server that offers STARTTLS with a certificate that nobody signed, as Debian's Postfix does."""
    certificate, key = tmp_path / "relay.pem", tmp_path / "relay.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=debian", "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    more.get("change", lambda context: None)(context)
    server = Controller(inbox, hostname="127.0.0.1", port=free_port(), tls_context=context)
    server.start()
    return server


def only_the_oldest_tls(context):
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1


@pytest.mark.parametrize("change", [lambda context: None, only_the_oldest_tls], ids=["self-signed", "too-old"])
@pytest.mark.parametrize("setting", ["none", "opportunistic", "required", "verified"])
def test_mail_through_a_relay_whose_tls_is_not_perfect(tmp_path, setting, change):
    inbox = Inbox()
    server = relay(tmp_path, inbox, change=change)
    city = City().start("--smtp", f"127.0.0.1:{server.port}", "--smtp-tls", setting)
    is_taken = setting in ("none", "opportunistic") or setting == "required" and change is not only_the_oldest_tls
    try:
        session = requests.Session()
        token = re.search(r'name="token" value="([^"]+)"', session.get(city.url + "/lapor/luring").text).group(1)
        fields = {"token": token, "kunci": "kunci-percobaan-surat-1", "category": "lubang", "answer-lubang-ukuran": "besar", "story": "Lubang besar di depan halte.", "subdistrict": "99.01.01.1002", "address": "Jalan Merdeka", "contact": "siti@contoh.example"}
        assert "tanda-terima" in session.post(city.url + "/lapor/luring", data=fields).url
        for _ in range(200):
            log = (city.data / "log").read_text()
            if inbox.messages or "message not delivered" in log:
                break
            time.sleep(0.1)
        assert bool(inbox.messages) == is_taken, log
        assert is_taken or "cause=STARTTLS: " in log
        assert "siti@" not in log
    finally:
        city.stop()
        server.stop()
