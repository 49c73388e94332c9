"""The map of reports: near ones in one pin that says how many, and pictures from the city's own server of them."""

import pathlib
import shutil

import requests

from conftest import City, report


def test_near_reports_are_one_pin_that_says_how_many(quiet_city, browser):
    for number in range(12):
        requests.post(quiet_city.url + "/open311/v2/requests.json", data=report(f"Lubang nomor {number} di jalan yang sama.", lat=f"-1.97{number}", long=f"110.02{number}"))
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(quiet_city.url + "/laporan")
    cluster = page.locator("#map .cluster").first
    cluster.wait_for()
    count = sum(int(text) for text in page.locator("#map .cluster").all_inner_texts()) + page.locator("#map path.pin").count()
    assert count >= 12
    cluster.click()
    page.wait_for_timeout(600)
    assert page.locator("#map .cluster, #map path.pin").count() > 1, "a click goes nearer"


def test_a_city_may_have_pictures_from_one_server_and_no_other(browser, tmp_path):
    pack = tmp_path / "City" / "contoh"
    shutil.copytree(pathlib.Path("City/contoh"), pack)
    shutil.copytree(pathlib.Path("National"), tmp_path / "National")
    shutil.copytree(pathlib.Path("Public"), tmp_path / "Public")
    with open(pack / "city.yaml", "a") as file:
        file.write('\ntiles: { address: "https://peta.contoh.test/{z}/{x}/{y}.png", attribution: "© Peta Contoh" }\n')
    city = City(environment={"BALAI_HOME": str(tmp_path)}).start()
    try:
        page = browser.new_page(viewport={"width": 360, "height": 740})
        asked = []
        picture = pathlib.Path("Public/demo-result.png").read_bytes()
        page.route("https://peta.contoh.test/**", lambda route: (asked.append(route.request.url), route.fulfill(body=picture, content_type="image/png")))
        page.goto(city.url + "/laporan")
        page.locator("#map .leaflet-tile-loaded").first.wait_for()
        assert asked and page.get_by_text("© Peta Contoh").count() == 1
        policy = requests.get(city.url + "/").headers["Content-Security-Policy"]
        assert "img-src 'self' data: blob: https://peta.contoh.test;" in policy
    finally:
        city.stop()
