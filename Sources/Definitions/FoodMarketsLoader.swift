// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// Reads `food-markets.yaml`; a city without one watches no prices.
struct FoodMarketsLoader {
    let reader: PackReader
    let agencies: Set<String>
    let subdistricts: Set<String>

    func load() -> FoodMarkets? {
        guard reader.has("food-markets.yaml"), let head = reader.yaml("food-markets.yaml") else { return nil }
        let agency = head.required("agency").flatMap { known($0, agencies, "agency") }
        let jump = head.int("jump", in: 1...100)
        let commodities = (head.required("commodities")?.list() ?? []).compactMap(commodity)
        let markets = (head.required("markets")?.list() ?? []).compactMap(market)
        head.finish()
        for codes in [commodities.map(\.code), markets.map(\.code)] where Set(codes).count < codes.count {
            head.place.report("a code is given twice", fix: "Give each commodity and each market a code of its own.")
        }
        if commodities.isEmpty || markets.isEmpty {
            head.place.report("there is nothing to watch", fix: "Name at least one commodity and one market.")
        }
        guard let agency, let jump else { return nil }
        return FoodMarkets(agency: agency, jump: jump, commodities: commodities, markets: markets)
    }

    private func known(_ node: NodeReader, _ names: Set<String>, _ what: String) -> String? {
        guard let text = node.string() else { return nil }
        if !names.contains(text) { node.report("there is no \(what) “\(text)”", fix: "Use the code of one that the pack defines.") }
        return text
    }

    private func commodity(_ node: NodeReader) -> FoodMarkets.Commodity? {
        guard let mapping = node.mapping() else { return nil }
        let code = mapping.code("code")
        let name = mapping.text("name")
        let unit = mapping.string("unit")
        let keywords = mapping.strings("keywords")
        let ceiling = mapping.optional("ceiling")?.mapping().flatMap { mapping -> (rupiah: Int, basis: Text)? in
            let rupiah = mapping.int("rupiah", in: 100...10_000_000)
            let basis = mapping.text("basis")
            mapping.finish()
            guard let rupiah, let basis else { return nil }
            return (rupiah, basis)
        }
        mapping.finish()
        guard let code, let name, let unit else { return nil }
        return FoodMarkets.Commodity(code: code, name: name, unit: unit, keywords: keywords, ceiling: ceiling)
    }

    private func market(_ node: NodeReader) -> FoodMarkets.Market? {
        guard let mapping = node.mapping() else { return nil }
        let code = mapping.code("code")
        let name = mapping.string("name")
        let subdistrict = mapping.required("subdistrict").flatMap { known($0, subdistricts, "subdistrict") }
        mapping.finish()
        guard let code, let name, let subdistrict else { return nil }
        return FoodMarkets.Market(code: code, name: name, subdistrict: subdistrict)
    }
}
