// SPDX-License-Identifier: EUPL-1.2

extension Point {
    /// A place from two numbers as programs write them; nil where either is none, or they lie outside the globe.
    public init?(latitude: some StringProtocol, longitude: some StringProtocol) {
        guard latitude.utf8.count <= 40, longitude.utf8.count <= 40, let latitude = Double(latitude), let longitude = Double(longitude)
        else {
            return nil
        }
        self.init(latitude: latitude, longitude: longitude)
    }
}
