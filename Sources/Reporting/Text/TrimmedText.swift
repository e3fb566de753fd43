// Text without the blanks around it.

/// A field without the blanks and tabs around it.
func trimmed(_ field: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var (start, end) = (0, field.count)
    func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    while start < end, isBlank(field[start]) { start += 1 }
    while start < end, isBlank(field[end - 1]) { end -= 1 }
    return UnsafeBufferPointer(rebasing: field[start..<end])
}

extension String {
    /// The text without the blanks and tabs around it.
    var trimmingBlanks: String {
        var text = self
        return text.withUTF8 { String(decoding: trimmed($0), as: UTF8.self) }
    }
}
