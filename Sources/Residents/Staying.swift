// SPDX-License-Identifier: EUPL-1.2

import Essentials

/// What is not erased with an account, by number: whoever leaves is told of each why it stays, and how to have it otherwise.
public struct Staying: Sendable, Equatable {
    /// Applications that are erased once they have ended.
    public var waiting: [String] = []
    /// Applications that a document was issued on.
    public var papers: [String] = []
    /// Applications that nobody wished to be erased, such as one whose applicant took the wish back.
    public var others: [String] = []
    /// Reports that are handled, or that police or a court look into.
    public var reports: [String] = []

    /// Nothing.
    public init() {}

    /// In words, each to stand after “but for”; nil where everything goes.
    ///
    /// - Parameter isShort: whether an SMS has to hold it, which names the first of each and counts the others.
    func exceptions(isShort: Bool) -> [Text] {
        var parts: [Text] = []
        func add(_ dockets: [String], _ id: String, _ en: String, _ why: Text) {
            guard let first = dockets.first else { return }
            let more = dockets.count - 1
            let list =
                isShort && more > 0
                ? Text(id: "\(first) dan \(more) lainnya", en: "\(first) and \(more) more") : Text(same: dockets.joined(separator: ", "))
            parts.append(Text(id: "\(id) \(list.id) (\(why.id))", en: "\(en) \(list.en) (\(why.en))"))
        }
        add(
            waiting,
            "permohonan",
            "application",
            isShort
                ? Text(id: "dihapus setelah selesai; batalkan di halamannya", en: "erased once it has ended; stop it on its page")
                : Text(
                    id: "datanya dihapus setelah selesai; tidak jadi? tekan “Jangan hapus data saya” di halaman berkasnya",
                    en: "its data is erased once it has ended; to stop that, press “Do not erase my data” on the page of the case"
                )
        )
        add(
            papers,
            "permohonan",
            "application",
            Text(id: "wajib disimpan: dokumennya terbit", en: "has to be kept: its document is issued")
        )
        add(others, "permohonan", "application", Text(id: "tidak diminta dihapus", en: "not asked to be erased"))
        add(reports, "laporan", "report", Text(id: "masih ditangani atau diperiksa", en: "still handled or looked into"))
        guard !parts.isEmpty else { return [] }
        return [Text(id: parts.map(\.id).joined(separator: "; "), en: parts.map(\.en).joined(separator: "; "))]
    }
}
