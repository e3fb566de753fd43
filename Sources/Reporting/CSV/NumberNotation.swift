// How numbers are written in a file.
import CNumberFormat

/// How numbers are written.
public enum NumberNotation: Sendable, Equatable {
    /// With a decimal point: `1234.5`, `-1e-3`.
    case plain
    /// With a decimal point and commas, blanks or apostrophes between groups of three digits: `1,234.5`.
    case groupedPoint
    /// With a decimal comma and points, blanks or apostrophes between groups of three digits: `1.234,5`, `-3,41`.
    case groupedComma

    /// A field as a finite number; blanks around it are allowed.
    ///
    /// Groups are all of three digits but the first, which has one to three and does not begin with 0, and all of one
    /// separator: a point that is meant as a decimal point is not taken for anything else, unless three digits stand behind
    /// it.
    func read(_ field: UnsafeBufferPointer<UInt8>) -> NumberReading {
        guard self != .plain else { return readNumber(field) }
        guard let plain = plainText(trimmed(field)) else { return .noNumber }
        return plain.withUnsafeBufferPointer { readNumber($0) }
    }

    /// The same number with a decimal point and without groups; nil where the groups are none.
    func plainText(_ field: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        let comma = UInt8(ascii: ",")
        let point = UInt8(ascii: ".")
        let (decimal, other) = self == .groupedComma ? (comma, point) : (point, comma)
        var plain: [UInt8] = []
        plain.reserveCapacity(field.count)
        // The digits since the last separator, and the separator of this number.
        var (digits, isWhole, index) = (0, true, 0)
        var separator: ArraySlice<UInt8> = []
        var firstDigit: UInt8 = 0
        while index < field.count {
            let byte = field[index]
            if isDigit(byte) {
                if plain.last.map({ !isDigit($0) }) ?? true { firstDigit = isWhole ? byte : firstDigit }
                plain.append(byte)
                digits += 1
                index += 1
            } else if byte == decimal {
                guard isWhole, separator.isEmpty || digits == 3 else { return nil }
                isWhole = false
                plain.append(point)
                index += 1
            } else if let length = Self.separatorLength(field, at: index, other: other) {
                let found = Array(field[index..<index + length])[...]
                guard isWhole,
                    separator.isEmpty ? (1...3).contains(digits) && firstDigit != UInt8(ascii: "0") : digits == 3,
                    separator.isEmpty || separator.elementsEqual(found)
                else { return nil }
                separator = found
                digits = 0
                index += length
            } else if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
                plain.append(byte)
                index += 1
            } else {
                // An exponent, or nothing of a number; what follows is taken as it stands.
                guard separator.isEmpty || !isWhole || digits == 3 else { return nil }
                return plain + field[index...]
            }
        }
        guard separator.isEmpty || !isWhole || digits == 3 else { return nil }
        return plain
    }

    /// The length of the separator between groups of digits that stands there: a blank, a no-break space or a narrow one, an
    /// apostrophe, or whichever of point and comma is not the decimal sign.
    private static func separatorLength(_ field: UnsafeBufferPointer<UInt8>, at index: Int, other: UInt8) -> Int? {
        switch field[index] {
        case other, UInt8(ascii: " "), UInt8(ascii: "'"): return 1
        case 0xC2 where index + 1 < field.count && field[index + 1] == 0xA0: return 2
        case 0xE2
        where index + 2 < field.count && field[index + 1] == 0x80 && [0x89, 0xAF, 0x99].contains(field[index + 2]):
            return 3
        default: return nil
        }
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
