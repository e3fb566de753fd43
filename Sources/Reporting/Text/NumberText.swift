// Numbers as text.
import CNumberFormat

/// The shortest decimal that reads back to the same double: the same digits as in the CSV.
///
/// What is not finite gives `nan`, `inf` or `-inf`.
public func formatShortest(_ x: Double) -> String {
    numberText { pinfi_write_double($0, x) }
}

/// `x` to a number of significant digits (1 … 17), for people to read.
public func formatRounded(_ x: Double, digits: Int = 6) -> String {
    numberText { pinfi_write_rounded($0, x, Int32(min(max(digits, 1), 17))) }
}

private func numberText(_ write: (UnsafeMutablePointer<CChar>) -> UnsafeMutablePointer<CChar>?) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PINFI_NUMBER_CHARACTERS)) { characters in
        guard let start = characters.baseAddress, let end = write(start) else { return "" }
        return String(decoding: UnsafeRawBufferPointer(start: start, count: end - start), as: UTF8.self)
    }
}
