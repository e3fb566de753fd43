import DissipativeMarket

/// The quantities of the closed forms over a run of points.
extension PointColumns {
    /// α*(γ) at every point, NaN below γ = β and outside of a domain; +∞ where it exceeds the largest double.
    func equilibriumPrices() -> [Double] {
        // Without a fee there is nothing to divide by.
        let hasFee = !(fee.isConstant && fee[0] == 0)
        let parameters = [beta, p, theta, gamma] + (hasFee ? [fee] : [])
        let length = parameters.allSatisfy(\.isConstant) ? 1 : count
        let columns = parameters.map { $0.expanded(to: length) }
        let prices = [Double](unsafeUninitializedCapacity: length) { prices, initialized in
            func fill(_ columns: ArraySlice<[Double]>, _ pointers: [UnsafeBufferPointer<Double>]) {
                if let first = columns.first {
                    first.withUnsafeBufferPointer { fill(columns.dropFirst(), pointers + [$0]) }
                } else {
                    EquilibriumPrices.fill(
                        UnsafeMutableBufferPointer(rebasing: prices[..<length]), externalPrice: pointers[0],
                        failureProbability: pointers[1], collateral: pointers[2], blockReward: pointers[3],
                        swapFee: hasFee ? pointers[4] : nil)
                }
            }
            fill(columns[...], [])
            initialized = length
        }
        return length == count ? prices : [Double](repeating: prices[0], count: count)
    }

    /// A quantity at every point.
    ///
    /// - Parameter stars: ``equilibriumPrices()``, where the quantity is α* or the rest price.
    func closedFormColumn(_ quantity: Quantity, stars: [Double]) -> QuantityColumn {
        @inline(__always)
        func ofMarket(_ value: (Market) -> Double) -> QuantityColumn {
            column { (value(market($0)), .ok) }
        }
        @inline(__always)
        func ofBand(_ value: (RewardBounds, Int) -> Double) -> QuantityColumn {
            column { index in
                guard let bounds = market(index).rewardBounds else { return (.nan, .emptyBand) }
                return (value(bounds, index), .ok)
            }
        }
        @inline(__always)
        func ofPayoffs(_ value: (Payoffs) -> Double) -> QuantityColumn {
            column { index in
                let payoffs = Payoffs(market: market(index), poolPrice: alpha[index], blockReward: gamma[index])
                return (value(payoffs), .ok)
            }
        }
        func ofTrade(_ trade: OneSidedTrade) -> QuantityColumn {
            column { index in
                do throws(ParameterError) {
                    let intensities = try intensities(index)
                    // With no intensity speculating buyers do not trade.
                    if trade == .speculatingBuyers, intensities.speculatingBuyers == 0 { return (.nan, .noTrade) }
                    let time = trade.cessationTime(
                        from: alpha[index], in: market(index), intensities: intensities)
                    return time.map { ($0, .ok) } ?? (.nan, .noTrade)
                } catch {
                    return (.nan, .outOfDomain)
                }
            }
        }
        switch quantity {
        case .gammaMin: return ofBand { bounds, _ in bounds.lower }
        case .gammaMax: return ofBand { bounds, _ in bounds.upper }
        case .bandWidth: return ofBand { bounds, _ in bounds.width }
        case .relativeBandWidth: return ofBand { bounds, _ in bounds.relativeWidth }
        case .bandMargin: return ofBand { bounds, index in bounds.margin(of: gamma[index]) }
        case .alphaStar:
            // The column as it is where nothing is amiss, which a sum tells: x·0 is 0 unless x is infinite or NaN.
            if outside.isEmpty, stars.reduce(0, { $0 + $1 * 0 }) == 0 { return QuantityColumn(values: stars) }
            return column { index in
                let price = stars[index]
                if !price.isNaN { return (price, .ok) }
                return (price, gamma[index] < beta[index] ? .rewardBelowExternalPrice : .outOfDomain)
            }
        case .restPrice, .restPriceFromAlpha:
            return column { index in
                let price = stars[index]
                let equilibrium = Equilibrium(
                    market: market(index), speculates: kappa.b[index] > 0, blockReward: gamma[index],
                    equilibriumPrice: price.isNaN ? nil : price)
                return (
                    quantity == .restPrice ? equilibrium.restPrice : equilibrium.restPrice(from: alpha[index]), .ok
                )
            }
        case .outcome:
            return column { index in
                let outcome = market(index).outcome(blockReward: gamma[index])
                return (Self.number(of: outcome), .ok)
            }
        case .alphaB: return ofMarket { $0.limits.speculatingBuyer }
        case .alphaS: return ofMarket { $0.limits.seller }
        case .alphaG: return ofMarket { $0.limits.genuineBuyer }
        case .sellerCost: return ofMarket { $0.sellerCost }
        case .payoffLP: return column { (gamma[$0], .ok) }
        case .payoffSeller: return column { (market($0).sellerPayoff(at: alpha[$0]), .ok) }
        case .payoffExternal: return ofMarket { $0.externalPrice }
        case .regretLP: return ofPayoffs { $0.regretLiquidityProvider }
        case .regretSeller: return ofPayoffs { $0.regretSeller }
        case .regretExternal: return ofPayoffs { $0.regretExternal }
        case .cessationTimeSeller: return ofTrade(.sellers)
        case .cessationTimeSpeculatingBuyer: return ofTrade(.speculatingBuyers)
        case .cessationTimeGenuineBuyer: return ofTrade(.genuineBuyers)
        case .shareLP, .shareSeller, .shareExternal, .slowestEigenvalue, .criticalLag, .regime, .stable,
            .deviationPrice, .deviationLP, .deviationSeller, .deviationExternal:
            return column { _ in (.nan, .noRestPoint) }
        }
    }

    /// The outcome's place among ``Quantity/words``.
    private static func number(of outcome: Outcome) -> Double {
        switch outcome {
        case .emptyBand: 0
        case .exodus: 1
        case .scarcity: 2
        case .balanced: 3
        }
    }
}
