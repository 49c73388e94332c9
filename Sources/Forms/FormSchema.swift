// SPDX-License-Identifier: EUPL-1.2

import Definitions
import Essentials
import Foundation

extension Questionnaire {
    /// The questions as a JSON Schema (2020-12) of the answers that a program sends.
    public func schema(title: Text, id: String) -> JSON {
        var properties: [String: JSON] = [:]
        var required: [JSON] = []
        for page in pages {
            for question in page.questions {
                properties[question.code] = question.schema
                if !question.isOptional, question.condition == nil, page.condition == nil { required.append(.string(question.code)) }
            }
        }
        return [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": .string(id), "title": .string(title.en), "type": "object",
            "properties": .object(properties), "required": .array(required), "additionalProperties": false,
        ]
    }
}

extension Questionnaire.Question {
    fileprivate var schema: JSON {
        var schema = kindSchema.object ?? [:]
        if isLatin { schema["pattern"] = .string(LatinName.pattern) }
        schema["title"] = .string(label.en)
        schema["description"] = JSON(help?.en)
        return .compact(schema)
    }

    private var kindSchema: JSON {
        switch kind {
        case .text(let most), .paragraph(let most): ["type": "string", "minLength": .integer(isOptional ? 0 : 1), "maxLength": JSON(most)]
        case .number: ["type": "string", "pattern": #"^-?[0-9]+(\.[0-9]+)?$"#]
        case .date: ["type": "string", "format": "date"]
        case .choice(let options): ["type": "string", "enum": .array(options.map { .string($0.code) })]
        case .residentNumber, .familyCard: ["type": "string", "pattern": "^[0-9]{16}$"]
        case .contact: ["type": "string", "maxLength": 254]
        case .subdistrict: ["type": "string", "pattern": #"^[0-9.]{13}$"#]
        case .slot: ["type": "string", "pattern": #"^[a-z][a-z0-9_]*@[0-9T:,-]+/[0-9]{1,4}$"#, "maxLength": 2000]
        case .declaration: ["type": "string", "const": "ya"]
        case .files(let most):
            [
                "type": "array", "items": ["type": "string", "pattern": "^[0-9a-f]{64}$"], "maxItems": JSON(most),
                "minItems": .integer(isOptional ? 0 : 1),
            ]
        case .group(let range, _, let questions):
            [
                "type": "array", "minItems": JSON(range.lowerBound), "maxItems": JSON(range.upperBound),
                "items": [
                    "type": "object", "additionalProperties": false,
                    "properties": .object(Dictionary(questions.map { ($0.code, $0.schema) }, uniquingKeysWith: { $1 })),
                    "required": .array(questions.filter { !$0.isOptional && $0.condition == nil }.map { .string($0.code) }),
                ],
            ]
        }
    }
}
