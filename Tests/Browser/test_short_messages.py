"""SMS through a real Kannel gateway: what a resident with a plain telephone sends, and what comes back."""

import pathlib
import re
import sqlite3
import subprocess
import time

import pytest
import requests

from staff import Staff
from conftest import City, docket_in, free_port

OPERATOR = pathlib.Path("/usr/lib/kannel/test/fakesmsc")


class Gateway:
    """Kannel between a telephone network, which is played by its own test program, and the city."""

    def __init__(self, folder, city_url):
        self.folder = folder
        self.network, self.admin, self.box, self.http = (free_port() for _ in range(4))
        (folder / "kannel.conf").write_text(f"""
group = core
admin-port = {self.admin}
admin-password = rahasia
smsbox-port = {self.box}
box-allow-ip = 127.0.0.1
log-file = {folder}/bearerbox.log

group = smsc
smsc = fake
smsc-id = operator
port = {self.network}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {self.http}
log-file = {folder}/smsbox.log

group = sendsms-user
username = balai
password = r&ahasia+1
concatenation = true
max-messages = 4
default-sender = 1708

group = sms-service
keyword = default
catch-all = true
get-url = "{city_url}/sms/kannel?dari=%p&isi=%a&id=%I&sandi=sandi-gerbang"
concatenation = true
max-messages = 3
omit-empty = true
""")
        self.running = []

    def start(self):
        for program in ("bearerbox", "smsbox"):
            self.running.append(subprocess.Popen([f"/usr/sbin/{program}", self.folder / "kannel.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            self.wait_for(program + ".log", "Connected to bearerbox|HTTP: Opening server|Adding interface")
        # A telephone network that stays connected and sends nothing by itself, to see what the city sends.
        self.listener = open(self.folder / "network.log", "wb")
        return self

    def wait_for(self, name, pattern, seconds=15):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            path = self.folder / name
            if path.exists() and (found := re.search(pattern, path.read_text(errors="replace"))):
                return found
            time.sleep(0.05)
        raise AssertionError(f"{pattern} not in {name}: " + (self.folder / name).read_text(errors="replace")[-2000:])

    def send(self, text, sender="+6281234567890"):
        """Sends one message as the resident's telephone does; gives what comes back to it."""
        log = self.folder / "telephone.log"
        with log.open("wb") as output:
            telephone = subprocess.Popen([OPERATOR, "-H", "127.0.0.1", "-r", str(self.network), "-m", "1", "-i", "0", f"{sender} 1708 text {text}"], stdout=output, stderr=output)
            try:
                return self.wait_for(log.name, r"[Gg]ot message 1: <(.*)>").group(1)
            finally:
                telephone.terminate()
                telephone.wait()

    def stop(self):
        for process in reversed(self.running):
            process.terminate()
            process.wait()


@pytest.fixture
def gateway(tmp_path):
    if not OPERATOR.exists():
        pytest.skip("needs Debian's kannel and kannel-extras")
    city = City(environment={"BALAI_SMS_SECRET": "sandi-gerbang"})
    gateway = Gateway(tmp_path, city.url)
    city.environment["BALAI_KANNEL"] = f"http://balai:r%26ahasia%2B1@127.0.0.1:{gateway.http}/cgi-bin/sendsms"
    city.start()
    gateway.start()
    gateway.city = city
    yield gateway
    gateway.stop()
    city.stop()


def test_a_plain_telephone_reports_asks_and_adds(gateway):
    answer = gateway.send("LAPOR lubang besar di Jalan Merdeka, Melati")
    docket = docket_in(answer)
    assert "Melati" in answer
    assert docket in gateway.send(f"cek {docket.replace('-', ' ').lower()}")
    assert f"Ditambahkan ke {docket}" in gateway.send("Di depan SD 3 & pagar + tiang")
    # A reply is for officers until one of them publishes it.
    assert "pagar" not in requests.get(f"{gateway.city.url}/berkas/{docket}").text
    desk = Staff(gateway.city, "rani", "kominfo", "screener").get(f"/meja/berkas/{docket}").text
    assert "& pagar + tiang" in desk.replace("&amp;", "&").replace("&#43;", "+")


def test_what_became_of_a_message_is_known(gateway, tmp_path):
    """The gateway's own simulated operator says that the telephone has it."""
    with (tmp_path / "telephone.log").open("wb") as output:
        # A telephone that stays connected, so that there is somebody to deliver to.
        telephone = subprocess.Popen([OPERATOR, "-H", "127.0.0.1", "-r", str(gateway.network), "-m", "1", "-i", "0", "+6281234567890 1708 text CEK"], stdout=output, stderr=output)
    try:
        session, url = requests.Session(), gateway.city.url
        token = re.search(r'name="token" value="([^"]+)"', session.get(url + "/lapor/luring").text).group(1)
        fields = {"token": token, "kunci": "kunci-percobaan-kabar-1", "category": "lubang", "answer-lubang-ukuran": "besar", "story": "Lubang besar di depan halte.", "subdistrict": "99.01.01.1002", "address": "Jalan Merdeka", "contact": "081234567890"}
        assert "tanda-terima" in session.post(url + "/lapor/luring", data=fields).url
        database = sqlite3.connect(f"file:{gateway.city.data}/city/balai.sqlite?mode=ro", uri=True)
        until = time.monotonic() + 30
        states = []
        while time.monotonic() < until and "delivered" not in states:
            states = [state for state, in database.execute("SELECT state FROM outbox")]
            time.sleep(0.1)
        assert states == ["delivered"], (tmp_path / "smsbox.log").read_text(errors="replace")[-3000:]
    finally:
        telephone.terminate()
        telephone.wait()


def test_only_the_gateway_says_what_became_of_a_message(gateway):
    address = gateway.city.url + "/sms/kannel/kabar?pesan=x&keadaan=1"
    assert requests.get(address).status_code == 404
    assert requests.get(address + "&sandi=salah").status_code == 404
    assert requests.get(address + "&sandi=sandi-gerbang").status_code == 200
