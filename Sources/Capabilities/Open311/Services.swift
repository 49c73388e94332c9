// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import HTTPTypes

/// What can be reported, as the standard tells it.
extension GeoReport {
    func services(_ language: Language) -> Tree {
        let groups = Dictionary(city.complaints.groups.map { ($0.code, $0.name) }, uniquingKeysWith: { $1 })
        return .list(
            "services",
            city.complaints.categories.map { category in
                .object(
                    "service",
                    [
                        ("service_code", .text(category.code)), ("service_name", .text(category.name(language))),
                        ("description", .text(category.description(language))),
                        ("metadata", .flag(!category.questions.isEmpty)), ("type", .text("realtime")),
                        ("keywords", .text((category.keywords + (category.isConfidential ? ["private"] : [])).joined(separator: ","))),
                        ("group", .text(groups[category.group].map { $0(language) } ?? "")),
                    ]
                )
            }
        )
    }

    func definition(_ code: String, _ language: Language) throws -> Tree {
        guard let category = city.complaints.category(code) else {
            throw Refusal(status: .notFound, description: "service_code \(code) is not known")
        }
        let attributes = category.questions.enumerated().map { index, question -> Tree in
            let datatype =
                switch question.kind {
                case .choice: "singlevaluelist"
                case .number: "number"
                case .text: "string"
                }
            return .object(
                "attribute",
                [
                    ("variable", .flag(true)), ("code", .text(question.name)), ("datatype", .text(datatype)),
                    ("required", .flag(question.isRequired)),
                    ("datatype_description", .absent), ("order", .number(index + 1)), ("description", .text(question.label(language))),
                    (
                        "values",
                        .list(
                            "values",
                            question.options.map { .object("value", [("key", .text($0.code)), ("name", .text($0.label(language)))]) }
                        )
                    ),
                ]
            )
        }
        return .object("service_definition", [("service_code", .text(code)), ("attributes", .list("attributes", attributes))])
    }
}
