// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Essentials
import Identity
import Web

/// Files that somebody chose, stored in the order in which they were chosen, as many as there is room for.
struct ChosenFiles {
    /// Names of what is there now.
    private(set) var names: [String]
    /// What was not kept, by its place among those chosen; nil where everything was.
    private(set) var problem: Problem?

    /// Nothing chosen yet, beside what is there.
    init(kept: [String] = []) { names = kept }

    /// Stores what was chosen; what cannot be kept is left out and told, the rest stays.
    ///
    /// - Parameters:
    ///   - chosen: what the form sent.
    ///   - field: the field that it was chosen in.
    ///   - most: how many there may be with those that are there.
    ///   - store: keeps one and gives its name.
    mutating func add(_ chosen: [Upload], in field: String, most: Int, store: ([UInt8]) async throws -> String) async throws {
        let already = names.count
        var lost: [Text] = []
        var first: Problem?
        var beyond: [Int] = []
        for (place, upload) in zip(1..., chosen) {
            guard names.count < most else {
                beyond.append(place)
                continue
            }
            do {
                names.append(try await store(try upload.content()))
            } catch let found as Problem where !found.fields.isEmpty {
                first = first ?? found
                for fault in found.fields {
                    lost.append(
                        chosen.count == 1
                            ? fault.message
                            : Text(
                                id: "Berkas ke-\(place) tidak disimpan. \(fault.message.id)",
                                en: "File \(place) was not kept. \(fault.message.en)"
                            )
                    )
                }
            }
        }
        if !beyond.isEmpty {
            let id = beyond.map { "ke-\($0)" }
            let there = already == 0 ? Text(id: "", en: "") : Text(id: ", dan \(already) sudah ada", en: ", and \(already) were there")
            lost.append(
                Text(
                    id: "Berkas \(Self.list(id, "dan")) tidak disimpan: paling banyak \(most)\(there.id)",
                    en: "File \(Self.list(beyond.map(String.init), "and")) was not kept: at most \(most)\(there.en)"
                )
            )
        }
        guard !lost.isEmpty else { return }
        let message = Text(id: lost.map(\.id).joined(separator: ". "), en: lost.map(\.en).joined(separator: ". "))
        problem = Problem(
            first?.code ?? "file.too-many",
            first?.status ?? .unacceptable,
            Text(id: "Tidak semua berkas disimpan", en: "Not every file was kept"),
            fields: [Problem.Field(field, message)],
            retryAfter: first?.retryAfter,
            cause: first?.cause
        )
    }

    private static func list(_ items: [String], _ and: String) -> String {
        items.count < 2 ? items.joined() : "\(items.dropLast().joined(separator: ", ")) \(and) \(items[items.count - 1])"
    }
}

extension Problem {
    /// This one, with the fields of another that a form has too.
    func adding(_ other: Problem?) -> Problem {
        guard let other else { return self }
        return Problem(code, status, title, remedy: remedy, fields: fields + other.fields, retryAfter: retryAfter, cause: cause)
    }
}

extension FormState {
    /// The name of the hidden field by which a form that was refused names again what was stored with it.
    static func keptName(_ field: String) -> String { "\(field)-tersimpan" }
}

extension Portal {
    /// Takes the photos of a form that has no draft: those that an earlier, refused try has stored, and those that come now.
    func takePhotos(_ form: Form, person: Identifier, into photos: inout ChosenFiles) async throws {
        let stored = try await complaints.unsentPhotos(form.all(FormState.keptName("photo"))).filter { $0.person == person }
        photos = ChosenFiles(kept: stored.map(\.name))
        try await photos.add(form.files["photo"] ?? [], in: "photo", most: Report.photoLimit) {
            try await complaints.addPhoto($0, person: person)
        }
        if let problem = photos.problem { throw problem }
    }
}
