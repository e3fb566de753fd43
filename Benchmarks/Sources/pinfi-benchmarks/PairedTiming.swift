// Times of two pieces of work that alternate.
import Foundation

/// What a piece of work took.
struct Cost {
    /// From start to end, by a clock that never goes back.
    var seconds: Double
    /// Of all of the process's threads together: more than `seconds` where several work, less where they wait.
    var cpuSeconds: Double
}

/// The cost of `work`, whose result is let go only when the time has been taken.
func cost<Result>(of work: () throws -> Result) rethrows -> Cost {
    let clock = ContinuousClock()
    let cpuStart = reading(CLOCK_PROCESS_CPUTIME_ID)
    let start = clock.now
    let result = try work()
    let taken = (clock.now - start).components
    let cpu = reading(CLOCK_PROCESS_CPUTIME_ID) - cpuStart
    return withExtendedLifetime(result) {
        Cost(seconds: Double(taken.seconds) + Double(taken.attoseconds) * 1e-18, cpuSeconds: cpu)
    }
}

private func reading(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Costs of ours and of the peer, a pair an index. Without a peer there are only ours.
struct PairedCosts {
    var ours: [Cost] = []
    var peer: [Cost] = []

    /// Runs ours and the peer in turn, ours first; the first `warmUps` pairs do not count.
    ///
    /// Both return their own cost, so that they can prepare and clean up outside of it; nil says that there is no peer.
    init(warmUps: Int = 2, pairs: Int, ours: () throws -> Cost, peer: () throws -> Cost?) rethrows {
        for pair in 0..<warmUps + pairs {
            let cost = try ours()
            let peerCost = try peer()
            guard pair >= warmUps else { continue }
            self.ours.append(cost)
            if let peerCost { self.peer.append(peerCost) }
        }
    }

    /// Ours over the peer's, pair by pair.
    func ratios(_ quantity: (Cost) -> Double = \.seconds) -> [Double] {
        zip(ours, peer).map { quantity($0) / quantity($1) }
    }

    /// The median of ours, in seconds.
    var seconds: Double { median(ours.map(\.seconds)) }
}

/// The middle one of the sorted values, or the mean of the two in the middle; NaN of none.
func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return .nan }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}
