/// The trade intensities κ of the three groups: how much they trade, as a multiple of the expiry flow X/T, in which X is
/// the pool's asset reserve.
///
/// They set how fast the price moves, never where one-sided trade stops nor what it earns on average. That ``SharpFlow``
/// asks for κ_s > κ_g is this project's choice.
public struct TradeIntensities: Equatable, Hashable, Sendable {
    /// κ_g > 0, the trade intensity of genuine buyers, a pure number.
    public private(set) var genuineBuyers: Double
    /// κ_b ≥ 0, the trade intensity of speculating buyers, a pure number.
    public private(set) var speculatingBuyers: Double
    /// κ_s > 0, the trade intensity of sellers, a pure number.
    public private(set) var sellers: Double

    /// The baseline of the model: κ_g = κ_b = ½, κ_s = 1.
    public static let baseline = TradeIntensities(unchecked: (0.5, 0.5, 1))

    /// Intensities of the three groups, pure numbers.
    ///
    /// - Parameters:
    ///   - genuineBuyers: κ_g > 0.
    ///   - speculatingBuyers: κ_b ≥ 0.
    ///   - sellers: κ_s > 0.
    /// - Throws: ``ParameterError`` naming `kappa-g`, `kappa-b` or `kappa-s`.
    public init(
        genuineBuyers: Double = baseline.genuineBuyers, speculatingBuyers: Double = baseline.speculatingBuyers,
        sellers: Double = baseline.sellers
    ) throws(ParameterError) {
        self = .baseline
        try set(.genuineBuyers, to: genuineBuyers)
        try set(.speculatingBuyers, to: speculatingBuyers)
        try set(.sellers, to: sellers)
    }

    private init(unchecked kappa: (g: Double, b: Double, s: Double)) {
        genuineBuyers = kappa.g
        speculatingBuyers = kappa.b
        sellers = kappa.s
    }

    /// The values that the model allows for a group's intensity.
    @inline(__always)
    public static func domain(of group: OneSidedTrade) -> ParameterDomain {
        switch group {
        case .genuineBuyers, .sellers: .positive
        case .speculatingBuyers: .notNegative
        }
    }

    /// The definition of a group's intensity: κ_g, κ_b or κ_s.
    @inline(__always)
    public static func definition(of group: OneSidedTrade) -> ParameterDefinition {
        switch group {
        case .genuineBuyers:
            ParameterDefinition(
                "kappa-g", symbol: "κ_g", title: "trade intensity of genuine buyers", domain: domain(of: group),
                default: baseline.genuineBuyers)
        case .speculatingBuyers:
            ParameterDefinition(
                "kappa-b", symbol: "κ_b", title: "trade intensity of speculating buyers", domain: domain(of: group),
                default: baseline.speculatingBuyers)
        case .sellers:
            ParameterDefinition(
                "kappa-s", symbol: "κ_s", title: "trade intensity of sellers", domain: domain(of: group),
                default: baseline.sellers)
        }
    }

    /// The intensity of a group.
    public subscript(group: OneSidedTrade) -> Double {
        switch group {
        case .genuineBuyers: genuineBuyers
        case .speculatingBuyers: speculatingBuyers
        case .sellers: sellers
        }
    }

    /// Gives a group another intensity.
    ///
    /// - Throws: ``ParameterError`` naming `kappa-g`, `kappa-b` or `kappa-s`.
    public mutating func set(_ group: OneSidedTrade, to value: Double) throws(ParameterError) {
        guard Self.domain(of: group).contains(value) else {
            throw ParameterError(Self.definition(of: group), value: value)
        }
        switch group {
        case .genuineBuyers: genuineBuyers = value
        case .speculatingBuyers: speculatingBuyers = value + 0  // no −0, which would make times −∞
        case .sellers: sellers = value
        }
    }
}
