// SPDX-License-Identifier: EUPL-1.2

import Documents
import Essentials
import Identity
import Journal
import Storage

/// Photos of reports, replies and results: stored as they come, tied to a case when it takes them, removed where none does.
extension Complaints {
    /// Stores an uploaded photo under the key of a person.
    ///
    /// - Returns: its name.
    public func addPhoto(_ upload: [UInt8], person: Identifier) async throws -> String {
        try await addPhoto(try await uploads.photo(upload, field: "photo"), person: person)
    }

    /// Stores a photo under the key of a person.
    ///
    /// - Returns: its name.
    public func addPhoto(_ photo: Photo, person: Identifier) async throws -> String {
        let key = try await journal.operate { try journal.vault.requirePersonKey(person, in: $0) }
        let name = try files.store(photo.full, key: key)
        let thumbnail = try files.store(photo.thumbnail, key: key)
        let now = journal.clock.now
        try await journal.operate { transaction in
            try transaction.execute(
                """
                INSERT INTO complaint_photo (name, thumbnail, person, added_at)
                VALUES (\(name), \(thumbnail), \(person.description), \(now))
                """
            )
        }
        return name
    }

    /// Ties uploaded photos to a case, once: from then on its rules say who may see them.
    func attach(_ photos: [String], to docket: String, in act: Act) throws {
        for photo in photos {
            try act.operate { try $0.execute("UPDATE complaint_photo SET docket = \(docket) WHERE name = \(photo) AND docket IS NULL") }
        }
    }

    /// A photo of a case, for somebody who may see it.
    ///
    /// - Parameters:
    ///   - name: the photo.
    ///   - isThumbnail: the small one.
    ///   - mayReadPrivate: whether the asker is the reporter or on the staff of the case.
    public func photo(_ name: String, of complaint: Complaint, isThumbnail: Bool, mayReadPrivate: Bool) async throws -> [UInt8]? {
        guard mayReadPrivate || (complaint.isPublic && complaint.photos.contains(name)) else { return nil }
        let found = try await journal.read { snapshot -> (file: String, key: PersonKey?)? in
            let row = try snapshot.find(
                "SELECT thumbnail, person FROM complaint_photo WHERE name = \(name) AND docket = \(complaint.docket)"
            ) { (thumbnail: try $0(0, as: String.self), person: try $0(1, as: String.self)) }
            guard let row, let person = Identifier(row.person) else { return nil }
            return (isThumbnail ? row.thumbnail : name, try journal.vault.personKey(person, in: snapshot))
        }
        return found.flatMap { files.content($0.file, key: $0.key) }
    }

    // MARK: Not sent yet

    /// The small version of a photo that no case has taken in yet, for whoever holds its draft.
    public func draftPhoto(_ name: String, person: Identifier) async throws -> [UInt8]? {
        let found = try await journal.read { snapshot -> (file: String, key: PersonKey?)? in
            let file = try snapshot.find("SELECT thumbnail FROM complaint_photo WHERE name = \(name) AND person = \(person.description)") {
                try $0(0, as: String.self)
            }
            return try file.map { ($0, try journal.vault.personKey(person, in: snapshot)) }
        }
        return found.flatMap { files.content($0.file, key: $0.key) }
    }

    /// Which of some photos were stored and no case has taken yet, with whose key each is sealed: a form that was refused
    /// names them again.
    public func unsentPhotos(_ names: [String]) async throws -> [(name: String, person: Identifier)] {
        try await journal.read { snapshot in
            try names.prefix(Report.photoLimit).compactMap { name in
                try snapshot.find("SELECT person FROM complaint_photo WHERE name = \(name) AND docket IS NULL") {
                    try $0(0, as: String.self)
                }.flatMap { Identifier($0) }.map { (name, $0) }
            }
        }
    }

    /// Removes a photo that its owner takes out of a draft.
    public func discardPhoto(_ name: String, person: Identifier) async throws {
        let thumbnail = try await journal.read {
            try $0.find(
                "SELECT thumbnail FROM complaint_photo WHERE name = \(name) AND person = \(person.description) AND docket IS NULL"
            ) { try $0(0, as: String.self) }
        }
        if let thumbnail { try await remove(name, thumbnail: thumbnail) }
    }

    private func remove(_ name: String, thumbnail: String) async throws {
        // A case that takes the photo at this very moment keeps it.
        let isRemoved = try await journal.operate { transaction in
            try transaction.execute("DELETE FROM complaint_photo WHERE name = \(name) AND docket IS NULL")
            return try transaction.count("SELECT count(*) FROM complaint_photo WHERE name = \(name)") == 0
        }
        guard isRemoved else { return }
        for file in [name, thumbnail] { files.remove(file) }
    }

    /// Removes the photos of what was never sent, once they are as old as a draft may be.
    func sweepPhotos() async throws {
        let oldest = journal.clock.now.adding(seconds: -Self.draftLifetime)
        let stray = try await journal.read { snapshot -> [(name: String, thumbnail: String, person: String)] in
            let found = try snapshot.rows(
                """
                SELECT name, thumbnail, person FROM complaint_photo WHERE added_at < \(oldest) AND docket IS NULL ORDER BY name LIMIT 500
                """
            ) { (name: try $0(0, as: String.self), thumbnail: try $0(1, as: String.self), person: try $0(2, as: String.self)) }
            guard !found.isEmpty else { return [] }
            // A draft that somebody still writes on keeps what it has, however old.
            var living: Set<String> = []
            try snapshot.forEach("SELECT sealed FROM complaint_draft") { row in
                let json = try JSON(parsing: journal.vault.openPassing(try row(0, as: [UInt8].self)))
                if let person = json["person"]?.string { living.insert(person) }
            }
            return found.filter { !living.contains($0.person) }
        }
        for photo in stray { try await remove(photo.name, thumbnail: photo.thumbnail) }
    }
}
