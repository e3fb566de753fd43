// Each word of a column once.
import Glibc

/// Gives each different word a code, 1, 2, … in the order in which they come. Words differ where their bytes do.
///
/// A `Dictionary` of strings was rejected: to it, two spellings of the same characters are equal.
struct WordTable: Sendable {
    private var bytes: [UInt8] = []
    /// Word c is `bytes[starts[c - 1] ..< starts[c]]`.
    private var starts = [0]
    /// Codes, each at or after the place that its hash gives; 0 is free.
    private var slots = [Int](repeating: 0, count: 64)
    private var last = 0

    /// All codes.
    var codes: Range<Int> { 1..<starts.count }

    /// The number of different words, which is the largest code.
    var count: Int { starts.count - 1 }

    /// The word's code; a new one where it has not been seen.
    mutating func code(of word: UnsafeBufferPointer<UInt8>) -> Int {
        // Tidy data repeats many words from row to row.
        if last > 0, isWord(last, word) { return last }
        var slot = slot(of: word)
        if slots[slot] == 0 {
            bytes.append(contentsOf: word)
            starts.append(bytes.count)
            slots[slot] = count
            last = count
            if 2 * count > slots.count {
                grow()
            }
            return last
        }
        slot = slots[slot]
        last = slot
        return slot
    }

    /// The word's code; a new one where it has not been seen.
    mutating func code(of word: String) -> Int {
        var word = word
        return word.withUTF8 { code(of: $0) }
    }

    /// The word's code; nil where it has not been seen.
    func knownCode(of word: UnsafeBufferPointer<UInt8>) -> Int? {
        let code = slots[slot(of: word)]
        return code == 0 ? nil : code
    }

    /// Calls `body` with the bytes of a word.
    func withBytes<Result>(of code: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[starts[code - 1]..<starts[code]])) }
    }

    /// A word as text.
    func text(of code: Int) -> String { withBytes(of: code) { String(decoding: $0, as: UTF8.self) } }

    private func isWord(_ code: Int, _ word: UnsafeBufferPointer<UInt8>) -> Bool {
        guard starts[code] - starts[code - 1] == word.count else { return false }
        return withBytes(of: code) { known in
            guard let first = known.baseAddress, let second = word.baseAddress else { return true }
            return memcmp(first, second, word.count) == 0
        }
    }

    /// Where the word's code is, or is to be.
    private func slot(of word: UnsafeBufferPointer<UInt8>) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(word))
        var slot = hasher.finalize() & (slots.count - 1)
        while slots[slot] != 0, !isWord(slots[slot], word) { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }

    private mutating func grow() {
        slots = [Int](repeating: 0, count: 2 * slots.count)
        for code in 1...count { slots[withBytes(of: code) { slot(of: $0) }] = code }
    }
}
