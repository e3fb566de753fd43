import Parallelism

/// The quantities of many points: given one column a parameter, it fills one column a quantity. What it cannot compute is
/// NaN there. It is called from several threads.
public typealias BatchModel<Failure: Error> =
    @Sendable (
        _ parameters: [UnsafeBufferPointer<Double>], _ quantities: [UnsafeMutableBufferPointer<Double>]
    ) throws(Failure) -> Void

/// Points that are evaluated together: a few columns of them stay in the second-level cache.
let pointsAtOnce = 2048

extension PointSet {
    /// The quantities at every point, one array a quantity, in the order of the points.
    ///
    /// - Parameters:
    ///   - quantities: how many there are.
    ///   - threads: the most that are used; the result does not depend on it.
    ///   - model: computes them.
    /// - Throws: the error of the first point's model that throws.
    public func evaluate<Failure: Error>(
        quantities: Int = 1, threads: Int = availableProcessors, model: BatchModel<Failure>
    ) throws(Failure) -> [[Double]] {
        try fillQuantities(quantities, count: count) { outputs throws(Failure) in
            nonisolated(unsafe) let outputs = outputs
            try forEachIndex(count: (count + pointsAtOnce - 1) / pointsAtOnce, threads: threads) {
                chunk throws(Failure) in
                let rows = chunk * pointsAtOnce..<min((chunk + 1) * pointsAtOnce, count)
                try withColumns(count: rows.count) { columns throws(Failure) in
                    fill(columns, from: rows.lowerBound)
                    try model(
                        columns.map { UnsafeBufferPointer($0) },
                        outputs.map { UnsafeMutableBufferPointer(rebasing: $0[rows]) })
                }
            }
        }
    }
}

/// Arrays of which `body` fills the whole.
func fillQuantities<Failure: Error>(
    _ quantities: Int, count: Int, _ body: ([UnsafeMutableBufferPointer<Double>]) throws(Failure) -> Void
) throws(Failure) -> [[Double]] {
    var result: [[Double]] = []
    var memory: [UnsafeMutableBufferPointer<Double>] = []
    var failure: Failure?
    func next(_ left: Int) {
        guard left > 0 else {
            do { try body(memory) } catch { failure = error }
            return
        }
        let array = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
            let whole = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
            preferLargePages(for: whole)
            whole.initialize(repeating: .nan)
            initialized = count
            memory.append(whole)
            next(left - 1)
        }
        result.append(array)
    }
    next(quantities)
    if let failure { throw failure }
    return result.reversed()
}
