"""The treasurer's desk where something is refused: nothing typed is lost, each form speaks for itself, and what worked is said."""

import re

from applicant import token
from test_services import billed, desk


def take(treasurer, city, number, amount, *buttons):
    treasurer.goto(f"{city.url}/meja/kas?kode={number}")
    treasurer.get_by_label("Uang diterima (rupiah)").fill(amount)
    for button in ("Terima dan cetak kuitansi", *buttons):
        treasurer.get_by_role("button", name=button).click()


def test_cash_that_is_not_taken_yet_keeps_the_bill_and_what_was_typed(city, browser):
    _, _, number, _ = billed(city, browser)
    treasurer = desk(browser, city, "rosa", "pu", "treasurer")
    take(treasurer, city, number, "seratus ribu")
    field = treasurer.get_by_label("Uang diterima (rupiah)")
    assert field.input_value() == "seratus ribu" and field.get_attribute("aria-invalid") == "true"
    assert treasurer.get_by_label("Kode bayar").input_value() == number
    treasurer.locator("#galat a").click()
    assert treasurer.url.split("#")[1] == field.get_attribute("id"), "the summary leads to the field"
    # More than is owed is asked about, and nothing is recorded meanwhile.
    field.fill("500.000")
    treasurer.get_by_role("button", name="Terima dan cetak kuitansi").click()
    assert "Tagihannya Rp194.400. Berikan kembalian Rp305.600 dan catat Rp194.400?" in treasurer.content()
    assert treasurer.get_by_label("Uang diterima (rupiah)").input_value() == "500.000"
    treasurer.get_by_role("button", name="Ya, beri kembalian Rp305.600").click()
    assert "seratus sembilan puluh empat ribu empat ratus rupiah" in treasurer.content()
    assert "Kembalian: Rp305.600" in treasurer.locator("[role=status]").inner_text()


def test_money_to_give_back_is_ordered_and_carried_out_with_nothing_lost(city, browser):
    session, docket, number, _ = billed(city, browser)
    rosa = desk(browser, city, "rosa", "pu", "treasurer")
    take(rosa, city, number, "500.000", "Tidak, catat semua Rp500.000")
    rosa.context.add_cookies([{"name": "bahasa", "value": "en", "url": city.url}])
    rosa.goto(city.url + "/meja/kas")
    rosa.locator("summary", has_text="Order that it is given back").click()
    assert rosa.get_by_label("Ground").input_value().startswith("Kelebihan bayar"), "an order is in Indonesian whoever writes it"
    rosa.context.add_cookies([{"name": "bahasa", "value": "id", "url": city.url}])
    rosa.goto(city.url + "/meja/kas")
    rosa.locator("summary", has_text="Perintahkan pengembalian").click()
    form = rosa.locator("form", has=rosa.get_by_role("button", name="Perintahkan", exact=True))
    form.get_by_label("Alasan").fill("Lebih")
    form.get_by_label("Bank").fill("Bank Contoh")
    form.get_by_label("Nomor rekening").fill("1234567890")
    form.get_by_label("Atas nama").fill("Pemilik Contoh")
    form.get_by_role("button", name="Perintahkan").click()
    assert form.get_by_label("Alasan").is_visible(), "the form stays open"
    assert form.get_by_label("Alasan").input_value() == "Lebih" and form.get_by_label("Nomor rekening").input_value() == "1234567890"
    assert form.locator(".error-text").count() == 1 and rosa.locator(".error-text").count() == 1, "the fault stands at its own form alone"
    assert rosa.get_by_label("Sebab selisih").input_value() == ""
    form.get_by_label("Alasan").fill("Dibayar lebih (PP 35/2023)")
    form.get_by_role("button", name="Perintahkan").click()
    assert "Perintah pengembalian tercatat" in rosa.locator("[role=status]").inner_text()
    # A hand-over that is refused stays open, and speaks of no refund.
    rosa.locator("summary", has_text="Setor sebagian").click()
    rosa.get_by_label("Jumlah disetor").fill("900.000")
    rosa.get_by_label("Nomor bukti setor").fill("STS-1")
    rosa.get_by_role("button", name="Setor", exact=True).click()
    assert rosa.get_by_label("Jumlah disetor").is_visible() and rosa.get_by_label("Nomor bukti setor").input_value() == "STS-1"
    assert "hanya tercatat Rp500.000" in rosa.content() and "lewat transfer" not in rosa.content()
    rosa.get_by_label("Jumlah disetor").fill("1.000")
    rosa.get_by_role("button", name="Setor", exact=True).click()
    assert "Setoran tercatat" in rosa.locator("[role=status]").inner_text()
    # The whole account is seen on a page of its own, and whoever it belongs to sees that it was.
    tiur = desk(browser, city, "tiur", "pu", "treasurer")
    tiur.goto(city.url + "/meja/kas")
    assert "Bank Contoh *7890" in tiur.content() and "1234567890" not in tiur.content()
    looks = lambda: int(re.search(r"Siapa yang membuka data Anda \((\d+)\)", session.get(f"{city.url}/berkas/{docket}").text).group(1))
    before = looks()
    tiur.get_by_role("button", name="Lihat rekeningnya").click()
    assert "1234567890" in tiur.content() and looks() == before + 1
    tiur.get_by_role("link", name="Kembali ke kas").click()
    tiur.get_by_role("button", name="Sudah dikembalikan").click()
    assert tiur.get_by_label("Nomor transfer").get_attribute("aria-invalid") == "true"
    tiur.get_by_label("Nomor transfer").fill("TRF-77")
    tiur.get_by_role("button", name="Sudah dikembalikan").click()
    assert "bukti pengembalian" in tiur.locator("[role=status]").inner_text()
    page = session.get(f"{city.url}/berkas/{docket}").text
    address = re.search(r'href="([^"]+/kuitansi/KB-[^"]+)">Bukti pengembalian</a>', page).group(1)
    receipt = session.get(city.url + address).text
    assert "Bank Contoh *7890" in receipt and "1234567890" not in receipt and "TRF-77" in receipt and "<dt>Tanggal</dt>" in receipt


def test_an_account_that_is_refused_keeps_what_was_typed_and_one_that_is_kept_says_so(city, browser):
    session, docket, number, _ = billed(city, browser)
    take(desk(browser, city, "rosa", "pu", "treasurer"), city, number, "500.000", "Tidak, catat semua Rp500.000")

    def give(account):
        page = session.get(f"{city.url}/berkas/{docket}")
        data = {"token": token(page), "kode": number, "bank": "Bank Contoh", "rekening": account, "atasnama": "Pemilik"}
        return session.post(f"{city.url}/berkas/{docket}/rekening", data=data)

    refused = give("abc")
    assert refused.status_code == 422 and 'value="abc"' in refused.text and "<details open" in refused.text
    assert "Rekening tersimpan." in give("1234567890").text


def test_a_shortage_is_seen_by_colleagues_and_days_follow_each_other(city, browser):
    _, _, number, _ = billed(city, browser)
    rosa = desk(browser, city, "rosa", "pu", "treasurer")
    rosa.goto(city.url + "/meja/kas")
    assert rosa.get_by_role("button", name="Tutup dan setor").count() == 0, "an empty till is not closed"
    take(rosa, city, number, "100.000")
    rosa.goto(city.url + "/meja/kas")
    rosa.get_by_role("link", name="Hari sebelumnya").click()
    assert rosa.get_by_role("button", name="Tutup dan setor").count() == 0
    rosa.get_by_role("link", name="Hari berikutnya").click()
    day = rosa.locator("main header p").inner_text()
    assert rosa.get_by_role("heading", name=f"Tutup kas {day}").count() == 1, "the heading says which day"
    rosa.evaluate("document.querySelector('[name=day]').value = '0001-01-01'")
    rosa.get_by_label("Uang yang dihitung").fill("99.000")
    rosa.get_by_role("button", name="Tutup dan setor").click()
    assert "tidak ada yang ditutup" in rosa.locator("#galat").inner_text()
    rosa.goto(city.url + "/meja/kas")
    rosa.get_by_label("Uang yang dihitung").fill("99.000")
    rosa.get_by_label("Sebab selisih").fill("Kembalian kurang")
    rosa.get_by_role("button", name="Tutup dan setor").click()
    assert "Kas ditutup" in rosa.locator("[role=status]").inner_text()
    for login, agency, roles in [("tiur", "pu", "treasurer"), ("audit", "kominfo", "auditor")]:
        colleague = desk(browser, city, login, agency, roles)
        colleague.goto(city.url + "/meja/kas")
        row = colleague.locator("table", has_text="Kas yang ditutup, dengan selisihnya").locator("tbody tr").inner_text()
        assert "Petugas" in row and "rosa" in row.lower() and "99.000" in row and "1.000" in row and "Kembalian kurang" in row
