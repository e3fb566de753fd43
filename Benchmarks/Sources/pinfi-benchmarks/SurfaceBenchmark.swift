import DissipativeMarket
import NumericalMethods
import Reporting
import RoleDynamics

/// Rest points of the baseline logit system in a batch, and surfaces of them, over rewards y in 0.5 … 1.1 and reservation
/// prices d in 1.0 … 1.6.
struct SurfaceBenchmark {
    private static let points = 100
    private static let cells = 1000
    private let games: [RoleGame]
    private let surface: RoleSurface

    init() throws {
        let rewards = try Self.axis(0.5, 1.1, Self.points)
        let prices = try Self.axis(1, 1.6, Self.points)
        games = try (0..<Self.points * Self.points).map { cell in
            try RoleGame(
                market: Market(externalRatio: 0.7, reservationRatio: prices[cell / Self.points]),
                blockReward: rewards[cell % Self.points])
        }
        surface = RoleSurface(
            base: ParameterPoint(games[0]), x: RoleSurface.Axis(.y, try Self.axis(0.5, 1.1, Self.cells)),
            y: RoleSurface.Axis(.d, try Self.axis(1, 1.6, Self.cells)), quantities: [.restPrice])
    }

    private static func axis(_ start: Double, _ stop: Double, _ count: Int) throws -> GridAxis {
        guard let axis = GridAxis(start: start, stop: stop, count: count) else {
            throw BenchmarkFailure("no axis from \(start) to \(stop)")
        }
        return axis
    }

    func rows(threads: Int, pairs: Int) throws -> [BenchmarkRow] {
        var rows: [BenchmarkRow] = []
        if threads == 1 {
            let costs = try PairedCosts(pairs: pairs) {
                try cost { try slowest() }
            } peer: {
                nil
            }
            let time = 1e6 * costs.seconds / Double(games.count)
            rows.append(
                BenchmarkRow(
                    "rest-points", threads: 1, costs: costs, peer: "",
                    rate: formatRounded(time, digits: 3) + " µs a rest point with eigenvalues"))
        }
        for (name, algorithm) in try Self.algorithms() {
            let costs = try PairedCosts(pairs: pairs) {
                try cost { try prices(algorithm, threads: threads) }
            } peer: {
                nil
            }
            let time = 1e9 * costs.seconds / Double(surface.count)
            rows.append(
                BenchmarkRow(
                    name, threads: threads, costs: costs, peer: "",
                    rate: formatRounded(time, digits: 3) + " ns a cell"))
        }
        return rows
    }

    /// The largest difference of the two surfaces, and what was known of it beforehand.
    func accuracy() throws -> [String] {
        let algorithms = try Self.algorithms()
        let direct = try prices(algorithms[0].algorithm, threads: 2)
        let solution = try SurfaceSolution(surface, algorithm: algorithms[1].algorithm, threads: 2)
        let worst = zip(direct, solution.values(of: .restPrice, threads: 2)).map { abs($0 - $1) }.max() ?? .nan
        guard let fit = solution.fit else { throw BenchmarkFailure("nothing was interpolated") }
        return [
            "surface-chebyshev: largest difference from the direct surface \(formatRounded(worst, digits: 3)), estimated "
                + "\(formatRounded(fit.errorEstimates[0], digits: 3)), at the points checked "
                + "\(formatRounded(fit.checkedErrors[0], digits: 3)); degrees \(fit.surfaces[0].degreeX) × "
                + "\(fit.surfaces[0].degreeY), \(fit.evaluations) direct solutions"
        ]
    }

    private static func algorithms() throws -> [(name: String, algorithm: SurfaceAlgorithm)] {
        [
            ("surface-direct", .direct),
            // Prices go up to 1.8: an error below 1e−9.
            ("surface-chebyshev", .chebyshev(try ChebyshevAlgorithm(tolerance: 1e-10))),
        ]
    }

    private func prices(_ algorithm: SurfaceAlgorithm, threads: Int) throws -> [Double] {
        try SurfaceSolution(surface, algorithm: algorithm, threads: threads).values(of: .restPrice, threads: threads)
    }

    /// Price, shares, eigenvalues, type and slowest eigenvalue of each game.
    private func slowest() throws -> [Double] {
        try games.map { game in
            guard let point = try game.briefRestPoint(), let slowest = point.stability.slowest else {
                throw BenchmarkFailure("a game of the baseline has no rest point")
            }
            return slowest
        }
    }
}
