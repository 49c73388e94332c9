// SPDX-License-Identifier: EUPL-1.2

import Cases
import Definitions
import Essentials

extension Services {
    /// Where a case stands, for whoever asks by SMS with its number: `CEK AKL-26-7K3M-9QX`.
    ///
    /// - Returns: nil where the message asks for something else, which another capability answers.
    public func answer(shortMessage text: String) async throws -> String? {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard let command = words.first?.uppercased(), ["CEK", "STATUS", "CHECK"].contains(command),
            let docket = Docket(words.dropFirst().joined()), let (serviceCase, service) = try await find(docket.description)
        else { return nil }
        let language: Language = command == "CHECK" ? .english : .indonesian
        let stage = service.stage(serviceCase.progress.stage)?.name(language) ?? ""
        let due = serviceCase.progress.status.isOpen ? serviceCase.due?.date(in: city.zone).short(language) : nil
        let promise = due.map { Text(id: " Paling lambat \($0).", en: " By \($0).")(language) } ?? ""
        return "\(serviceCase.docket): \(stage). \(city.agency(serviceCase.agency).short).\(promise)"
    }
}
