// SPDX-License-Identifier: EUPL-1.2

extension Text {
    /// The law that a ground names, as letters give it: “UU 27/2022 ps. 43”, “Law 27/2022 art. 43”. What stands around it, such as
    /// that a city has still to confirm it, is for those who run the city. A ground that names no such law is given whole.
    public var law: Text {
        guard let law = id.firstMatch(of: /UU (\d+\/\d{4}) ps\. (\d+)/) else { return self }
        return Text(id: String(law.0), en: "Law \(law.1) art. \(law.2)")
    }
}
