import Reporting
import RoleDynamics

/// The parameters of the market and of role dynamics in a YAML file: flat lines of `key: value` under the options'
/// names, each value read as its option reads it.
package struct MarketFile {
    /// The file, as messages name it.
    package let name: String
    /// The values of the parameters that the file gives.
    private(set) var values: [ParameterName: Double] = [:]
    /// The revision protocol; nil where the file gives none.
    private(set) var revisionProtocol: RevisionProtocol?
    /// The place of each key, under the name of its option.
    private var places: [String: YAMLPlace] = [:]

    /// The name of the option that is no number.
    package static let protocolName = "protocol"

    /// - Throws: `CommandFailure` with 66 where the file cannot be read, `InputError` where it cannot be used.
    package init(path: String, files: RunFiles) throws {
        let document: YAMLDocument
        do {
            document = try YAMLDocument(files.open("--market", path))
        } catch {
            guard case InputError.cannotRead(_, let reason) = error else { throw error }
            throw CommandFailure(.noInput, "Cannot read \(shownInMessage(path)) (--market): \(reason).")
        }
        try self.init(document)
    }

    package init(_ document: YAMLDocument) throws {
        name = document.name
        guard let root = document.root else { return }
        guard let entries = root.mapping else {
            throw document.fault(
                "found \(root.shown); a market file has lines such as beta: 0.7, a key, a colon, a blank and a value",
                at: root.place)
        }
        var keys: [String: String] = [:]
        for entry in entries { try add(entry, of: document, keys: &keys) }
    }

    /// - Parameter keys: the key that gave each option so far.
    private mutating func add(_ entry: YAMLEntry, of document: YAMLDocument, keys: inout [String: String]) throws {
        let key = entry.key
        let parameter = ParameterName(rawValue: key)
        let option = parameter?.short ?? key
        guard parameter != nil || key == Self.protocolName else {
            let known = ParameterName.allNames + [Self.protocolName]
            let nearest = nearestName(to: key, among: known).map { " (did you mean \($0)?)" } ?? ""
            throw document.fault(
                "the key \(shownInMessage(key)) is unknown\(nearest); known keys: \(known.joined(separator: ", "))",
                at: entry.place)
        }
        if let other = keys.updateValue(key, forKey: option) {
            throw document.fault("\(key) and \(other) give the same parameter; keep one of them", at: entry.place)
        }
        places[option] = entry.place
        let allowed = parameter?.allowed ?? RevisionProtocol.allCases.map(\.rawValue).joined(separator: ", ")
        func fault(_ problem: String) -> InputError {
            document.fault("\(key) \(problem); allowed: \(allowed)", at: entry.value.place)
        }
        guard let text = entry.value.text else {
            throw fault(entry.value.isLeftOut ? "has no value" : "is \(entry.value.shown)")
        }
        guard let parameter else {
            guard let known = RevisionProtocol(rawValue: text) else {
                let nearest = nearestName(to: text, among: RevisionProtocol.allCases.map(\.rawValue))
                throw fault("is \(shownInMessage(text))" + (nearest.map { "; did you mean \($0)?" } ?? ""))
            }
            revisionProtocol = known
            return
        }
        let value: Double
        do { value = try decimalNumber(text, allowed: allowed) } catch {
            throw document.fault("\(key) is \(shownInMessage(text)); \(error)", at: entry.value.place)
        }
        guard parameter.allows(value) else { throw fault("is \(formatShortest(value))") }
        values[parameter] = value
    }

    /// "FILE, line 3": where an option's value is given.
    package func place(of option: String) -> String { places[option].map { "\(name), line \($0.line)" } ?? name }
}
