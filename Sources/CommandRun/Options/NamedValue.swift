import Foundation

/// The two sides of `NAME=…`, without blanks around them.
package struct NamedValue {
    package let name: String
    package let value: String

    /// nil without an equals sign.
    package init?(_ text: some StringProtocol) {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        guard halves.count == 2 else { return nil }
        (name, value) = (halves[0], halves[1])
    }
}
