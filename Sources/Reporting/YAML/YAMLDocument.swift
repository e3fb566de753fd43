// A YAML file, read whole.

import CYAML

/// What a YAML file holds: one document of text, lists, and keys with values.
///
/// Read by the events of libyaml, without its composer: anchors, aliases, tags, directives and a second document are
/// refused where they stand, and nesting deeper than ``mostDepth`` is. So no file can take more than a time and a memory
/// proportional to its size. Keys are text, and equal if they are canonically equivalent as Unicode.
public struct YAMLDocument: Sendable, Equatable {
    /// The file, as messages name it.
    public let name: String
    /// What it holds; nil for a file of blanks and comments.
    public let root: YAMLNode?

    /// How deeply lists and keys may be nested.
    public static let mostDepth = 64
    /// The most bytes of a file.
    public static let mostBytes = 1 << 24

    /// Reads a file of at most ``mostBytes``.
    ///
    /// - Parameter path: the file; `-` and `/dev/stdin` are standard input.
    /// - Throws: ``InputError``.
    public init(path: String) throws(InputError) { try self.init(InputBytes(path: path)) }

    /// Reads an open file of at most ``mostBytes``.
    ///
    /// - Throws: ``InputError``.
    public init(_ input: InputBytes) throws(InputError) {
        let bytes = try input.readAll(atMost: Self.mostBytes + 1)
        guard bytes.count <= Self.mostBytes else {
            throw .tooLong(file: input.name, bytes: Self.mostBytes)
        }
        try self.init(bytes: bytes, name: input.name)
    }

    /// Reads a file that is in memory.
    ///
    /// - Parameters:
    ///   - bytes: the whole file, UTF-8 with or without a byte-order mark.
    ///   - name: how messages name it.
    /// - Throws: ``InputError``.
    public init(bytes: [UInt8], name: String) throws(InputError) {
        self.name = name
        var builder = YAMLBuilder()
        if let fault = builder.read(bytes) { throw Self.fault(fault.problem, at: fault.place, of: name) }
        root = builder.root
    }

    /// An error of this file: `FILE, line 2, column 7: …`.
    ///
    /// - Parameters:
    ///   - problem: what is wrong, what is allowed, what to do, without a full stop.
    ///   - place: where.
    public func fault(_ problem: String, at place: YAMLPlace) -> InputError {
        Self.fault(problem, at: place, of: name)
    }

    private static func fault(_ problem: String, at place: YAMLPlace, of name: String) -> InputError {
        .badData(
            BadData(file: name, line: place.line, column: place.column, problem: problem, isRecoverable: false))
    }
}

/// Makes the tree of a document from libyaml's events.
private struct YAMLBuilder {
    /// What is wrong, and where.
    struct Fault {
        let problem: String
        let place: YAMLPlace
    }

    /// A list, or keys with values, that has not ended.
    private struct Frame {
        let place: YAMLPlace
        let isMapping: Bool
        var nodes: [YAMLNode] = []
        var entries: [YAMLEntry] = []
        /// The key whose value comes next.
        var key: (text: String, place: YAMLPlace)?
        /// The lines of the keys so far.
        var lines: [String: Int] = [:]
    }

    private(set) var root: YAMLNode?
    private var documents = 0
    private var stack: [Frame] = []

    /// Reads a whole file; nil where nothing is wrong.
    mutating func read(_ bytes: [UInt8]) -> Fault? {
        if bytes.isEmpty { return nil }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return Fault(problem: "this is UTF-16; save the file as UTF-8", place: YAMLPlace(line: 1, column: 1))
        }
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        defer { parser.deallocate() }
        guard yaml_parser_initialize(parser) == 1 else { return Self.outOfMemory }
        defer { yaml_parser_delete(parser) }
        return bytes.withUnsafeBufferPointer { buffer in
            yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
            while true {
                var event = yaml_event_t()
                guard yaml_parser_parse(parser, &event) == 1 else { return Self.fault(of: parser.pointee, in: buffer) }
                defer { yaml_event_delete(&event) }
                if event.type == YAML_STREAM_END_EVENT { return nil }
                if let fault = take(event) { return fault }
            }
        }
    }

    private mutating func take(_ event: yaml_event_t) -> Fault? {
        let place = YAMLPlace(event.start_mark)
        switch event.type {
        case YAML_DOCUMENT_START_EVENT:
            let start = event.data.document_start
            if start.version_directive != nil || start.tag_directives.start != start.tag_directives.end {
                return Fault(problem: "directives such as %YAML are not used here; leave the line out", place: place)
            }
            documents += 1
            guard documents == 1 else {
                return Fault(problem: "a second document begins here; a file holds one", place: place)
            }
            return nil
        case YAML_ALIAS_EVENT:
            return Fault(problem: "an alias such as *name is not used here; write the value itself", place: place)
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            if let fault = Self.refused(anchor: scalar.anchor, tag: scalar.tag, at: place) { return fault }
            let text = String(
                decoding: UnsafeRawBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            return add(YAMLNode(.scalar(text, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE), place: place))
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            return Self.refused(anchor: start.anchor, tag: start.tag, at: place) ?? open(isMapping: false, at: place)
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            return Self.refused(anchor: start.anchor, tag: start.tag, at: place) ?? open(isMapping: true, at: place)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            guard let frame = stack.popLast() else { return nil }
            return add(
                YAMLNode(frame.isMapping ? .mapping(frame.entries) : .sequence(frame.nodes), place: frame.place))
        default:
            return nil
        }
    }

    private static func refused(
        anchor: UnsafePointer<yaml_char_t>?, tag: UnsafePointer<yaml_char_t>?, at place: YAMLPlace
    )
        -> Fault?
    {
        if anchor != nil {
            return Fault(problem: "an anchor such as &name is not used here; write the value itself", place: place)
        }
        if tag != nil {
            return Fault(problem: "a tag such as !!str is not used here; leave it out", place: place)
        }
        return nil
    }

    private mutating func open(isMapping: Bool, at place: YAMLPlace) -> Fault? {
        if let last = stack.last, last.isMapping, last.key == nil {
            return Fault(problem: "a key is text; a list or keys with values cannot be one", place: place)
        }
        guard stack.count < YAMLDocument.mostDepth else {
            return Fault(
                problem: "this is nested more than \(YAMLDocument.mostDepth) deep; write it flatter", place: place)
        }
        stack.append(Frame(place: place, isMapping: isMapping))
        return nil
    }

    /// Adds a value, or the key of one, to what is open.
    private mutating func add(_ node: YAMLNode) -> Fault? {
        let top = stack.count - 1
        guard top >= 0 else {
            // A document of blanks and comments between `---` and `...` is a value left out.
            if !node.isLeftOut { root = node }
            return nil
        }
        guard stack[top].isMapping else {
            stack[top].nodes.append(node)
            return nil
        }
        if let key = stack[top].key {
            stack[top].entries.append(YAMLEntry(key: key.text, place: key.place, value: node))
            stack[top].key = nil
            return nil
        }
        guard case .scalar(let text, _) = node.content, !node.isLeftOut else {
            return Fault(problem: "a key is missing before the colon", place: node.place)
        }
        if let line = stack[top].lines.updateValue(node.place.line, forKey: text) {
            return Fault(
                problem: "the key \(shownInMessage(text)) is in line \(line) already; keep one of them",
                place: node.place)
        }
        stack[top].key = (text, node.place)
        return nil
    }

    private static let outOfMemory = Fault(
        problem: "there is not enough memory to read it", place: YAMLPlace(line: 1, column: 1))

    // MARK: - What libyaml refuses, in words

    private static func fault(of parser: yaml_parser_t, in bytes: UnsafeBufferPointer<UInt8>) -> Fault {
        let problem = parser.problem.map { String(cString: $0) } ?? ""
        let context = parser.context.map { String(cString: $0) } ?? ""
        if parser.error == YAML_MEMORY_ERROR { return outOfMemory }
        if parser.error == YAML_READER_ERROR {
            let place = place(ofByte: Int(parser.problem_offset), in: bytes)
            return problem.contains("control")
                ? Fault(problem: "a control character cannot stand in YAML; take it out", place: place)
                : Fault(problem: "this is no UTF-8 text; save the file as UTF-8", place: place)
        }
        let place = YAMLPlace(parser.problem_mark)
        let start = YAMLPlace(parser.context_mark)
        let begun = "that begins in line \(start.line), column \(start.column)"
        switch problem {
        case "found unexpected end of stream" where context.contains("quoted"):
            return Fault(problem: "the quoted text that begins here has no closing quote", place: start)
        case "found unexpected document indicator":
            return Fault(problem: "the quoted text \(begun) must end before --- or ...", place: place)
        case "did not find expected ',' or ']'":
            return Fault(problem: "the list \(begun) needs a comma or ] here", place: place)
        case "did not find expected ',' or '}'":
            return Fault(problem: "the list in braces \(begun) need a comma or } here", place: place)
        case "did not find expected key":
            return Fault(
                problem: place == start
                    ? "a key is expected here"
                    : "a key is expected here, as far in as the first one, in line \(start.line), column \(start.column)",
                place: place)
        case "did not find expected '-' indicator":
            return Fault(problem: "an entry with - is expected here, as far in as the list \(begun)", place: place)
        case "did not find expected node content":
            return Fault(problem: "a value is expected here", place: place)
        case "did not find expected <document start>":
            return Fault(problem: "a key, or a value, cannot stand here after what came before", place: place)
        case "mapping values are not allowed in this context":
            return Fault(
                problem: "a key cannot stand here: check the indentation, and put text that has a colon and a blank "
                    + "in quotes", place: place)
        case "block sequence entries are not allowed in this context":
            return Fault(problem: "an entry of a list cannot begin here; give it a line of its own", place: place)
        case "could not find expected ':'":
            return Fault(problem: "this key needs a colon and a blank behind it: key: value", place: start)
        case "found character that cannot start any token":
            let character = character(at: Int(parser.problem_mark.index), in: bytes)
            return character == "\t"
                ? Fault(problem: "a tab cannot indent; use blanks", place: place)
                : Fault(
                    problem: "a value cannot begin with \(shownInMessage(character ?? "")); put it in quotes",
                    place: place)
        case "found a tab character that violates indentation",
            "found a tab character where an indentation space is expected":
            return Fault(problem: "a tab cannot indent; use blanks", place: place)
        case "found unknown escape character":
            return Fault(
                problem: "\\ begins an escape in double quotes, and this is none; use single quotes, or \\\\",
                place: place)
        default:
            let whole = context.isEmpty ? problem : "\(context) \(begun), \(problem)"
            return Fault(problem: "this is no YAML: \(whole)", place: place)
        }
    }

    /// The place of a byte, by counting.
    private static func place(ofByte offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> YAMLPlace {
        let before = bytes.prefix(max(offset, 0))
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let start =
            before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }
            ?? (before.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        // Bytes that go on with a character begin with the bits 10.
        return YAMLPlace(line: line, column: before[min(start, before.endIndex)...].count { $0 & 0xC0 != 0x80 } + 1)
    }

    /// The character with this number, from 0.
    private static func character(at index: Int, in bytes: UnsafeBufferPointer<UInt8>) -> String? {
        let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars.drop { $0 == "\u{FEFF}" }
        return scalars.dropFirst(index).first.map { String(Character($0)) }
    }
}

extension YAMLPlace {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
    }
}
