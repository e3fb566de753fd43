import Parallelism

/// The design of Sobol indices by pick-freeze: two independent samples A and B of N points, and of every base point the
/// points A_B⁽ʲ⁾ that take parameter j from B and the others from A; for second-order indices also B_A⁽ʲ⁾ the other way.
///
/// A and B are the first and the second half of the coordinates of one sample in 2D dimensions: of a Sobol sequence, by
/// default, whose indices are many times as exact as those of random points; its intervals by resampling, which know
/// nothing of the even coverage, are then too wide. Those of random points have their nominal coverage.
///
/// Points come in **blocks** of N: A, then A_B⁽¹⁾ … A_B⁽ᴰ⁾, then, for second order, B_A⁽¹⁾ … B_A⁽ᴰ⁾, then B. So the first
/// n of every block are the design of n base points.
///
/// Source: Saltelli, *Making best use of model evaluations to compute sensitivity indices* (2002); Saltelli et al.,
/// *Variance based sensitivity analysis of model output* (2010).
public struct SaltelliDesign: PointSet {
    /// The distributions of the parameters, which are independent.
    public let space: ParameterSpace
    /// The shape of the design.
    public let layout: SaltelliLayout
    public let count: Int
    private let sample: UnitSample

    /// A design.
    ///
    /// - Parameters:
    ///   - space: independent parameters; up to 64 of a Sobol sequence.
    ///   - samples: N, 1 or more; of a Sobol sequence up to 2³², of which a power of two covers all evenly.
    ///   - secondOrder: whether B_A⁽ʲ⁾ are among the points: N(2D + 2) of them, N(D + 2) otherwise.
    ///   - seed: any number.
    ///   - method: how base points are drawn.
    /// - Throws: ``DesignError``.
    public init(
        _ space: ParameterSpace, samples: Int, secondOrder: Bool = false, seed: UInt64,
        method: SamplingMethod = .sobol(.owen)
    ) throws(DesignError) {
        try space.requireIndependence("the method of Sobol indices")
        sample = try UnitSample(method, dimensions: 2 * space.dimension, count: samples, seed: seed)
        self.space = space
        layout = SaltelliLayout(samples: samples, dimension: space.dimension, secondOrder: secondOrder)
        let (count, overflow) = samples.multipliedReportingOverflow(by: layout.blocks)
        guard !overflow else { throw .tooManyRows }
        self.count = count
    }

    public var dimension: Int { space.dimension }

    public func fill(_ columns: [UnsafeMutableBufferPointer<Double>], from first: Int) {
        let length = columns.first?.count ?? 0
        var done = 0
        while done < length {
            let block = (first + done) / layout.samples
            let base = (first + done) % layout.samples
            let part = min(length - done, layout.samples - base)
            for (j, column) in columns.enumerated() {
                let piece = UnsafeMutableBufferPointer(rebasing: column[done..<done + part])
                let half = layout.takesFromB(block: block, parameter: j) ? dimension : 0
                sample.fill(piece, dimension: j + half, from: base)
                space.distributions[j].mapToQuantiles(piece)
            }
            done += part
        }
    }

    /// The values of each parameter at the points of A, and after them at the points of B.
    public func baseColumns() -> [[Double]] {
        let b = layout.b * layout.samples
        return zip(columns(0..<layout.samples), columns(b..<b + layout.samples)).map { $0 + $1 }
    }

    /// The quantities at every point, one array a quantity, in the order of the points: the same as from
    /// ``PointSet/evaluate(quantities:threads:model:)``, but the coordinates of A and B are computed once for all blocks.
    ///
    /// - Parameters:
    ///   - quantities: how many there are.
    ///   - threads: the most that are used; the result does not depend on it.
    ///   - model: computes them.
    /// - Throws: the error of a model that throws.
    public func evaluate<Failure: Error>(
        quantities: Int = 1, threads: Int = availableProcessors, model: BatchModel<Failure>
    ) throws(Failure) -> [[Double]] {
        try fillQuantities(quantities, count: count) { outputs throws(Failure) in
            nonisolated(unsafe) let outputs = outputs
            let samples = layout.samples
            try forEachIndex(count: (samples + pointsAtOnce - 1) / pointsAtOnce, threads: threads) {
                chunk throws(Failure) in
                let rows = chunk * pointsAtOnce..<min((chunk + 1) * pointsAtOnce, samples)
                let memory = UnsafeMutableBufferPointer<Double>.allocate(capacity: 2 * dimension * rows.count)
                defer { memory.deallocate() }
                memory.initialize(repeating: 0)
                for j in 0..<2 * dimension {
                    let column = UnsafeMutableBufferPointer(rebasing: memory[j * rows.count..<(j + 1) * rows.count])
                    sample.fill(column, dimension: j, from: rows.lowerBound)
                    space.distributions[j % dimension].mapToQuantiles(column)
                }
                for block in 0..<layout.blocks {
                    try model(
                        (0..<dimension).map { j in
                            let place = layout.takesFromB(block: block, parameter: j) ? j + dimension : j
                            return UnsafeBufferPointer(rebasing: memory[place * rows.count..<(place + 1) * rows.count])
                        },
                        outputs.map { output in
                            let start = block * samples
                            return UnsafeMutableBufferPointer(
                                rebasing: output[start + rows.lowerBound..<start + rows.upperBound])
                        })
                }
            }
        }
    }
}
