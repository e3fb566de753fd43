import DissipativeMarket
import Foundation
import NumericalMethods

/// A variable of the market whose fluctuations are told.
public enum NoiseVariable: String, CaseIterable, Sendable {
    case liquidityProviders = "lp"
    case sellers = "seller"
    case external
    case logPrice = "log_price"
}

/// The fluctuations of a market with N holders about a rest point of its mean field, as N grows: Cov ≈ C/N, and the mean off
/// the rest point by m/N.
///
/// With A the Jacobian of the mean field and D what the changes of role and the trades add to N·Cov in unit time,
///
///     A C + C Aᵀ + D = 0,        A m + ½ H:C = 0,
///
/// H the second derivatives (van Kampen's expansion; Kurtz). For logit, D = 2ρ(diag P − PPᵀ) at rest. The price adds
/// nothing where it flows, and 2νκ_s s/ℓ^η where it moves by trades of size ν. Where an imitating or comparing protocol rests at
/// a tie nobody changes his role, and only trades are left to move the market.
///
/// It describes a stable point of a smooth field, many holders in every role that matters (N P_i ≫ 1), and fluctuations
/// within which payoffs are nearly linear (λL′x sd(z) ≲ 0.3).
public struct LinearNoise: Equatable, Sendable {
    /// How the price moves.
    public let price: PriceProcess
    /// C in (z, ℓ, s), or (z, q, ℓ, s) with an observation lag.
    private let covariance: Matrix
    /// m in the same components; nil for protocols other than logit.
    private let shift: [Double]?
    /// x at the rest point.
    private let restPrice: Double

    /// N times the covariance of two variables.
    public func covariance(_ a: NoiseVariable, _ b: NoiseVariable) -> Double {
        var sum = 0.0
        for (i, u) in components(a) {
            for (j, v) in components(b) { sum += u * v * covariance[i, j] }
        }
        return sum
    }

    /// N times what the mean of a variable is off the rest point; nil for protocols other than logit, whose field has
    /// no second derivative at a tie or gives none that decides.
    public func shift(_ variable: NoiseVariable) -> Double? {
        shift.map { shift in components(variable).reduce(0) { $0 + $1.weight * shift[$1.index] } }
    }

    /// The standard deviation of a variable with so many holders, ≥ 1.
    public func standardDeviation(_ variable: NoiseVariable, holders: Double) -> Double {
        (max(covariance(variable, variable), 0) / holders).squareRoot()
    }

    /// The standard deviation of the price x = α/c with so many holders: x sd(z), to first order as all of this is.
    public func priceDeviation(holders: Double) -> Double {
        restPrice * standardDeviation(.logPrice, holders: holders)
    }

    /// A variable as a sum of components.
    private func components(_ variable: NoiseVariable) -> [(index: Int, weight: Double)] {
        let first = covariance.rows - 2
        return switch variable {
        case .liquidityProviders: [(first, 1)]
        case .sellers: [(first + 1, 1)]
        case .external: [(first, -1), (first + 1, -1)]
        case .logPrice: [(0, 1)]
        }
    }

    /// - Parameters:
    ///   - linearisation: of a point that is stable and has no kink.
    ///   - game: the game, at its own lag.
    init(
        _ linearisation: Linearisation, logPrice z: Double, shares: RoleShares, of game: RoleGame, price: PriceProcess
    ) throws(LinearNoiseError) {
        let field = RoleField(game)
        let (rate, lag) = (game.parameters.revisionRate, game.parameters.observationLag)
        let (l, s, e) = (shares.liquidityProviders, shares.sellers, shares.external)
        let isLogit = game.revisionProtocol == .logit
        // At rest logit's P is the shares. Under the others a role that is played and not the best would be left: so those
        // that are played tie, and nobody changes.
        let diffusion: (ll: Double, ls: Double, ss: Double) =
            isLogit ? RevisionRates(toLP: l, toSeller: s, toExternal: e).diffusion(l, s, e) : (0, 0, 0)
        let offer = linearisation.sellersEffect * s
        let n = lag > 0 ? 4 : 3
        let (lp, seller, seen) = (n - 2, n - 1, lag > 0 ? 1 : 0)
        do throws(LinearAlgebraError) {
            let a = try Matrix(linearisation.matrix(lag: lag))
            var d = Matrix.zero(rows: n, columns: n)
            d[0, 0] = price.intensity(demand: offer, offer: offer)
            d[lp, lp] = rate * diffusion.ll
            d[lp, seller] = rate * diffusion.ls
            d[seller, lp] = rate * diffusion.ls
            d[seller, seller] = rate * diffusion.ss
            let c = try lyapunovSolution(a, d)
            covariance = c
            if isLogit {
                let x = exp(z)
                let v = z + game.logarithmOfKept
                let curvature = ChoiceCurvature(field.choice, at: v, shares)
                var right = [Double](repeating: 0, count: n)
                let factor = field.price.depthFactor(l)
                right[0] = field.price.demandCurvature(at: x) * factor * c[0, 0]
                if game.parameters.depthExponent > 0 {
                    // At rest the numerator of the price equation is 0, and with it the second derivative by ℓ.
                    let perLP = game.parameters.depthExponent / l
                    right[0] +=
                        2 * perLP
                        * (linearisation.priceDamping * c[0, lp] + linearisation.sellersEffect * c[lp, seller])
                }
                right[lp] = rate * curvature.liquidityProviders * c[seen, seen]
                right[seller] = rate * curvature.sellers * c[seen, seen]
                shift = try solve(a, right.map { -0.5 * $0 })
            } else {
                shift = nil
            }
        } catch {
            throw .linearAlgebra(error)
        }
        self.price = price
        restPrice = exp(z)
    }
}

/// Why a rest point has no linear noise.
public enum LinearNoiseError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The field has a kink or jumps at the point, or is not defined there.
    case notSmooth
    /// The point is not stable, or the first order does not say whether it is.
    case notStable
    /// The best response is no field, and has no linear noise on a trajectory either.
    case bestResponse
    /// The equations could not be solved.
    case linearAlgebra(LinearAlgebraError)

    /// The error in a line.
    public var description: String {
        switch self {
        case .notSmooth:
            "linear noise needs a field that is smooth at the rest point; this one has a kink or a jump there"
        case .notStable: "linear noise needs a rest point that is stable to first order"
        case .bestResponse: "the best response is no smooth field, and has no linear noise"
        case .linearAlgebra(let error): "the equations of the linear noise: \(error)"
        }
    }
}

/// P_ℓ″ and P_s″ by the log price that holders see, at a rest point of logit dynamics.
private struct ChoiceCurvature {
    let liquidityProviders: Double
    let sellers: Double

    /// - Parameter v: ln((1 − φ)x).
    init(_ choice: LogitChoice, at v: Double, _ shares: RoleShares) {
        let (slope, curvature) = (MeanSellingPrice(v).slope, MeanSellingPrice.higherDerivatives(v).second)
        let s = shares.sellers
        let others = shares.liquidityProviders + shares.external
        let steepness = choice.rationality * slope
        sellers = s * others * (choice.rationality * curvature + (others - s) * steepness * steepness)
        liquidityProviders = -choice.liquidityProvidersAmongOthers * sellers
    }
}

extension RestPoint {
    /// The linear noise at the point, at the game's own observation lag.
    ///
    /// - Throws: ``LinearNoiseError`` at a kink, at a sliding point, and where the point is not stable.
    public func linearNoise(price: PriceProcess = .flow) throws(LinearNoiseError) -> LinearNoise {
        guard let linearisation = stability.linearisation, stability.linearisationBelow == nil else { throw .notSmooth }
        guard stability.isStable == true else { throw .notStable }
        return try LinearNoise(linearisation, logPrice: logPrice, shares: shares, of: game, price: price)
    }
}
