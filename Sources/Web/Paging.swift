// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Hummingbird

extension Request {
    /// The page of a list that an address asks for with `hal`, the first where it does not.
    ///
    /// - Throws: not found, where there can be no such page.
    public func page() throws -> PageNumber {
        guard let text = query("hal") else { return .first }
        guard let page = PageNumber(text) else { throw Problem.noSuchPage }
        return page
    }
}

extension PageNumber {
    /// Refuses a page that lies behind the end of its list: showing another one under its number would be untrue.
    public func requireRows(_ rows: some Collection) throws {
        if rows.isEmpty, self != .first { throw Problem.noSuchPage }
    }
}

extension Problem {
    static let noSuchPage = Problem(
        "page.none",
        .notFound,
        Text(id: "Daftar ini tidak punya halaman itu", en: "This list has no such page"),
        remedy: Text(
            id: "Mulai lagi dari halaman pertama; saringan atau berkas CSV memuat selebihnya.",
            en: "Begin again with the first page; a filter or the CSV file has the rest."
        )
    )
}
