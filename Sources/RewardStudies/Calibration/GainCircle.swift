/// The time of a history as a circle, with whether each of several policies does better than another, worse, or alike.
struct GainCircle: Sendable {
    /// Where each part ends on the circle.
    private let ends: [UInt64]
    /// The integral of each policy's gain up to the beginning of each part, and over all.
    private let integrals: [[Int64]]
    let length: UInt64

    /// - Parameter gains: 1, 0 or −1 of each policy in each part.
    init(durations: [UInt64], gains: [[Int]]) {
        var sum: UInt64 = 0
        ends = durations.map {
            sum += $0
            return sum
        }
        length = sum
        integrals = gains.map { gains in
            var sum: Int64 = 0
            return [0]
                + zip(gains, durations).map { gain, duration in
                    sum += Int64(gain) * Int64(duration)
                    return sum
                }
        }
    }

    /// The integral of each policy's gain over blocks, each from a moment that is uniform on the circle, that are together as
    /// long as the circle; the last one is cut short.
    func draw(block: UInt64, using generator: inout some RandomNumberGenerator) -> [Int64] {
        var sums = [Int64](repeating: 0, count: integrals.count)
        var left = length
        while left > 0 {
            let part = min(block, left)
            left -= part
            let start = UInt64.random(in: 0..<length, using: &generator)
            let wraps = part > length - start
            let from = place(of: start)
            let to = place(of: wraps ? part - (length - start) : start + part)
            for policy in integrals.indices {
                sums[policy] += integral(policy, to) - integral(policy, from)
                if wraps { sums[policy] += integrals[policy][ends.count] }
            }
        }
        return sums
    }

    /// The part that a moment lies in, and how far behind its beginning.
    private func place(of moment: UInt64) -> (part: Int, rest: UInt64) {
        var (low, high) = (0, ends.count)
        while low < high {
            let middle = (low + high) / 2
            if ends[middle] > moment { high = middle } else { low = middle + 1 }
        }
        return (low, moment - (low > 0 ? ends[low - 1] : 0))
    }

    private func integral(_ policy: Int, _ place: (part: Int, rest: UInt64)) -> Int64 {
        let start = integrals[policy][place.part]
        guard place.rest > 0 else { return start }
        return start + (integrals[policy][place.part + 1] - start).signum() * Int64(place.rest)
    }
}
