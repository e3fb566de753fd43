// Numbers that are computed from the columns of a file.

/// A number of each row of a file: a column, or what is computed from columns, `dph_total/num_gpus` or `price/1000*0.3`.
///
/// A text that is a column's name as it stands is that column. Anything else is made of numbers, columns, `+ - * /`, which
/// may be written `− × ÷`, and brackets; a name that is not made of letters, digits, points and underscores stands in quotes.
public struct ColumnExpression: Sendable {
    /// The expression as it was given.
    public let text: String
    /// The columns that it uses, by their places, each once; at least one.
    public let columns: [Int]
    /// The column that it is; nil where something is computed.
    public var column: Int? { if case .column(let index) = root { index } else { nil } }

    private let root: Node

    private indirect enum Node: Sendable {
        case number(Double)
        case column(Int)
        case negative(Node)
        case operation(UInt8, Node, Node)
    }

    /// Why a text is no expression, in words that need no full stop.
    public struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
        /// The words.
        public let description: String
    }

    /// Reads an expression of the columns of a file.
    ///
    /// - Throws: ``Fault``.
    public init(_ text: String, header: [String]) throws(Fault) {
        self.text = text
        if let index = header.firstIndex(of: text) {
            (columns, root) = ([index], .column(index))
            return
        }
        var parser = Parser(text: Array(text.unicodeScalars), header: header)
        root = try parser.all()
        guard !parser.columns.isEmpty else {
            throw Fault(description: "it has no column; the columns are \(Self.list(header))")
        }
        columns = parser.columns
    }

    /// The number in a row; nil where a column that it uses is empty.
    ///
    /// - Throws: ``InputError/badData(_:)`` for a field that is no number, and where the result is no finite number.
    public func value(in row: CSVRow) throws(InputError) -> Double? {
        if case .column(let index) = root { return try row.real(at: index) }
        guard let value = try Self.value(of: root, in: row) else { return nil }
        guard value.isFinite else {
            throw row.fault(at: columns[columns.count - 1], problem: "\(shownInMessage(text)) is no finite number here")
        }
        return value
    }

    private static func value(of node: Node, in row: CSVRow) throws(InputError) -> Double? {
        switch node {
        case .number(let value): return value
        case .column(let index): return try row.real(at: index)
        case .negative(let operand):
            guard let value = try value(of: operand, in: row) else { return nil }
            return -value
        case .operation(let sign, let left, let right):
            guard let a = try value(of: left, in: row), let b = try value(of: right, in: row) else { return nil }
            return switch sign {
            case UInt8(ascii: "+"): a + b
            case UInt8(ascii: "-"): a - b
            case UInt8(ascii: "*"): a * b
            default: a / b
            }
        }
    }

    fileprivate static func list(_ header: [String]) -> String {
        header.prefix(20).map(shownInMessage).joined(separator: ", ") + (header.count > 20 ? ", …" : "")
    }

    /// Reads an expression from left to right.
    private struct Parser {
        let text: [Unicode.Scalar]
        let header: [String]
        var index = 0
        var columns: [Int] = []
        /// How many brackets and signs are open.
        var depth = 0

        mutating func all() throws(Fault) -> Node {
            let node = try sum()
            guard index == text.count else {
                throw unexpected(
                    "; allowed: numbers, columns, + - * / and brackets, and other names of columns in quotes")
            }
            return node
        }

        private mutating func sum() throws(Fault) -> Node {
            var node = try product()
            while let sign = pass("+-−") { node = .operation(sign == "+" ? 0x2B : 0x2D, node, try product()) }
            return node
        }

        private mutating func product() throws(Fault) -> Node {
            var node = try factor()
            while let sign = pass("*/×÷") {
                node = .operation(sign == "*" || sign == "×" ? 0x2A : 0x2F, node, try factor())
            }
            return node
        }

        private mutating func factor() throws(Fault) -> Node {
            guard depth < 100 else {
                throw Fault(description: "it has more than 100 brackets and signs within each other")
            }
            depth += 1
            defer { depth -= 1 }
            if pass("-−") != nil { return .negative(try factor()) }
            if pass("(") != nil {
                let node = try sum()
                guard pass(")") != nil else { throw unexpected("; a bracket is open") }
                return node
            }
            guard index < text.count else { throw unexpected("; a number or a column is to follow") }
            let start = index
            if let mark = pass("\"'") {
                let name = text[index...].prefix { $0 != mark }
                index += name.count
                guard index < text.count else { throw Fault(description: "a quote is not closed") }
                index += 1
                return try column(String(String.UnicodeScalarView(name)))
            }
            if text[start].properties.numericType == .decimal || text[start] == "." {
                while index < text.count {
                    let next = text[index]
                    let isExponentSign =
                        (next == "-" || next == "+") && index > start && "eE".unicodeScalars.contains(text[index - 1])
                    guard
                        next.properties.numericType == .decimal || ".eE".unicodeScalars.contains(next) || isExponentSign
                    else { break }
                    index += 1
                }
                let digits = String(String.UnicodeScalarView(text[start..<index]))
                guard let value = Double(digits), value.isFinite else {
                    throw Fault(description: "\(shownInMessage(digits)) is no number")
                }
                return .number(value)
            }
            while index < text.count,
                text[index].properties.isAlphabetic || "_.".unicodeScalars.contains(text[index])
                    || (index > start && text[index].properties.numericType == .decimal)
            { index += 1 }
            guard index > start else { throw unexpected("; a number or a column is to stand there") }
            return try column(String(String.UnicodeScalarView(text[start..<index])))
        }

        private mutating func column(_ name: String) throws(Fault) -> Node {
            guard let place = header.firstIndex(of: name) else {
                let nearest = nearestName(to: name, among: header).map { "did you mean \(shownInMessage($0))? " } ?? ""
                throw Fault(
                    description: "there is no column \(shownInMessage(name)); \(nearest)the columns are "
                        + ColumnExpression.list(header))
            }
            if !columns.contains(place) { columns.append(place) }
            return .column(place)
        }

        /// Passes one of these characters, and the blanks before it.
        private mutating func pass(_ characters: String) -> Unicode.Scalar? {
            while index < text.count, text[index] == " " { index += 1 }
            guard index < text.count, characters.unicodeScalars.contains(text[index]) else { return nil }
            index += 1
            return text[index - 1]
        }

        private func unexpected(_ advice: String) -> Fault {
            guard index < text.count else { return Fault(description: "it ends too early" + advice) }
            return Fault(description: "\(shownInMessage(String(text[index]))) is not expected there" + advice)
        }
    }
}
