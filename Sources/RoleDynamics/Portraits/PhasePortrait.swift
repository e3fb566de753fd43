import DissipativeMarket
import Foundation
import NumericalMethods

/// A portrait of role dynamics in a plane of its state space: the field, the curves on which a component of it is 0, the rest
/// points, the manifolds of saddles, and where trajectories from the plane go.
///
/// The plane need not be invariant: the field's components in it are then those of the projection, and a trajectory from it
/// leaves it.
public struct PhasePortrait: Sendable {
    /// The game.
    public let game: RoleGame
    /// The plane.
    public let section: PortraitSection
    /// The part of the plane that is looked at.
    public let window: PhaseWindow
    /// The rest points of the game.
    public let restPoints: RestPointSolution

    let field: RoleField

    /// A portrait.
    ///
    /// - Parameters:
    ///   - game: any protocol.
    ///   - section: the plane.
    ///   - window: the part of it that is looked at; its sides may be points.
    /// - Throws: ``RestPointError`` where the game's rest points are not found.
    public init(of game: RoleGame, in section: PortraitSection, window: PhaseWindow) throws(RestPointError) {
        self.game = game
        self.section = section
        self.window = window
        restPoints = try game.restPoints()
        field = RoleField(game)
    }

    // MARK: - The field

    /// The field at a point, in units of 1/T.
    public struct Velocity: Equatable, Sendable {
        /// dx/dt.
        public let price: Double
        /// dz/dt.
        public let logPrice: Double
        /// dq/dt; 0 where there is no lag.
        public let observedLogPrice: Double
        /// The derivatives of ℓ, s and e.
        public let shares: [Double]

        /// The derivative of a variable.
        public subscript(variable: PortraitVariable) -> Double {
            switch variable {
            case .price: price
            case .logPrice: logPrice
            case .observedLogPrice: observedLogPrice
            case .liquidityProviders: shares[0]
            case .sellers: shares[1]
            case .external: shares[2]
            }
        }
    }

    /// Why the field has no value at a point.
    public enum Absence: Error, Equatable, Sendable {
        /// The shares are off the simplex; the smallest of them.
        case offSimplex(PortraitVariable, Double)
        /// The price is not positive, or beyond the doubles.
        case price(Double)
        /// Nobody provides liquidity, and the price equation is divided by ℓ^η.
        case emptyPool
        /// A component exceeds the largest double.
        case notFinite
    }

    /// The field at a point of the plane. The best response jumps at a tie; there it is that of the other roles.
    ///
    /// - Throws: ``Absence``.
    public func velocity(at point: PlanePoint) throws(Absence) -> Velocity {
        let state = section.state(at: point)
        let shares = try checkedShares(state)
        var y = field.state(logPrice: state.logPrice, shares: shares)
        if field.hasLag { y[1] = state.observedLogPrice }
        var values = [Double](repeating: 0, count: field.dimension)
        var output = values.mutableSpan
        if game.parameters.depthExponent > 0, shares.liquidityProviders <= 0 { throw .emptyPool }
        guard field.derivative(0, y.span, &output) else { throw .notFinite }
        let first = field.firstShare
        let velocity = Velocity(
            price: state.price * values[0], logPrice: values[0], observedLogPrice: field.hasLag ? values[1] : 0,
            shares: Array(values[first...]))
        guard velocity.price.isFinite else { throw .notFinite }
        return velocity
    }

    /// The state at a point of the plane as the start of a trajectory.
    ///
    /// - Throws: ``Absence``.
    public func start(at point: PlanePoint) throws(Absence) -> RoleEnsemble.Cell {
        let state = section.state(at: point)
        let shares = try checkedShares(state)
        if game.parameters.depthExponent > 0, shares.liquidityProviders <= 0 { throw .emptyPool }
        return RoleEnsemble.Cell(
            game: game, logPrice: state.logPrice, shares: shares,
            observedLogPrice: field.hasLag ? state.observedLogPrice : nil)
    }

    /// A rest point as a state of the market.
    public func sample(_ point: RestPoint) -> MarketSample {
        MarketSample(
            time: 0, logPrice: point.logPrice, observedLogPrice: point.logPrice, shares: point.shares, reserves: nil)
    }

    /// How far a state is from its projection on the plane: the largest difference of ln x, of q and of the shares.
    public func distance(of sample: MarketSample) -> Double {
        let state = section.state(at: section.point(of: sample))
        let variables: [PortraitVariable] =
            [.logPrice] + (field.hasLag ? [.observedLogPrice] : []) + PortraitVariable.shares
        return variables.reduce(0) { max($0, abs(sample[$1] - state[$1])) }
    }

    private func checkedShares(_ state: PortraitState) throws(Absence) -> RoleShares {
        guard state.price > 0, state.logPrice.isFinite, state.observedLogPrice.isFinite, state.price < .infinity else {
            throw .price(state.price)
        }
        // What rounding leaves of a share that is a rest is none: of 1 − 0.3 − 0.7, say.
        func share(_ index: Int) -> Double {
            let variable = PortraitVariable.shares[index]
            let isRest = variable != section.x && variable != section.y
            return isRest && abs(state.shares[index]) <= 4 * Double.ulpOfOne ? 0 : state.shares[index]
        }
        let (l, s, e) = (share(0), share(1), share(2))
        for (variable, share) in zip(PortraitVariable.shares, state.shares) where !(share >= -PortraitSection.slack) {
            throw .offSimplex(variable, share)
        }
        // Only what rounding has left is taken away.
        if l >= 0, s >= 0, e >= 0, l + s + e == 1 { return RoleShares(unchecked: l, s, e) }
        return RoleShares(clipping: l, s, e)
    }

    // MARK: - Where a component is 0

    /// A curve on which the derivative of a variable is 0.
    public struct Nullcline: Equatable, Sendable {
        /// The variable; ``PortraitVariable/price`` and ``PortraitVariable/logPrice`` have the same.
        public let variable: PortraitVariable
        /// The vertices, in order.
        public let points: [PlanePoint]
        /// Whether it is part of the face where the share is 0 and nobody takes it up.
        public let isFace: Bool
    }

    /// What a search for nullclines has found.
    public struct Nullclines: Equatable, Sendable {
        /// The curves, by variable.
        public let curves: [Nullcline]
        /// The number of places where a polyline may be farther from the curve than the tolerance.
        public let unresolved: Int
    }

    /// The curves in the window on which the derivative of one of the variables is 0, clipped to the simplex.
    ///
    /// With the payoffs at the price q that holders see, u = π_s − b and a = y − b,
    ///
    /// | | component | curve |
    /// |---|---|---|
    /// | all | dz/dt | s = G(x)/κ_s |
    /// | all | dq/dt | q = z |
    /// | logit | ds_i/dt | s_i = P_i(q) |
    /// | replicator | ds_i/dt | s_i = 0, and π_i = π̄ |
    /// | Smith | ds_i/dt | linear in the shares |
    /// | BNN | ds_i/dt | piecewise quadratic in the shares |
    /// | best response | ds_i/dt | s_i = 0 or 1, and the price of the tie |
    ///
    /// Each vertex is a root along a line, bracketed to two units in the last place, whatever form the curve has
    /// (`ZeroCurves`); the closed forms are the other route to them. Where a share is 0 its derivative is the inflow; the part
    /// of the face on which that is 0 belongs to the nullcline and is straight.
    ///
    /// - Parameters:
    ///   - variables: of which; the axes as a rule.
    ///   - tolerance: the largest distance between polyline and curve, as a share of the window's sides.
    ///   - cells: of the grid on which changes of sign are looked for, along each side.
    /// - Throws: `RootError` for the tolerance, the cells, or a window without a width.
    public func nullclines(
        of variables: [PortraitVariable], tolerance: Double = 1e-6, cells: Int = 256
    ) throws(RootError) -> Nullclines {
        var found: [Nullcline] = []
        var unresolved = 0
        let section = section
        for variable in variables {
            let component = SignedComponent(variable, of: field)
            let traced = try ZeroCurves(
                x: window.x, y: window.y, cells: cells, tolerance: tolerance,
                domain: { section.smallestShare(at: $0) + 4 * Double.ulpOfOne },
                of: { component.value(section.state(at: $0)) })
            found += traced.curves.filter(isMoreThanAPoint).map {
                Nullcline(variable: variable, points: $0, isFace: false)
            }
            unresolved += traced.unresolved
            found += faces(of: variable).map { Nullcline(variable: variable, points: $0, isFace: true) }
        }
        return Nullclines(curves: found, unresolved: unresolved)
    }

    /// Whether a curve is not just where one outside touches a corner of the domain.
    private func isMoreThanAPoint(_ curve: [PlanePoint]) -> Bool {
        guard let first = curve.first else { return false }
        let (width, height) = (window.x.upperBound - window.x.lowerBound, window.y.upperBound - window.y.lowerBound)
        return curve.contains { abs($0.x - first.x) > 1e-9 * width || abs($0.y - first.y) > 1e-9 * height }
    }

    /// The parts of the face s_i = 0 on which nobody takes role i up.
    private func faces(of variable: PortraitVariable) -> [[PlanePoint]] {
        guard let share = variable.share, game.revisionProtocol != .logit,
            let (start, end) = section.face(share, in: window)
        else { return [] }
        if game.revisionProtocol == .replicator { return [[start, end]] }
        func point(_ t: Double) -> PlanePoint {
            // Both ends exact.
            t == 1 ? end : PlanePoint(start.x + t * (end.x - start.x), start.y + t * (end.y - start.y))
        }
        let inflow = Inflow(share, of: field)
        func value(_ t: Double) -> Double { inflow.advantage(section.state(at: point(t))) }
        let steps = 1024
        var pieces: [[PlanePoint]] = []
        var from: Double?
        for step in 0...steps {
            let t = Double(step) / Double(steps)
            let isZero = value(t) <= 0
            if step > 0 {
                let before = Double(step - 1) / Double(steps)
                if isZero != (from != nil) {
                    // Within two ulp of the change.
                    let border =
                        (try? bracketedRoot(in: before...t) { t in
                            let advantage = value(t)
                            return advantage > 0 ? advantage : min(advantage, -.leastNonzeroMagnitude)
                        })?.value ?? (isZero ? t : before)
                    if isZero {
                        from = border
                    } else if let start = from {
                        if border - start > 1e-12 { pieces.append([point(start), point(border)]) }
                        from = nil
                    }
                }
            } else if isZero {
                from = t
            }
        }
        if let from, 1 - from > 1e-12 { pieces.append([point(from), end]) }
        return pieces
    }
}

/// A component of the field as a function that changes its sign where the component is 0 in the simplex's interior: without
/// factors that keep their sign. Defined off the simplex as well, by the same formulas.
private struct SignedComponent {
    private let variable: PortraitVariable
    private let field: RoleField

    init(_ variable: PortraitVariable, of field: RoleField) {
        self.variable = variable
        self.field = field
    }

    func value(_ state: PortraitState) -> Double {
        switch variable {
        case .price, .logPrice: return field.price.excessDemand(at: state.price, sellers: state.shares[1])
        case .observedLogPrice: return state.logPrice - state.observedLogPrice
        case .liquidityProviders, .sellers, .external: break
        }
        let game = field.game
        let (l, s, e) = (state.shares[0], state.shares[1], state.shares[2])
        let u = MeanSellingPrice(state.observedLogPrice + game.logarithmOfKept).excess
        let a = game.rewardExcess
        if game.revisionProtocol == .replicator {
            // π_i − π̄.
            switch variable {
            case .liquidityProviders: return s * (a - u) + e * a
            case .sellers: return e * u - l * (a - u)
            default: return -(l * a + s * u)
            }
        }
        let velocity = ShareVelocity(
            game.revisionProtocol, choice: field.choice, rewardExcess: a, sellerExcess: u, l, s, e)
        switch variable {
        case .liquidityProviders: return velocity.liquidityProviders
        case .sellers: return velocity.sellers
        default: return velocity.external
        }
    }
}

/// Who takes up a role that nobody plays, under Smith, BNN and the best response.
private struct Inflow {
    private let share: Int
    private let field: RoleField

    init(_ share: Int, of field: RoleField) {
        self.share = share
        self.field = field
    }

    /// By how much the role is ahead of what its inflow compares it with: at or below 0 where there is none.
    func advantage(_ state: PortraitState) -> Double {
        let game = field.game
        let u = MeanSellingPrice(state.observedLogPrice + game.logarithmOfKept).excess
        let earned = [game.rewardExcess, u, 0]
        switch game.revisionProtocol {
        case .bnn:
            return earned[share] - zip(earned, state.shares).reduce(0) { $0 + $1.0 * $1.1 }
        case .smith:
            let worst = (0..<3).filter { $0 != share && state.shares[$0] > 0 }.map { earned[$0] }.min()
            return worst.map { earned[share] - $0 } ?? 0
        case .bestResponse:
            // Ties go to LPs, and to the others before sellers.
            let best = max(game.rewardExcess, u, 0)
            let favoured = u > max(game.rewardExcess, 0) ? 1 : game.rewardExcess >= 0 ? 0 : 2
            return share == favoured ? 1 : earned[share] - best - .leastNonzeroMagnitude
        case .logit, .replicator: return 0
        }
    }
}
