// "Did you mean …?"

/// The one of `names` that `name` is probably a misspelling of, or nil where none is near enough.
///
/// Nearness is the number of insertions, deletions, substitutions and swaps of neighbours (the restricted
/// Damerau–Levenshtein distance), upper and lower case being alike. Up to 1 is near for names of three letters or
/// fewer, and up to 2 or a third of the length for longer ones, but never the whole name. Of equally near names the
/// first wins.
public func nearestName(to name: String, among names: [String]) -> String? {
    let wanted = Array(name.lowercased())
    let limit = wanted.count <= 3 ? 1 : max(2, wanted.count / 3)
    var best: (name: String, distance: Int)?
    for candidate in names {
        let letters = Array(candidate.lowercased())
        guard abs(letters.count - wanted.count) <= limit else { continue }
        let distance = editDistance(wanted, letters)
        guard distance <= limit, distance < max(wanted.count, 1), distance < best?.distance ?? Int.max else { continue }
        best = (candidate, distance)
    }
    return best?.name
}

private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 0..<a.count {
        var row = [i + 1]
        row.reserveCapacity(b.count + 1)
        for j in 0..<b.count {
            var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
            row.append(cost)
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}
