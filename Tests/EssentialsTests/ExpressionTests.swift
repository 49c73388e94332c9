// SPDX-License-Identifier: EUPL-1.2

import Essentials
import Foundation
import Testing

/// The subset of CEL. Cases are those of the specification's conformance suite (basic, comparisons, integer_math, fp_math,
/// logic, string, lists, macros, conversions, parse), as far as they lie inside it.
@Suite struct ExpressionTests {
    static let holds = [
        // basic, parse
        #"0 == 0"#, #"-9223372036854775808 < 0"#, #"0x55 == 85"#, #"-0x55 == -85"#, #"0.0 == -0.0"#, #"1.5e3 == 1500.0"#, #".5 == 0.5"#,
        #"'' == """#, #"'✌' == '\u270c'"#, #"'\x3f' == '?'"#, #"'\077' == '?'"#, #"r'\n' == '\\n'"#, "'''a\nb''' == 'a\\nb'",
        #"true // so it is"#, #"[] == []"#, #"'\U0001f431' == '🐱'"#, #"!!true"#, #"!(1 == 2)"#, #"(((((1))))) == 1"#, #"1 + 2 * 3 == 7"#,
        #"(1 + 2) * 3 == 9"#, #"false ? 1 == 2 : true ? true : false"#,
        // comparisons
        #"1 == 1"#, #"!(-1 == 1)"#, #"1.0 == 1.0"#, #"'' == ''"#, #"'abc' == 'abc'"#, #"'abc' != 'ABC'"#, #"true == true"#,
        #"false != true"#, #"[1, 2] == [1, 2]"#, #"[1, 2] != [2, 1]"#, #"0 < 1"#, #"!(0 < 0)"#, #"'a' < 'b'"#, #"'' < 'a'"#,
        #"'abc' < 'abd'"#, #"!('a' < 'a')"#, #"false < true"#, #"!(true < false)"#, #"2 <= 3"#, #"2 >= 2"#, #"3.5 > 3.4"#,
        #"'Abd' > 'Abc'"#, #"1 in [1, 2, 3]"#, #"!(4 in [1, 2, 3])"#, #"!('x' in [])"#, #"'é' > 'e'"#, #"'\u00e9' != 'e\u0301'"#,
        // integer_math, fp_math
        #"40 + 2 == 42"#, #"42 - 12 - 30 == 0"#, #"12 * 12 == 144"#, #"15 / 4 == 3"#, #"-15 / 4 == -3"#, #"43 % 5 == 3"#,
        #"-42 % 5 == -2"#, #"-(-42) == 42"#, #"8 / 2 / 2 == 2"#, #"4.25 + 15.25 == 19.5"#, #"1.0 / 0.0 > 1.0e308"#, #"-(4.5) == -4.5"#,
        #"0.1 + 0.2 != 0.3"#, #"[1] + [2, 3] == [1, 2, 3]"#, #"'he' + 'llo' == 'hello'"#,
        #"9223372036854775807 - 1 == 9223372036854775806"#,
        // logic: what decides hides the other side's fault, on either side
        #"true || 1 / 0 == 1"#, #"1 / 0 == 1 || true"#, #"!(false && 1 / 0 == 1)"#, #"!(1 / 0 == 1 && false)"#, #"false || true && true"#,
        // string
        #"size('') == 0"#, #"size('hello') == 5"#, #"'ñ€'.size() == 2"#, #"size('🐱') == 1"#, #"'foobar'.startsWith('foo')"#,
        #"'foobar'.startsWith('')"#, #"!'foobar'.startsWith('bar')"#, #"'foobar'.endsWith('bar')"#, #"'foobar'.contains('oba')"#,
        #"'foobar'.contains('')"#, #"!''.contains('a')"#,
        // lists, macros
        #"[1, 2, 3][1] == 2"#, #"size([[1], [2, 3]]) == 2"#, #"[1, 2, 3].exists(e, e > 2)"#, #"![1, 2, 3].exists(e, e > 3)"#,
        #"![].exists(e, e)"#, #"[1, 2, 3].all(e, e > 0)"#, #"![1, 2, 3].all(e, e == 2)"#, #"[].all(e, e)"#,
        #"[1, 0, 2].exists(e, 2 / e == 1)"#, #"![1, 0, 2].all(e, 4 / e == 1)"#, #"[[1, 2], [3]].all(l, l.exists(e, e > 1))"#,
        // conversions
        #"int(42.1) == 42"#, #"int(-123.4) == -123"#, #"int('987') == 987"#, #"double(987) == 987.0"#, #"double('-3.14') == -3.14"#,
        #"string(123) == '123'"#, #"string(123.456) == '123.456'"#, #"string(-987.0) == '-987'"#, #"string(true) == 'true'"#,
        #"bool('true')"#, #"!bool('False')"#,
        // ours: exact numbers
        #"luas * 0.1 + 0.2 * luas == luas * 0.3"#, #"round(luas * 1.005, 2) == 36.18"#, #"trunc(luas / 7, 3) == 5.142"#,
        #"math.greatest(luas, 100) == 100"#, #"math.least(3, 1, 2) == 1"#, #"tarif['rumah'] * luas == 5400"#, #"tarif.rumah == 150"#,
        #"'rumah' in tarif"#, #"tarif.exists(k, tarif[k] > 500)"#, #"(luas > 30 ? 0.65 : 0.45) * luas == 23.4"#, #"-luas == 0 - 36"#,
    ]

    static let names: [String: ExpressionType] = ["luas": .decimal, "tarif": .map(.decimal), "kode": .string]
    static let values: [String: ExpressionValue] = [
        "luas": .decimal(36), "tarif": .map(["rumah": .decimal(150), "usaha": .decimal(700)]), "kode": .string("rumah"),
    ]

    @Test("Holds", arguments: holds)
    func truths(source: String) throws {
        #expect(try Expression(source, names: Self.names).value(Self.values) == .bool(true))
    }

    @Test(
        "Is refused when it is read, at its place",
        arguments: [
            ("1 +", 3, "a value is needed here"), ("1 + 'a'", 2, "int and string do not go together"),
            ("1 == 1.0", 2, "int and double do not go together"), ("foo", 0, "“foo” is not known here. Known: kode, luas, tarif"),
            ("1 ? 2 : 3", 0, "a condition is true or false, not int"), ("5.0 % 2.0", 4, "“%” does not go with double"),
            ("'a' - 'b'", 4, "“-” does not go with string"), ("!1", 0, "“!” does not go with int"),
            ("9223372036854775808", 0, "9223372036854775808 does not fit into 64 bits"),
            ("42u", 0, "unsigned numbers are not part of this subset"), ("b'abc'", 0, "bytes are not part of this subset"),
            ("'abc", 0, "this text does not end"), ("size(1)", 0, "there is no size(int)"),
            ("[1, 'a']", 0, "int and string do not go together"),
            ("1 2", 2, "an operator or the end is needed here"), ("(1", 2, "“)” is needed here"), ("true ? 1", 8, "“:” is needed here"),
            ("luas * (1 / 2)", 5, "decimal and int do not go together"), ("let x = 1", 0, "“let” cannot be used as a name here"),
            ("'\\q'", 0, "“\\q” is no escape"), ("luas[0]", 4, "decimal has no place for int"), ("1 # 2", 2, "“#” is not expected here"),
            ("null", 0, "“null” cannot be used as a name here"),
        ]
    )
    func refusals(source: String, offset: Int, message: String) {
        let fault = #expect(throws: ExpressionFault.self) { try Expression(source, names: Self.names) }
        #expect(fault?.offset == offset && fault?.message == message, "\(String(describing: fault))")
    }

    @Test(
        "Fails on values, never with a wrong number",
        arguments: [
            "9223372036854775807 + 1 > 0", "-9223372036854775808 - 1 < 0", "9223372036854775807 * 2 > 0", "-(-9223372036854775808) > 0",
            "1 / 0 == 0", "1 % 0 == 0", "[1][1] == 1", "[1][-1] == 1", "tarif['gudang'] == 1", "int('x') == 1", "int(1e99) == 1",
            "luas / (luas - 36) == 1", "bool('ya')", "false || 1 / 0 == 1", "[0].all(e, 1 / e == 1)",
        ]
    )
    func faults(source: String) throws {
        let expression = try Expression(source, names: Self.names)
        #expect(throws: ExpressionFault.self) { try expression.value(Self.values) }
    }

    @Test("No bytes trap the reader, and what is nested too deeply is refused")
    func garbage() {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("()[]?:.,'\"\\+-*/%!<>=&|0x1.5eur luas tarif true in size all e #é🐱\n")
        for _ in 0..<5_000 {
            let source = String((0..<Int.random(in: 0..<40, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? " " })
            if let expression = try? Expression(source, names: Self.names) { _ = try? expression.value(Self.values) }
        }
        for opening in ["(", "!", "[", "-", "true?"] {
            #expect(throws: ExpressionFault.self) { try Expression(String(repeating: opening, count: 700)) }
        }
        #expect(throws: ExpressionFault.self) { try Expression(String(repeating: "1+", count: 3_000) + "1") }
    }
}
