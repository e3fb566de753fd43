import CommandRun

/// An SVG file as part of an HTML page, beside others of its kind.
///
/// Names that only one element of a page may have get a prefix, and what could run or load anything is left out: scripts,
/// handlers, links to elsewhere, foreign content.
struct InlineSVG {
    /// The `svg` element; nil where the file has none.
    let element: String?

    private static let dropped: Set<String> = [
        "script", "foreignobject", "iframe", "title", "desc", "style", "image", "a",
    ]

    /// - Parameters:
    ///   - text: the file.
    ///   - prefix: what its names begin with on this page.
    ///   - label: what the picture is, for those who do not see it.
    init(_ text: String, prefix: String, label: String) {
        var scanner = TagScanner(Array(text.utf8))
        var element = ""
        var open: [String] = []
        var isEnded = false
        // The name of an element that is left out with all that is in it, and how deeply it is nested in its like.
        var skipped: (name: String, depth: Int)?
        while !isEnded, let part = scanner.next() {
            switch part {
            case .text(let text):
                if skipped == nil, !open.isEmpty { element += text }
            case .start(let name, let attributes, let isEmpty):
                let key = name.lowercased()
                if let (skippedName, depth) = skipped {
                    if key == skippedName, !isEmpty { skipped = (skippedName, depth + 1) }
                    continue
                }
                if open.isEmpty, key != "svg" { continue }
                if Self.dropped.contains(key) {
                    if !isEmpty { skipped = (key, 1) }
                    continue
                }
                let isRoot = open.isEmpty
                var kept = attributes.compactMap { Self.kept($0.name, $0.value, prefix: prefix) }.joined()
                if isRoot { kept += " role=\"img\" aria-label=\"\(htmlText(label))\"" }
                element += "<\(name)\(kept)\(isEmpty ? "/" : "")>"
                if !isEmpty { open.append(name) }
            case .end(let name):
                if let (skippedName, depth) = skipped {
                    if name.lowercased() == skippedName { skipped = depth > 1 ? (skippedName, depth - 1) : nil }
                    continue
                }
                guard open.last == name else { continue }
                open.removeLast()
                element += "</\(name)>"
                isEnded = open.isEmpty
            }
        }
        for name in open.reversed() { element += "</\(name)>" }
        self.element = element.isEmpty ? nil : element
    }

    private static func kept(_ name: String, _ value: String, prefix: String) -> String? {
        let key = name.lowercased()
        if key.hasPrefix("on") || key == "role" || key.hasPrefix("aria-") { return nil }
        switch key {
        case "id": return " id=\"\(prefix)\(value)\""
        case "href", "xlink:href":
            return value.hasPrefix("#") ? " \(name)=\"#\(prefix)\(value.dropFirst())\"" : nil
        default:
            // Only names within the file may be referred to.
            let parts = value.split(separator: "url(", omittingEmptySubsequences: false)
            if parts.dropFirst().contains(where: { part in
                !(part.drop { " '\"".contains($0) }.hasPrefix("#"))
            }) {
                return nil
            }
            let renamed = value.split(separator: "#", omittingEmptySubsequences: false)
            guard parts.count > 1 else { return " \(name)=\"\(value)\"" }
            return " \(name)=\"\(renamed.joined(separator: "#\(prefix)"))\""
        }
    }
}

/// The tags and texts of an XML file, one after another; comments and declarations are left out.
private struct TagScanner {
    enum Part {
        case text(String)
        case start(String, [(name: String, value: String)], isEmpty: Bool)
        case end(String)
    }

    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> Part? {
        while place < bytes.count {
            guard bytes[place] == UInt8(ascii: "<") else {
                let start = place
                while place < bytes.count, bytes[place] != UInt8(ascii: "<") { place += 1 }
                return .text(escaped(String(decoding: bytes[start..<place], as: UTF8.self)))
            }
            if skip("<!--", to: "-->") || skip("<?", to: "?>") || skip("<![CDATA[", to: "]]>") || skip("<!", to: ">") {
                continue
            }
            return tag()
        }
        return nil
    }

    /// A text may hold `>`, which is harmless; a NUL is not passed on.
    private func escaped(_ text: String) -> String { String(text.unicodeScalars.filter { $0 != "\0" }) }

    private func starts(with text: String, at place: Int) -> Bool { bytes[place...].starts(with: text.utf8) }

    private mutating func skip(_ start: String, to end: String) -> Bool {
        guard starts(with: start, at: place) else { return false }
        place += start.utf8.count
        while place < bytes.count, !starts(with: end, at: place) { place += 1 }
        place = min(place + end.utf8.count, bytes.count)
        return true
    }

    private mutating func tag() -> Part {
        place += 1
        let isEnd = place < bytes.count && bytes[place] == UInt8(ascii: "/")
        if isEnd { place += 1 }
        let name = word()
        var attributes: [(name: String, value: String)] = []
        var isEmpty = false
        while place < bytes.count, bytes[place] != UInt8(ascii: ">") {
            let before = place
            let attribute = word()
            skipBlanks()
            if place < bytes.count, bytes[place] == UInt8(ascii: "="), !attribute.isEmpty {
                place += 1
                skipBlanks()
                attributes.append((attribute, value()))
            } else if place < bytes.count, bytes[place] != UInt8(ascii: ">") {
                isEmpty = bytes[place] == UInt8(ascii: "/")
                if place == before || isEmpty { place += 1 }
            }
        }
        place = min(place + 1, bytes.count)
        return isEnd ? .end(name) : .start(name, attributes, isEmpty: isEmpty)
    }

    private mutating func word() -> String {
        let start = place
        func isPart(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "-_:.".utf8.contains(byte)
        }
        while place < bytes.count, isPart(bytes[place]) { place += 1 }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func skipBlanks() {
        while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
    }

    private mutating func value() -> String {
        guard place < bytes.count, [UInt8(ascii: "\""), UInt8(ascii: "'")].contains(bytes[place]) else { return word() }
        let quote = bytes[place]
        place += 1
        let start = place
        while place < bytes.count, bytes[place] != quote { place += 1 }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        place = min(place + 1, bytes.count)
        return text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "&quot;")
    }
}
