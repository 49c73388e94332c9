"""What people send along is looked at by a real ClamAV daemon, with a signature of our own: the public ones cannot be fetched here."""

import hashlib
import pathlib
import shutil
import subprocess
import tempfile
import time

import requests

from applicant import picture, token
from conftest import City

# The standard test file of virus scanners, harmless; put together here so that no scanner takes this file for it.
EICAR = ("X5O!P%@AP[4\\PZX54(P^)7CC)7}" + "$EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*").encode()

INFECTED_PHOTO = picture() + EICAR


class Clamd:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="balai-clamd-"))
        infected = b"%PDF-1.4\n" + EICAR + b"\n%%EOF\n"
        signatures = [f"{hashlib.sha256(data).hexdigest()}:{len(data)}:Uji.Eicar" for data in (EICAR, infected, INFECTED_PHOTO)]
        (self.folder / "uji.hsb").write_text("\n".join(signatures) + "\n")
        self.socket = self.folder / "clamd.ctl"
        lines = [f"LocalSocket {self.socket}", f"DatabaseDirectory {self.folder}", "Foreground yes", "StreamMaxLength 20M", "User root", f"TemporaryDirectory {self.folder}"]
        (self.folder / "clamd.conf").write_text("\n".join(lines) + "\n")
        self.process = subprocess.Popen(["clamd", "-c", self.folder / "clamd.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while not self.socket.exists() and time.monotonic() < until:
            assert self.process.poll() is None, "clamd did not start"
            time.sleep(0.05)

    def stop(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def test_a_virus_is_refused_by_name_and_nothing_is_let_through_unseen():
    clamd = Clamd()
    city = City(environment={"BALAI_CLAMD": str(clamd.socket)}).start()
    try:
        draft = requests.post(city.url + "/api/v1/services/akta-kelahiran/drafts").json()["draft"]
        send = lambda data: requests.post(f"{city.url}/api/v1/drafts/{draft}/files/foto_surat", data=data, headers={"Accept-Language": "en"})
        refused = send(b"%PDF-1.4\n" + EICAR + b"\n%%EOF\n")
        assert refused.status_code == 422 and "Uji.Eicar" in refused.text and "/foto_surat" in refused.text
        session = requests.Session()
        door = session.get(city.url + "/lapor", params={"jenis": "lubang"})
        begun = session.post(door.url, data={"token": token(door), "answer-ukuran": "besar", "story": "Lubang besar di depan sekolah."})
        step = begun.url.rsplit("/", 1)[0] + "/kontak"
        report = lambda data: session.post(step, data={"token": token(session.get(step))}, files={"photo": ("foto.png", data, "image/png")})
        refused = report(INFECTED_PHOTO)
        assert refused.status_code == 422 and "Uji.Eicar" in refused.text and "buang-foto" not in refused.text
        assert report(picture()).url.endswith("/periksa")
        assert send(picture()).status_code == 201
        assert send(b"%PDF-1.4\n" + b"x" * 300_000 + b"\n%%EOF\n").status_code == 201
        clamd.process.kill()
        clamd.process.wait()
        unseen = send(picture())
        assert unseen.status_code == 503 and unseen.headers["Retry-After"] == "60" and "could not be checked" in unseen.text
    finally:
        city.stop()
        clamd.stop()


def test_a_scanner_that_has_no_address_is_told_at_the_start():
    city = City(environment={"BALAI_CLAMD": "entah"})
    done = city.command("serve", "--port", str(city.port), check=False)
    assert done.returncode != 0 and "BALAI_CLAMD" in done.stdout + done.stderr
