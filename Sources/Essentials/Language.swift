// SPDX-License-Identifier: EUPL-1.2

/// A language that the city speaks to people in.
public enum Language: String, Sendable, CaseIterable {
    /// Bahasa Indonesia, the language of the law and the default.
    case indonesian = "id"
    /// English, the second language.
    case english = "en"
}

/// A sentence in every language of the city; a missing translation cannot exist.
public struct Text: Hashable, Sendable {
    /// The Indonesian sentence.
    public let id: String
    /// The English sentence.
    public let en: String

    /// A sentence in both languages.
    public init(id: String, en: String) {
        self.id = id
        self.en = en
    }

    /// A name or number that is the same in every language.
    public init(same text: String) {
        self.init(id: text, en: text)
    }

    /// The sentence in one language.
    public func callAsFunction(_ language: Language) -> String {
        switch language {
        case .indonesian: id
        case .english: en
        }
    }
}
