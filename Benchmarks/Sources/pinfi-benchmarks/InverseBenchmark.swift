import CBoostPeer
import CPeers
import DissipativeMarket
import Foundation
import Parallelism
import Reporting

/// Λ of m with m − 1 log-uniform in 1e−12 … 1e6, against Boost's `lambert_wm1` used naively, and the accuracy of both.
struct InverseBenchmark {
    private let m: [Double]
    private let excesses: [Double]
    private let boost: String?

    init(count: Int) {
        var random = SplitMix(seed: 1)
        let low = log(1e-12)
        let high = log(1e6)
        excesses = (0..<count).map { _ in exp(low + (high - low) * random.nextUnit()) }
        m = excesses.map { 1 + $0 }
        let version = String(cString: peer_boost_version())
        boost = version.isEmpty ? nil : version
    }

    private var peerName: String {
        boost.map { "Boost \($0), lambert_wm1" } ?? "skipped: built without Boost (run Benchmarks/prepare)"
    }

    func rows(threads: Int, pairs: Int) -> [BenchmarkRow] {
        let count = Double(m.count)
        func perValue(_ costs: PairedCosts, _ count: Double) -> String {
            formatRounded(1e9 * costs.seconds / count, digits: 3) + " ns a value"
        }
        let arrays = PairedCosts(pairs: pairs) {
            cost { InverseLogarithmicMean.values(m, threads: threads) }
        } peer: {
            boost == nil ? nil : cost { naive(m, threads: threads) }
        }
        let fromExcess = PairedCosts(pairs: pairs) {
            cost { InverseLogarithmicMean.excesses(excesses, threads: threads) }
        } peer: {
            nil
        }
        var rows = [
            BenchmarkRow(
                "lambda", threads: threads, costs: arrays, peer: peerName, rate: perValue(arrays, count)),
            BenchmarkRow(
                "lambda-excesses", threads: threads, costs: fromExcess, peer: "", rate: perValue(fromExcess, count)),
        ]
        if threads == 1 {
            let some = Array(m.prefix(1_000_000))
            let scalar = PairedCosts(pairs: pairs) {
                cost { some.map(InverseLogarithmicMean.value) }
            } peer: {
                boost == nil ? nil : cost { naive(some, threads: 1) }
            }
            rows.append(
                BenchmarkRow(
                    "lambda-scalar", threads: 1, costs: scalar, peer: peerName,
                    rate: perValue(scalar, Double(some.count))))
        }
        return rows
    }

    /// The worst errors over a tenth of the values, in sentences.
    func accuracy() -> [String] {
        let some = stride(from: 0, to: m.count, by: 10).map { m[$0] }
        var sentences = [
            sentence("InverseLogarithmicMean.values", InverseLogarithmicMean.values(some), of: some),
            sentence("InverseLogarithmicMean.value", some.map(InverseLogarithmicMean.value), of: some),
        ]
        if let boost {
            sentences.append(sentence("Boost \(boost) used naively", naive(some, threads: 1).array, of: some))
        }
        return sentences
    }

    private func sentence(_ name: String, _ x: [Double], of m: [Double]) -> String {
        let accuracy = peer_inverse_accuracy(m, x, m.count)
        guard accuracy.worst_ulps >= 0 else { return "\(name): not measured, for want of a longer long double" }
        let worst = formatRounded(accuracy.worst_ulps, digits: 3)
        let place = "at m − 1 = " + formatRounded(accuracy.worst_at - 1, digits: 3)
        let failures = accuracy.not_finite == 0 ? "" : "; \(accuracy.not_finite) values are not finite"
        return "\(name): worst error of \(m.count) values \(worst) ulp, \(place)\(failures)"
    }

    /// The same chunks from the same helper into memory that is new each time, as ours does.
    private func naive(_ m: [Double], threads: Int) -> Values {
        let values = Values(count: m.count)
        forEachChunk(of: values.buffer, chunkSize: 4096, threads: threads) { start, chunk in
            m.withUnsafeBufferPointer { m in
                guard let source = m.baseAddress, let target = chunk.baseAddress else { return }
                peer_boost_inverse(source + start, target, chunk.count)
            }
        }
        return values
    }
}

/// Memory that is not cleared first and is let go with the value.
private final class Values {
    let buffer: UnsafeMutableBufferPointer<Double>

    init(count: Int) { buffer = .allocate(capacity: count) }

    deinit { buffer.deallocate() }

    var array: [Double] { Array(buffer) }
}

/// SplitMix64: the same numbers in every run.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A double of 53 random bits in 0 ..< 1.
    mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
