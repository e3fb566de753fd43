import ComplexModule
import DissipativeMarket
import Foundation
import NumericalMethods
import RealModule
import TestSupport
import Testing

@testable import RoleDynamics

@Suite struct LocalStabilityTests {
    /// J·v = μ·v with the Jacobian of ``RoleField``, all shares in it, at smooth rest points: an analytic Jacobian written
    /// apart from the linearisation, which uses the rest point's own structure. The vectors are tangent to the simplex.
    ///
    /// Tolerance: dgeev's few ε‖J‖, with λ ≤ 100 times the rounding of payoffs by which P is off the shares.
    @Test(arguments: [
        (RevisionProtocol.logit, false, false), (.logit, true, false), (.logit, false, true), (.logit, true, true),
        (.replicator, false, false), (.replicator, true, true),
    ])
    func eigenpairs(_ kind: RevisionProtocol, _ depth: Bool, _ lag: Bool) throws {
        var generator = SeededGenerator(seed: 60)
        var seen = 0
        for _ in 0..<300 {
            let game = try RoleGame.random(&generator, kind, depth: depth, lag: lag)
            for point in try game.restPoints().points {
                guard let values = point.stability.eigenvalues else {
                    // An empty pool with a depth exponent.
                    #expect(depth)
                    #expect(point.shares.liquidityProviders == 0)
                    continue
                }
                // dgeev's error is some ε‖J‖ of the balanced matrix; a nearly empty pool puts 10⁶ and more between the two,
                // as do sellers that nearly died out.
                if point.shares.sellers < 1e-6 || (depth && point.shares.liquidityProviders < 1e-2) { continue }
                seen += 1
                let vectors = try #require(point.stability.eigenvectors)
                let n = lag ? 5 : 4
                #expect(values.count == n - 1)
                #expect(vectors.count == n - 1)
                let field = RoleField(game)
                var full = try #require(jacobian(field, point.state))
                // −η(dz/dt)/ℓ, which is 0 at rest and the residual over ℓ in doubles.
                full[field.firstShare] = 0
                let norm = full.reduce(0) { max($0, abs($1)) }
                for (value, vector) in zip(values, vectors) {
                    #expect(vector.count == n)
                    let length = vector.reduce(0) { $0 + $1.lengthSquared }
                    #expect(abs(length - 1) < 1e-14)
                    let sum = vector[n - 3] + vector[n - 2] + vector[n - 1]
                    #expect(sum.length <= 4 * Double.ulpOfOne)
                    for i in 0..<n {
                        var image = Complex<Double>.zero
                        for j in 0..<n { image += Complex(full[i * n + j]) * vector[j] }
                        #expect((image - value * vector[i]).length <= 2e-12 * norm, "\(game)")
                    }
                }
            }
        }
        #expect(seen > 100)
    }

    /// The closed form of the eigenvalues without a lag against LAPACK's, at every kind of point and on both sides of a
    /// kink. By symmetric functions, in which LAPACK's error is some ε‖J‖ to the function's degree, also where two nearly
    /// coincide.
    @Test(arguments: RevisionProtocol.allCases) func closedFormOfEigenvalues(_ kind: RevisionProtocol) throws {
        var generator = SeededGenerator(seed: 63)
        var seen: [RestFace: Int] = [:]
        for round in 0..<400 {
            var game = try RoleGame.random(&generator, kind)
            if round % 4 == 0 {
                game = try RoleGame(
                    market: game.market, blockReward: game.market.externalPrice, intensities: game.intensities,
                    parameters: game.parameters, revisionProtocol: kind)
            }
            for point in try game.restPoints().points {
                for part in [point.stability.linearisation, point.stability.linearisationBelow] {
                    guard let part else { continue }
                    seen[point.face, default: 0] += 1
                    let matrix = try Matrix(part.matrix(lag: 0))
                    let norm = matrix.elements.reduce(0) { max($0, abs($1)) }
                    let computed = try eigenvalues(of: matrix)
                    let closed = part.eigenvaluesWithoutLag
                    func functions(_ v: [Complex<Double>]) -> [Complex<Double>] {
                        [
                            v[0] + v[1] + v[2], v[0] * v[1] + v[0] * v[2] + v[1] * v[2], v[0] * v[1] * v[2],
                        ]
                    }
                    for (i, (one, other)) in zip(functions(closed), functions(computed)).enumerated() {
                        #expect((one - other).length <= 1e-13 * pow(norm, Double(i + 1)), "\(i) \(game)")
                    }
                }
            }
        }
        #expect(seen.values.reduce(0, +) > (kind == .bestResponse ? 10 : 300), "\(seen)")
    }

    /// As w → 0 the damping of the replicator's focus is e^{−1/w} and less beside a rate of 0.18: its sign is kept, to where
    /// it underflows and the focus becomes a centre.
    @Test(arguments: [(0.02, RestPointType.stableFocus), (0.004, .stableFocus), (0.001, .stableFocus), (1e-4, .centre)])
    func slowDamping(_ width: Double, _ type: RestPointType) throws {
        let parameters = try RevisionParameters(demandWidth: width)
        let points = try RoleGame.baseline(0.79, .replicator, parameters: parameters).restPoints().points
        let nash = try #require(points.last)
        #expect(nash.type == type)
        #expect(points.first?.type == .saddle)
        let pair = try #require(nash.stability.eigenvalues?.last)
        // a/2 = x/(2w) κ_g F(1 − F) with F = F(−(d − x)/w).
        let tail = exp(-(1.3 - nash.price) / width)
        let damping = nash.price / (2 * width) * 0.5 * tail / ((1 + tail) * (1 + tail))
        let speculation = exp(-(nash.price - 0.7) / width) * nash.price / (4 * width)
        #expect(abs(pair.real + damping + speculation) <= 1e-9 * damping + speculation * 1e-3)
    }

    /// Without lag logit's eigenvalues are −ρ and the roots of μ² + (a + ρ)μ + aρ + K, with a = −∂(dz/dt)/∂z and
    /// K = κ_s ρ P_s′/ℓ^η: from the payoffs and the demand, by differences.
    @Test func logitInClosedForm() throws {
        var generator = SeededGenerator(seed: 61)
        for round in 0..<300 {
            let game = try RoleGame.random(&generator, .logit, depth: round % 2 == 0)
            guard let point = try game.restPoints().points.first, point.price > 1e-3 else { continue }
            let (z, rho) = (point.logPrice, game.parameters.revisionRate)
            let factor = pow(point.shares.liquidityProviders, -game.parameters.depthExponent)
            let demand = centralDifference(at: z, step: 1e-4, noise: 1e-15) { game.demand(logPrice: $0) }
            let seller = centralDifference(at: z, step: 1e-4, noise: 1e-15) { game.payoffs(logPrice: $0).seller }
            let p = point.shares.sellers
            let sum = rho - factor * demand.value
            let product =
                -factor * demand.value * rho + game.intensities.sellers * factor * rho * game.parameters.rationality * p
                * (1 - p) * seller.value
            let values = try #require(point.stability.eigenvalues)
            #expect(values.contains { ($0 + Complex(rho)).length <= 1e-12 * (rho + sum) })
            // Trace and the second symmetric function hold whatever the order of the three.
            let trace = values.reduce(Complex.zero, +)
            let pairs = values[0] * values[1] + values[0] * values[2] + values[1] * values[2]
            let bound =
                factor * (demand.error + rho * game.intensities.sellers * game.parameters.rationality * seller.error)
                + 1e-9 * (abs(sum) + abs(product))
            #expect((trace + Complex(rho + sum)).length <= bound)
            #expect((pairs - Complex(rho * sum + product)).length <= bound * (1 + rho))
        }
    }

    /// On each side of a kink the linearisation is the one-sided derivative of the field, along directions into that side.
    /// The differences are of first order: their error is h times the second derivative, some 10³ here.
    @Test(arguments: [RevisionProtocol.smith, .bnn], TieSide.allCases)
    func oneSidedDerivatives(_ kind: RevisionProtocol, _ side: TieSide) throws {
        var generator = SeededGenerator(seed: 62)
        var seen = 0
        for round in 0..<300 {
            var game = try RoleGame.random(&generator, kind)
            if round % 3 == 0 {
                game = try RoleGame(
                    market: game.market, blockReward: game.market.externalPrice, intensities: game.intensities,
                    parameters: game.parameters, revisionProtocol: kind)
            }
            for point in try game.restPoints().points where point.face != .sellers {
                let isLPs = point.face == .liquidityProvidersAndSellers
                guard let part = side == .above ? point.stability.linearisation : point.stability.linearisationBelow
                else {
                    Issue.record("no linearisation: \(game)")
                    continue
                }
                seen += 1
                let matrix = part.matrix(lag: 0)
                // The price into the side, and sellers against the role they tie with; Smith's idle role as well.
                let dz = (side == .above ? 1 : -1) * generator.uniform(0.1...1)
                let ds = generator.uniform(-0.1...0.1)
                let idle = kind == .smith ? generator.uniform(0...0.1) : 0
                let direction = isLPs ? [dz, -ds - idle, ds, idle] : [dz, idle, ds, -ds - idle]
                let h = 1e-7
                let y = zip(point.state, direction).map { $0 + h * $1 }
                let f = try #require(derivative(RoleField(game), y))
                for i in 0..<3 {
                    let linear = (0..<3).reduce(0.0) { $0 + matrix[i][$1] * direction[$1] }
                    let scale = 1 + game.parameters.revisionRate + 1 / game.parameters.demandWidth
                    #expect(abs(f[i] / h - linear) <= 1e-5 * scale * scale, "\(i): \(f[i] / h), \(linear) \(game)")
                }
                // The two sides are different, or the test would be of nothing.
                #expect(point.stability.linearisation != point.stability.linearisationBelow)
            }
        }
        #expect(seen > 200)
    }

    // MARK: - Types

    struct Row: Sendable {
        let values: [Complex<Double>]
        let type: RestPointType?
        let zeros: Int
    }

    private static func spectrum(_ values: [(Double, Double)]) -> [Complex<Double>] {
        values.map { Complex($0.0, $0.1) }
    }

    @Test(arguments: [
        Row(values: spectrum([(-1, 0), (-2, 0), (-3, 0)]), type: .stableNode, zeros: 0),
        Row(values: spectrum([(-1, 0), (-2, -1), (-2, 1)]), type: .stableFocus, zeros: 0),
        Row(values: spectrum([(1, 0), (2, 0)]), type: .unstableNode, zeros: 0),
        Row(values: spectrum([(1, 0), (2, -1), (2, 1)]), type: .unstableFocus, zeros: 0),
        Row(values: spectrum([(-1, 0), (2, -1), (2, 1)]), type: .saddle, zeros: 0),
        Row(values: spectrum([(1, 0), (-2, -1), (-2, 1)]), type: .saddle, zeros: 0),
        Row(values: spectrum([(-1, 0), (0, -1), (0, 1)]), type: .centre, zeros: 0),
        Row(values: spectrum([(-1, 0), (1e-15, -1), (1e-15, 1)]), type: .centre, zeros: 0),
        Row(values: spectrum([(1, 0), (0, -1), (0, 1)]), type: .saddle, zeros: 0),
        Row(values: spectrum([(-1, 0), (1e-16, 0)]), type: .stableNode, zeros: 1),
        Row(values: spectrum([(-1e-11, 0), (-1, 0)]), type: .stableNode, zeros: 0),
        Row(values: spectrum([(1e-11, 0), (-1, 0)]), type: .saddle, zeros: 0),
        Row(values: spectrum([(0, 0), (0, 0)]), type: nil, zeros: 2),
    ])
    func types(_ row: Row) {
        let spectrum = Spectrum(computed: row.values)
        #expect(spectrum.type == row.type)
        #expect(spectrum.zeros == row.zeros)
    }

    struct KinkedRow: Sendable {
        let above: [(Double, Double)]
        let below: [(Double, Double)]
        let type: RestPointType
    }

    /// Half a turn on each side: e^{π Re/Im} each.
    @Test(arguments: [
        KinkedRow(above: [(-0.1, 1)], below: [(-0.1, 2)], type: .stableFocus),
        KinkedRow(above: [(-0.1, 1)], below: [(0.3, 2)], type: .unstableFocus),
        KinkedRow(above: [(-0.1, 1)], below: [(0.15, 2)], type: .stableFocus),
        KinkedRow(above: [(-0.1, 1)], below: [(0.2, 2)], type: .centre),
        KinkedRow(above: [(-0.1, 1)], below: [(-1, 0), (-2, 0)], type: .stableNode),
        KinkedRow(above: [(-1, 0), (-2, 0)], below: [(-1, 0), (-3, 0)], type: .stableNode),
    ])
    func kinkedTypes(_ row: KinkedRow) {
        func side(_ values: [(Double, Double)]) -> Spectrum {
            var all: [(Double, Double)] = [(-0.4, 0)]
            for value in values {
                all.append(value)
                if value.1 != 0 { all.append((value.0, -value.1)) }
            }
            return Spectrum(Self.spectrum(all), tolerance: 0)
        }
        #expect(StabilityVerdict.kinkedType(side(row.above), side(row.below)) == row.type)
        #expect(StabilityVerdict.kinkedType(side(row.below), side(row.above)) == row.type)
    }

    /// With a lag the growth over a turn decides, between the critical lags of the two sides, 0.17146 and 0.17258, as well.
    @Test(arguments: [(0.1, RestPointType.stableFocus), (0.172, .stableFocus), (0.1721, .saddle), (0.3, .saddle)])
    func kinkWithLag(_ lag: Double, _ type: RestPointType) throws {
        let parameters = try RevisionParameters(observationLag: lag)
        let point = try #require(try RoleGame.baseline(0.79, .smith, parameters: parameters).restPoints().points.first)
        #expect(point.degeneracies.isEmpty)
        #expect(point.stability.eigenvalues?.count == 4)
        #expect(point.stability.eigenvaluesBelow?.count == 4)
        #expect(point.type == type)
        #expect(point.stability.isStable == (type == .stableFocus))
    }

    /// A lag of 1e−9 adds an eigenvalue −1/τ and leaves the others.
    @Test func tinyLag() throws {
        let parameters = try RevisionParameters(observationLag: 1e-9)
        let point = try #require(try RoleGame.baseline(0.79, parameters: parameters).restPoints().points.first)
        let without = try #require(try RoleGame.baseline(0.79).restPoints().points.first)
        let values = try #require(point.stability.eigenvalues)
        #expect(abs(values[0].real * 1e-9 + 1) < 1e-8)
        // The shift by the lag, of the order of 13τ, and dgeev's ε/τ.
        for (one, other) in zip(values.dropFirst(), try #require(without.stability.eigenvalues)) {
            #expect((one - other).length < 1e-6)
        }
        #expect(point.type == .stableFocus)
    }
}
