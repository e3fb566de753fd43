import DissipativeMarket
import NumericalMethods

/// The mean field on a trajectory at a time, with N times the covariance of the fluctuations about it.
public struct LinearNoiseSample: Equatable, Sendable {
    /// When, in units of T.
    public let time: Double
    /// z = ln x of the mean field.
    public let logPrice: Double
    /// The shares of the mean field.
    public let shares: RoleShares
    /// C in the components of ``RoleField``'s state.
    private let covariance: Matrix

    init(time: Double, logPrice: Double, shares: RoleShares, covariance: Matrix) {
        self.time = time
        self.logPrice = logPrice
        self.shares = shares
        self.covariance = covariance
    }

    /// N times the covariance of two variables.
    public func covariance(_ a: NoiseVariable, _ b: NoiseVariable) -> Double {
        covariance[index(a), index(b)]
    }

    private func index(_ variable: NoiseVariable) -> Int {
        let first = covariance.rows - 3
        return switch variable {
        case .liquidityProviders: first
        case .sellers: first + 1
        case .external: first + 2
        case .logPrice: 0
        }
    }
}

extension RoleGame {
    /// The linear noise along the trajectory from a start that is certain: dC/dt = AC + CAᵀ + D from C = 0, A and D taken
    /// on the mean field.
    ///
    /// - Parameters:
    ///   - logPrice: z at the start, finite.
    ///   - shares: at the start.
    ///   - price: how the price moves.
    ///   - times: when it is told, ≥ 0 and not falling.
    ///   - algorithm: how the equations are integrated.
    /// - Returns: a sample at each of the times that the integration reached, and how it ended.
    /// - Throws: ``LinearNoiseError/bestResponse``, `ParameterError` for the start, `ODEError` for times or algorithm.
    public func linearNoise(
        logPrice: Double, shares: RoleShares, price: PriceProcess = .flow, times: [Double],
        algorithm: ODEAlgorithm
    ) throws -> (samples: [LinearNoiseSample], ending: ODEEnding) {
        guard revisionProtocol != .bestResponse else { throw LinearNoiseError.bestResponse }
        try TrajectoryCheck.logPrice(logPrice)
        try checkDepth(shares)
        let system = NoisyField(field: RoleField(self), price: price)
        let n = system.field.dimension
        let start =
            system.field.state(logPrice: logPrice, shares: shares)
            + [Double](repeating: 0, count: system.dimension - n)
        let solution = try ODESolution(
            of: system, from: 0, to: times.last ?? 0, state: start, algorithm: algorithm, times: times)
        let first = system.field.firstShare
        let samples = zip(solution.times, solution.states).map { time, y in
            LinearNoiseSample(
                time: time, logPrice: y[0], shares: RoleShares(clipping: y[first], y[first + 1], y[first + 2]),
                covariance: Matrix(unfolding: Array(y[n...]), order: n))
        }
        return (samples, solution.ending)
    }
}

/// The mean field and the covariance's equations: the state of ``RoleField``, then the elements of C on and above the
/// diagonal, row by row.
private struct NoisyField: ODESystem {
    let field: RoleField
    let price: PriceProcess

    var dimension: Int { field.dimension * (field.dimension + 3) / 2 }

    func derivative(_ t: Double, _ y: Span<Double>, _ dydt: inout MutableSpan<Double>) -> Bool {
        let n = field.dimension
        guard y.count >= dimension, dydt.count >= dimension else { return false }
        var slopes = dydt.extracting(first: n)
        guard field.derivative(t, y.extracting(first: n), &slopes) else { return false }
        var a = [Double](repeating: 0, count: n * n)
        var unused = [Double](repeating: 0, count: n)
        var jacobian = a.mutableSpan
        var byTime = unused.mutableSpan
        guard field.jacobian(t, y.extracting(first: n), &jacobian, &byTime) else { return false }
        let c = Matrix(unfolding: (n..<dimension).map { y[$0] }, order: n)

        let (game, first) = (field.game, field.firstShare)
        let (l, s, e) = (y[first], y[first + 1], y[first + 2])
        let u = game.sellerExcess(logPrice: y[first - 1])
        let rates = RevisionRates(
            game.revisionProtocol, choice: field.choice, rewardExcess: game.rewardExcess, sellerExcess: u, l, s, e)
        let (ll, ls, ss) = rates.diffusion(l, s, e)
        var d = Matrix.zero(rows: n, columns: n)
        let depth = field.price.depthFactor(l)
        d[0, 0] = price.intensity(demand: game.demand(logPrice: y[0]) * depth, offer: field.price.kappaS * s * depth)
        // The third share is what the other two leave: its row and column are minus their sums.
        let rate = game.parameters.revisionRate
        d[first, first] = rate * ll
        d[first, first + 1] = rate * ls
        d[first, first + 2] = -rate * (ll + ls)
        d[first + 1, first + 1] = rate * ss
        d[first + 1, first + 2] = -rate * (ls + ss)
        d[first + 2, first + 2] = rate * (ll + 2 * ls + ss)

        var place = n
        for i in 0..<n {
            for j in i..<n {
                var sum = d[i, j]
                for k in 0..<n { sum += a[i * n + k] * c[k, j] + a[j * n + k] * c[i, k] }
                dydt[place] = sum
                place += 1
            }
        }
        return true
    }
}

extension Matrix {
    /// The symmetric matrix of the elements on and above the diagonal, row by row.
    fileprivate init(unfolding elements: [Double], order n: Int) {
        self = .zero(rows: n, columns: n)
        var place = 0
        for i in 0..<n {
            for j in i..<n {
                self[i, j] = elements[place]
                self[j, i] = elements[place]
                place += 1
            }
        }
    }
}
