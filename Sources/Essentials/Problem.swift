// SPDX-License-Identifier: EUPL-1.2

/// Something that a person can understand and, if possible, put right.
public struct Problem: Error, Sendable {
    /// What kind of refusal it is; decides the HTTP status.
    public enum Status: Int, Sendable {
        /// The request cannot be read.
        case badRequest = 400
        /// Nobody is signed in.
        case unauthorized = 401
        /// Who is signed in may not do this.
        case forbidden = 403
        /// There is no such thing, or even whether there is one is private.
        case notFound = 404
        /// The method is not one that this address knows.
        case methodNotAllowed = 405
        /// The client took too long.
        case timeout = 408
        /// Not possible in the state that the thing is in.
        case conflict = 409
        /// Gone for good.
        case gone = 410
        /// More than is taken.
        case tooLarge = 413
        /// A kind of content that is not taken.
        case unsupportedType = 415
        /// Read, but not acceptable: fields say why.
        case unacceptable = 422
        /// Too often.
        case tooMany = 429
        /// Our own fault.
        case fault = 500
        /// Not now: try again later.
        case unavailable = 503
    }

    /// One field that has to be put right.
    public struct Field: Hashable, Sendable {
        /// The name of the field in the form or the JSON pointer in a document.
        public let name: String
        /// What to do about it.
        public let message: Text

        /// One field and what to do about it.
        public init(_ name: String, _ message: Text) {
            self.name = name
            self.message = message
        }
    }

    /// A stable, documented name such as `complaint.act-not-possible`; never reused.
    public let code: String
    /// The closed set that decides the HTTP status.
    public let status: Status
    /// What happened.
    public let title: Text
    /// What to do now.
    public let remedy: Text?
    /// The fields at fault, in the order of the form.
    public let fields: [Field]
    /// Seconds after which trying again makes sense.
    public let retryAfter: Int?
    /// For the log, never for the person.
    public let cause: (any Error)?

    /// Something that went wrong, for the person and for the log.
    public init(
        _ code: String,
        _ status: Status,
        _ title: Text,
        remedy: Text? = nil,
        fields: [Field] = [],
        retryAfter: Int? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.status = status
        self.title = title
        self.remedy = remedy
        self.fields = fields
        self.retryAfter = retryAfter
        self.cause = cause
    }

    /// Fields that have to be put right before the form can be taken.
    public static func fields(_ fields: [Field]) -> Problem {
        Problem(
            "form.incomplete",
            .unacceptable,
            Text(
                id: "Ada \(fields.count) isian yang perlu diperbaiki",
                en: fields.count == 1 ? "1 answer needs your attention" : "\(fields.count) answers need your attention"
            ),
            fields: fields
        )
    }

    /// There is no such thing.
    public static let notFound = Problem(
        "not-found",
        .notFound,
        Text(id: "Halaman ini tidak ada", en: "This page does not exist"),
        remedy: Text(
            id: "Periksa alamatnya, atau lacak berkas dengan nomornya di beranda.",
            en: "Check the address, or track a case by its number on the home page."
        )
    )

    /// Storage cannot take the act now; nothing was written.
    public static func unavailable(cause: (any Error)?) -> Problem {
        Problem(
            "storage.unavailable",
            .unavailable,
            Text(id: "Penyimpanan kami sedang terganggu", en: "Our storage is out of order"),
            remedy: Text(
                id: "Tidak ada yang tercatat setengah-setengah. Isian Anda masih ada; coba lagi sebentar lagi.",
                en: "Nothing was half recorded. What you typed is still there; try again shortly."
            ),
            retryAfter: 5,
            cause: cause
        )
    }
}
