// The fast shortest decimals against the standard library's.
import CNumberFormat
import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite struct ShortestDecimalTests {
    private func bytes(_ write: (UnsafeMutablePointer<CChar>) -> UnsafeMutablePointer<CChar>?) -> [UInt8] {
        let room = Int(PINFI_NUMBER_CHARACTERS)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: room + 8) { buffer in
            guard let start = buffer.baseAddress else { return [] }
            // Beyond its room nothing may be touched.
            for index in 0..<8 { buffer[room + index] = 0x55 }
            guard let end = write(start), end - start <= room else { return [] }
            guard (0..<8).allSatisfy({ buffer[room + $0] == 0x55 }) else { return [] }
            return (0..<(end - start)).map { UInt8(bitPattern: buffer[$0]) }
        }
    }

    private func check(_ value: Double, sourceLocation: SourceLocation = #_sourceLocation) {
        let fast = bytes { pinfi_write_double($0, value) }
        let standard = bytes { pinfi_write_double_standard($0, value) }
        if fast != standard || fast.isEmpty {
            let (wrong, right) = (String(decoding: fast, as: UTF8.self), String(decoding: standard, as: UTF8.self))
            Issue.record("bits \(value.bitPattern): \(wrong), not \(right)", sourceLocation: sourceLocation)
        }
    }

    /// All magnitudes, the unit interval, what people write, whole numbers, and every power of two.
    @Test func sameBytesAsTheStandardLibrary() {
        var generator = SeededGenerator(seed: 31)
        for _ in 0..<300_000 {
            let value = Double(bitPattern: generator.next())
            if value.isFinite { check(value) }
            check(generator.uniform(-2...2))
            check(generator.logUniform(-30...20))
            check((generator.uniform(0...1e6)).rounded() / 1000)
            check(Double(generator.next() >> UInt64.random(in: 0..<64, using: &generator)))
        }
        for exponent in -1074...1023 {
            let power = Double(sign: .plus, exponent: exponent, significand: 1)
            for value in [power, power.nextUp, power.nextDown, -power] { check(value) }
        }
        var decimal = 1e-30
        for _ in 0..<60 {
            for factor in [1, 2, 5, 9, 9.5, 9.999999999999999] { check(decimal * factor) }
            decimal *= 10
        }
        for value in [0, -0.0, 5e-324, 1.7976931348623157e308, 9_007_199_254_740_991, 9_007_199_254_740_992, 0.1 + 0.2]
        {
            check(value)
        }
    }
}
