import DissipativeMarket
import RoleDynamics

/// A run of points as columns: of each parameter an array, or the one value that all have.
struct PointColumns: Sendable {
    /// One parameter's values.
    struct Column: Sendable {
        let values: [Double]

        init(_ values: [Double]) { self.values = values }

        init(_ value: Double) { values = [value] }

        var isConstant: Bool { values.count == 1 }

        /// All values, each by itself.
        func expanded(to count: Int) -> [Double] {
            isConstant && count != 1 ? [Double](repeating: values[0], count: count) : values
        }

        @inline(__always)
        subscript(index: Int) -> Double { values.count == 1 ? values[0] : values[index] }
    }

    let count: Int
    let alpha, beta, p, theta, gamma, fee: Column
    private let delta, period: Column
    let kappa: (g: Column, b: Column, s: Column)
    private let revision: [(parameter: RevisionParameter, column: Column)]
    private let varied: [ParameterName]
    private let columns: [[Double]]
    /// The markets: one where all points have the same, none where none can be made.
    private let markets: [Market]
    /// The points that are outside of a domain, in order; the markets there are others'.
    let outside: [Int]

    /// - Parameter needsMarkets: whether more is asked for than α* and γ, which need no market; making them takes longer
    ///   than α*.
    init(varied: [ParameterName], columns: [[Double]], fixed: ParameterPoint, needsMarkets: Bool = true) {
        self.varied = varied
        self.columns = columns
        let count = columns.first?.count ?? 1
        self.count = count
        var found: [ParameterName: Column] = [:]
        for (name, values) in zip(varied, columns) {
            switch name {
            case .ratio(.b):
                found[.market(.beta)] = Column(values)
                found[.market(.p)] = Column(1)
                found[.market(.theta)] = Column(values.map { 1 - $0 })
            case .ratio(let ratio): found[.market(ratio.parameter)] = Column(values)
            default: found[name] = Column(values)
            }
        }
        func column(_ name: ParameterName) -> Column { found[name] ?? Column(fixed[name] ?? .nan) }
        func market(_ parameter: MarketParameter) -> Column { column(.market(parameter)) }
        alpha = market(.alpha)
        gamma = market(.gamma)
        let (beta, p, theta) = (market(.beta), market(.p), market(.theta))
        let (delta, fee, period) = (market(.delta), market(.fee), market(.period))
        (self.beta, self.p, self.theta, self.delta, self.fee, self.period) = (beta, p, theta, delta, fee, period)
        kappa = (column(.kappaG), column(.kappaB), column(.kappaS))
        revision = RevisionParameter.allCases.map { ($0, column(.revision($0))) }

        var isOutside = [Bool](repeating: false, count: count)
        var isAnyOutside = false
        for (name, values) in zip(varied, columns) {
            let domain = name.domain
            if domain.containsAll(values) { continue }
            for index in 0..<count where !domain.contains(values[index]) {
                isOutside[index] = true
                isAnyOutside = true
            }
        }
        func make(_ index: Int) throws(ParameterError) -> Market {
            try Market(
                externalPrice: beta[index], failureProbability: p[index], collateral: theta[index],
                reservationPrice: delta[index], swapFee: fee[index], stakingPeriod: period[index])
        }
        let isOne = [beta, p, theta, delta, fee, period].allSatisfy(\.isConstant)
        var markets: [Market] = []
        let made = needsMarkets ? isOne ? 1 : count : 0
        markets.reserveCapacity(made)
        // How many there are no markets for before the first; in the places of others that fail stands the one before.
        var leading = 0
        for index in 0..<made {
            do throws(ParameterError) {
                let market = try make(index)
                for _ in 0...leading { markets.append(market) }
                leading = 0
            } catch {
                if let last = markets.last { markets.append(last) } else { leading += 1 }
                for place in isOne ? 0..<count : index..<index + 1 { isOutside[place] = true }
                isAnyOutside = true
            }
        }
        self.markets = markets
        outside = isAnyOutside ? isOutside.indices.filter { isOutside[$0] } : []
    }

    @inline(__always)
    func market(_ index: Int) -> Market { markets.count == 1 ? markets[0] : markets[index] }

    func intensities(_ index: Int) throws(ParameterError) -> TradeIntensities {
        try TradeIntensities(
            genuineBuyers: kappa.g[index], speculatingBuyers: kappa.b[index], sellers: kappa.s[index])
    }

    func game(_ index: Int, _ revisionProtocol: RevisionProtocol) throws(ParameterError) -> RoleGame {
        var parameters = RevisionParameters.baseline
        for (parameter, column) in revision { try parameters.set(parameter, to: column[index]) }
        return try RoleGame(
            market: market(index), blockReward: gamma[index], intensities: intensities(index), parameters: parameters,
            revisionProtocol: revisionProtocol)
    }

    /// What is wrong with each point outside of a domain.
    var fault: @Sendable (Int) -> ParameterError? {
        let points = self
        return { points.fault(at: $0) }
    }

    private func fault(at index: Int) -> ParameterError? {
        do throws(ParameterError) {
            for (name, values) in zip(varied, columns) { try name.validate(values[index]) }
            _ = try Market(
                externalPrice: beta[index], failureProbability: p[index], collateral: theta[index],
                reservationPrice: delta[index], swapFee: fee[index], stakingPeriod: period[index])
            return nil
        } catch {
            return error
        }
    }

    /// A column filled value by value; infinite ones exceed the largest double, and points outside of a domain fail.
    @inline(__always)
    func column(_ value: (Int) -> (Double, QuantityStatus)) -> QuantityColumn {
        var column = QuantityColumn(values: [Double](repeating: .nan, count: count))
        // A point that is outside is given a neighbour's market, which there has to be.
        guard outside.count < count else {
            for index in outside { column.fail(index, .outOfDomain) }
            return column
        }
        for index in 0..<count {
            let (number, status) = value(index)
            column.values[index] = number
            if status != .ok {
                column.fail(index, status)
            } else if !number.isFinite {
                column.fail(index, .overflow)
            }
        }
        for index in outside { column.fail(index, .outOfDomain) }
        return column
    }
}

extension ParameterDomain {
    /// Whether all of the numbers belong to the interval, by their range; a NaN belongs to none.
    fileprivate func containsAll(_ values: [Double]) -> Bool {
        var (low, high, check) = (Double.infinity, -Double.infinity, 0.0)
        for value in values {
            low = value < low ? value : low
            high = value > high ? value : high
            // 0 unless a value is infinite or NaN.
            check += value * 0
        }
        return check == 0 && (values.isEmpty || contains(low) && contains(high))
    }
}
