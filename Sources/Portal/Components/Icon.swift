// SPDX-License-Identifier: EUPL-1.2

import Markup

/// A drawing beside a word; never alone, and hidden from screen readers.
enum Icon: String, CaseIterable {
    case warning = "M12 3l10 17H2zM12 10v4M12 16v1"
    case search = "M10 4a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15 15l6 6"
    case check = "M4 12l5 5L20 6"
    case report = "M3 10v4h4l8 5V5l-8 5zM19 9a5 5 0 0 1 0 6"
    case counter = "M3 10l9-6 9 6zM5 10v9M12 13v6M19 10v9M3 20h18"
    case sms = "M4 4h16v12h-9l-5 4v-4H4zM8 10h8"
    case telephone = "M5 3h4l2 5-3 2a12 12 0 0 0 6 6l2-3 5 2v4l-2 2A17 17 0 0 1 3 5z"
    case seal = "M12 2l10 10-10 10L2 12zM8 12l3 3 5-6"
    case lock = "M5 11h14v10H5zM8 11V7a4 4 0 0 1 8 0v4"
    case clock = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l4 2"
    case pause = "M8 5v14M16 5v14"
    case camera = "M3 7h5l2-3h4l2 3h5v13H3zM12 17a4 4 0 1 0 0-8 4 4 0 0 0 0 8z"
    case offline = "M3 3l18 18M2 9a15 15 0 0 1 5-3M12 5a15 15 0 0 1 10 4M6 13a9 9 0 0 1 5-2M12 18v1"
    case arrow = "M4 12h15M13 6l6 6-6 6"
    case pin = "M12 21s7-7 7-12a7 7 0 1 0-14 0c0 5 7 12 7 12zM12 11v-4"
    case note = "M4 3h16v12l-6 6H4zM20 15h-6v6M8 8h8M8 12h4"
    case list = "M8 6h13M8 12h13M8 18h13M3 6h1M3 12h1M3 18h1"
    case chart = "M4 20V4M4 20h17M8 16v-5M13 16V7M18 16v-8"

    var html: HTML {
        """
        <svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path d="\(rawValue)"/></svg>
        """
    }
}
