import DissipativeMarket
import Foundation
import RoleDynamics

/// The limit of many providers: the pool with its flows in place of events, for logit revision and rewards that do not
/// depend on other pools.
///
/// Per device and in units of T, with S and Λ the probabilities of selling and of providing liquidity at the present price,
/// U = S + Λ + u₀, B(z) = κ_g F((δ(1−φ) − α)/(cw)) + κ_b F((β(1−φ) − α)/(cw)), and the initial shares before time 0:
///
///     expiry:  dX/dt = Λ(t) + S(t) − Λ(t−1) − S(t−1),   dz/dt = (B − 2S(t) + S(t−1))/X
///     linear:  dX/dt = U − B − w,   dw/dt = U(t) − U(t−1)e^{−∫B/X over the last T} − wB/X,   dz/dt = 2(B − S)/X
///
/// The first holds while purchases take no more than what expires. Both rest where B = S.
public struct FluidLimit: Sendable {
    private let pool: PoolParameters
    private let dissipation: Dissipation
    private let belief: SellerBelief
    /// s G/(N u) tokens per device and period that LPs share; nil where the reward is fixed.
    private let sharedReward: Double?

    /// nil where there is no such limit: other protocols, an emission that several pools share or that changes, or client
    /// rewards.
    public init?(_ parameters: ProtocolParameters, pool index: Int) {
        pool = parameters.pools[index]
        guard pool.revisionProtocol == .logit, pool.clientReward == 0, pool.demandWidth > 0 else { return nil }
        dissipation = parameters.dissipation
        belief = parameters.sellerBelief
        switch parameters.rewards {
        case .fixed: sharedReward = nil
        case .emission(let emission):
            guard parameters.pools.count == 1, emission.stages.count == 1 else { return nil }
            sharedReward = emission.providerShare * emission.stages[0].tokens / (Double(pool.providers) * pool.unitSize)
        }
    }

    // MARK: Payoffs and flows

    private func price(_ z: Double) -> Double { pool.market.sellerCost * exp(z) }

    /// B of a kind of clients at a log price z = ln(α/c).
    private func demand(of kind: ClientKind, _ z: Double) -> Double {
        pool.offeredDevices(of: kind, at: price(z) / (1 - pool.market.swapFee)) / Double(pool.providers)
    }

    private func demand(_ z: Double) -> Double { demand(of: .genuine, z) + demand(of: .speculating, z) }

    /// (Λ, S) at a log price and a share of LPs.
    private func choices(_ z: Double, liquidity: Double) -> (liquidity: Double, seller: Double) {
        let market = pool.market
        let kept = (1 - market.swapFee) * price(z)
        let sale = belief == .run ? logarithmicMean(kept, market.sellerCost) : kept
        let reward = sharedReward.map { $0 / max(liquidity, 1e-300) } ?? pool.blockReward
        let u = [
            reward - pool.burnCertificate, sale - market.expectedForfeit - pool.burnCertificate, market.externalPrice,
        ].map { pool.rationality * $0 / market.sellerCost }
        let most = max(u[0], u[1], u[2])
        let weights = u.map { exp($0 - most) }
        let sum = weights[0] + weights[1] + weights[2]
        return (weights[0] / sum, weights[1] / sum)
    }

    // MARK: The rest point

    /// A state in which nothing moves.
    public struct Rest: Equatable, Sendable {
        /// α, tokens per unit.
        public let price: Double
        /// ℓ and s.
        public let liquidity: Double
        public let seller: Double
        /// Units that genuine clients buy, per device and period.
        public let consumption: Double
        /// X per device.
        public let assets: Double
    }

    /// The rest point; nil where demand and sales do not meet between e^{±700} c.
    public func rest() -> Rest? {
        func excess(_ z: Double) -> Double { demand(z) - choices(z, liquidity: restingLiquidity(z)).seller }
        var (low, high) = (-700.0, 700.0)
        guard excess(low) > 0, excess(high) < 0 else { return nil }
        for _ in 0..<200 {
            let middle = low + (high - low) / 2
            if excess(middle) > 0 { low = middle } else { high = middle }
        }
        let z = low + (high - low) / 2
        let shares = choices(z, liquidity: restingLiquidity(z))
        let created = shares.liquidity + shares.seller + pool.seedLiquidity
        return Rest(
            price: price(z), liquidity: shares.liquidity, seller: shares.seller, consumption: demand(of: .genuine, z),
            assets: restingAssets(created: created, bought: demand(z)))
    }

    /// The share of LPs that chooses itself at a log price, where the reward is shared.
    private func restingLiquidity(_ z: Double) -> Double {
        guard sharedReward != nil else { return 1 }
        var (low, high) = (0.0, 1.0)
        for _ in 0..<100 {
            let middle = low + (high - low) / 2
            if choices(z, liquidity: middle).liquidity > middle { low = middle } else { high = middle }
        }
        return low + (high - low) / 2
    }

    /// X at rest: all that was created, or, with linear decay, the X that solves
    /// X = U ∫₀¹ e^{−(B/X)a}(1 − a) da = U (k − 1 + e^{−k})/k², k = B/X.
    private func restingAssets(created: Double, bought: Double) -> Double {
        guard dissipation == .linear else { return created }
        guard bought > 0 else { return created / 2 }
        // In k: B/k = U(k − 1 + e^{−k})/k², or (k − 1 + e^{−k})/k = B/U, increasing from 0 to 1.
        let share = bought / created
        guard share < 1 else { return 0 }
        var (low, high) = (0.0, 2 / (1 - share))
        for _ in 0..<200 {
            let k = low + (high - low) / 2
            let mean = k < 1e-4 ? k / 2 - k * k / 6 : (k + expm1(-k)) / k
            if mean < share { low = k } else { high = k }
        }
        return bought / (low + (high - low) / 2)
    }

    // MARK: The path

    /// The state of the limit at a moment, per device.
    public struct State: Equatable, Sendable {
        /// α, tokens per unit.
        public let price: Double
        public let liquidity: Double
        public let seller: Double
        /// X per device.
        public let assets: Double
        /// Units bought since the start, per device.
        public let consumed: Double
        public let resold: Double
    }

    /// z, X, ℓ, s, w, ∫B/X, ∫B_g, ∫B_b.
    private typealias Vector = SIMD8<Double>

    /// What a delay of T looks back at.
    private struct Past {
        var liquidity: Double
        var seller: Double
        var exposure: Double
    }

    private func velocity(_ y: Vector, _ past: Past) -> Vector {
        let (z, x) = (y[0], y[1])
        let now = choices(z, liquidity: y[2])
        let genuine = demand(of: .genuine, z)
        let speculating = demand(of: .speculating, z)
        let bought = genuine + speculating
        let flow = Vector(
            0, 0, now.liquidity - past.liquidity, now.seller - past.seller, 0, bought / x, genuine, speculating)
        var v = flow
        switch dissipation {
        case .expiry:
            v[0] = (bought - 2 * now.seller + past.seller) / x
            v[1] = now.liquidity + now.seller - past.liquidity - past.seller
        case .linear:
            let seed = pool.seedLiquidity
            v[0] = 2 * (bought - now.seller) / x
            v[1] = now.liquidity + now.seller + seed - bought - y[4]
            v[4] =
                now.liquidity + now.seller + seed
                - (past.liquidity + past.seller + seed) * exp(past.exposure - y[5]) - y[4] * bought / x
        }
        return v
    }

    /// The states at times, by the classical Runge–Kutta method in steps of a fraction of T that divides it, so that the
    /// kinks at 0, T, 2T … fall on steps; the past between steps by cubic interpolation. An error of order 4.
    ///
    /// - Parameters:
    ///   - times: in units of T, increasing, from 0 on.
    ///   - steps: steps a period.
    /// - Returns: a state for each time, nil from the moment on from which purchases take more than what expires, or in
    ///   which the numbers leave the finite.
    public func path(at times: [Double], steps: Int = 1024) -> [State?] {
        let shares = pool.initialShares
        let (l0, s0) = (shares.liquidityProviders, shares.sellers)
        let created = l0 + s0 + pool.seedLiquidity
        let h = 1 / Double(steps)
        var y = Vector(repeating: 0)
        y[0] = log(pool.initialPrice / pool.market.sellerCost)
        y[1] = dissipation == .expiry ? created : created / 2
        (y[2], y[3], y[4]) = (l0, s0, created)

        let initial = Past(liquidity: l0, seller: s0, exposure: 0)
        // By half steps, a period's worth.
        var history: [Past] = []
        func past(_ step: Int, _ half: Int) -> Past {
            step < steps ? initial : history[2 * (step - steps) + half]
        }
        func remembered(_ y: Vector) -> Past {
            let now = choices(y[0], liquidity: y[2])
            return Past(liquidity: now.liquidity, seller: now.seller, exposure: y[5])
        }
        func state(_ y: Vector) -> State {
            State(price: price(y[0]), liquidity: y[2], seller: y[3], assets: y[1], consumed: y[6], resold: y[7])
        }
        var states: [State?] = []
        var step = 0
        var next = 0
        while next < times.count, times[next] <= 0 {
            states.append(state(y))
            next += 1
        }
        while next < times.count {
            let k1 = velocity(y, past(step, 0))
            let k2 = velocity(y + 0.5 * h * k1, past(step, 1))
            let k3 = velocity(y + 0.5 * h * k2, past(step, 1))
            // At the end of the step that ends at T the past is still the initial one.
            let k4 = velocity(y + h * k3, past(step, step < steps ? 0 : 2))
            let end = y + (h / 6) * (k1 + 2 * k2 + 2 * k3 + k4)
            let isPossible =
                dissipation == .linear
                || demand(y[0]) <= past(step, 0).liquidity + past(step, 0).seller + pool.seedLiquidity
            guard end[0].isFinite, end[1] > 0, isPossible else { break }
            // The slope at the end, before the past changes its branch.
            let slope = velocity(end, past(step, step < steps ? 0 : 2))
            func between(_ t: Double) -> Vector {
                let (a, b) = (1 - t, t)
                return a * a * (1 + 2 * b) * y + a * a * b * h * k1 + b * b * (3 - 2 * b) * end - b * b * a * h * slope
            }
            history.append(remembered(y))
            history.append(remembered(between(0.5)))
            while next < times.count, times[next] <= Double(step + 1) * h {
                states.append(state(between(times[next] / h - Double(step))))
                next += 1
            }
            y = end
            step += 1
        }
        while states.count < times.count { states.append(nil) }
        return states
    }
}
