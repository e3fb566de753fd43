// SHA-256 against the examples of FIPS 180-4 and its own pieces.
import TestSupport
import Testing

@testable import Reporting

@Suite struct SHA256Tests {
    private func hash(_ bytes: [UInt8], pieces: [Int] = []) -> String? {
        var hash = SHA256()
        var rest = bytes[...]
        for count in pieces + [bytes.count] {
            rest.prefix(count).withUnsafeBytes { hash.update($0) }
            rest = rest.dropFirst(count)
        }
        return hash.hexadecimal
    }

    /// The published examples: one block, two blocks, a million letters, and nothing.
    @Test(arguments: [
        ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ), ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ])
    func published(text: String, count: Int, digest: String) {
        #expect(hash(Array(String(repeating: text, count: count).utf8)) == digest)
    }

    @Test func piecesDoNotMatter() {
        var generator = SeededGenerator(seed: 4)
        let bytes = (0..<5000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let whole = hash(bytes)
        for _ in 0..<50 {
            let pieces = (0..<40).map { _ in Int.random(in: 0...130, using: &generator) }
            #expect(hash(bytes, pieces: pieces) == whole)
        }
    }

    @Test func goesOnAfterItWasRead() {
        var growing = SHA256()
        [UInt8](arrayLiteral: 97).withUnsafeBytes { growing.update($0) }
        #expect(growing.hexadecimal == hash([97]))
        [UInt8](arrayLiteral: 98, 99).withUnsafeBytes { growing.update($0) }
        #expect(growing.hexadecimal == hash([97, 98, 99]))
    }
}
