// SPDX-License-Identifier: EUPL-1.2

import Essentials
import HTTPTypes
import Hummingbird
import Residents
import Web

/// Passkeys for programs and scripts, in the JSON forms of WebAuthn Level 3 (`parseCreationOptionsFromJSON`, `toJSON()`). Pages do
/// the same by ordinary forms. No form token is needed: a challenge is bound to the visitor's cookie, serves once, and only an
/// authenticator answers it.
extension Portal {
    private static let credentialLimit = 64 << 10

    private func signedInOnly(_ request: Request) async throws -> Resident {
        guard let resident = try await resident(request) else {
            throw Problem(
                "passkey.sign-in-first",
                .unauthorized,
                Text(id: "Masuk lebih dulu", en: "Sign in first"),
                remedy: Text(id: "Minta kode di /saya.", en: "Ask for a code at /saya.")
            )
        }
        return resident
    }

    private func answer(_ json: JSON) -> Response {
        var response = Response.json(json)
        response.headers[.cacheControl] = "no-store"
        return response
    }

    /// Options with a challenge for this visitor, who is given a cookie where there is none.
    private func options(_ request: Request, _ context: VisitorContext, _ make: (String) -> JSON) -> Response {
        let visitor = context.visitor.isEmpty ? token.newVisitor() : context.visitor
        let response = answer(make(visitor))
        guard request.cookie("pengunjung") != visitor else { return response }
        return response.settingCookie("pengunjung", visitor, seconds: 180 * 86_400)
    }

    /// `PublicKeyCredentialCreationOptionsJSON` for a resident who is signed in.
    func passkeyCreationOptions(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let resident = try await signedInOnly(request)
        return options(request, context) { residents.creationOptions(for: resident, visitor: $0) }
    }

    /// Keeps a `RegistrationResponseJSON`.
    func passkeyRegister(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let resident = try await signedInOnly(request)
        guard let session = request.cookie("warga"), try await residents.isProven(session: session) else {
            throw Problem(
                "passkey.prove-first",
                .forbidden,
                Text(id: "Masuk sekali lagi lebih dulu", en: "Sign in once more first"),
                remedy: Text(
                    id: "Kunci dibuat paling lama 15 menit setelah masuk.",
                    en: "A key is made within 15 minutes of signing in."
                )
            )
        }
        let credential = try await request.object(limit: Self.credentialLimit)
        try await residents.addPasskey(credential, name: "", to: resident, visitor: context.visitor, language: context.language)
        return answer(["verified": true])
    }

    /// `PublicKeyCredentialRequestOptionsJSON`.
    func passkeyRequestOptions(_ request: Request, _ context: VisitorContext) -> Response {
        options(request, context) { residents.requestOptions(visitor: $0) }
    }

    /// Signs in with an `AuthenticationResponseJSON`.
    func passkeySignIn(_ request: Request, _ context: VisitorContext) async throws -> Response {
        let credential = try await request.object(limit: Self.credentialLimit)
        let session = try await residents.signIn(passkey: credential, visitor: context.visitor)
        return answer(["verified": true, "location": "/saya"])
            .settingCookie("warga", session, seconds: Int(Residents.sessionLimit))
    }
}
