import Foundation

/// The two sides of `NAME=…`, without blanks around them.
struct NamedValue {
    let name: String
    let value: String

    /// nil without an equals sign.
    init?(_ text: some StringProtocol) {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        guard halves.count == 2 else { return nil }
        (name, value) = (halves[0], halves[1])
    }
}
