// SPDX-License-Identifier: EUPL-1.2

import Complaints
import Logging
import Notifications
import Residents
import Synchronization

extension TestCity {
    private final class Collector: Carrier {
        let messages = Mutex<[Message]>([])

        func deliver(_ message: Message, id: String) async throws { messages.withLock { $0.append(message) } }
    }

    /// Sends what waits; gives what was sent now.
    public func sentMessages() async throws -> [Message] {
        try await complaints.sendNews()
        let collector = Collector()
        try await Outbox(journal: journal).sendDue(by: [.mail: collector, .sms: collector], logger: Logger(label: "test"))
        return collector.messages.withLock { $0 }
    }
}
