import CPeers
import DissipativeMarket
import Foundation
import NumericalMethods
import RoleDynamics

/// Integrates the same trajectories by pinfi or by GSL alone in C, for a program that counts instructions to watch:
///
///     pinfi-instructions ours|c rkf45|rkck|rk8pd|adams COUNT
///
/// Both follow the baseline's logit dynamics from COUNT prices to t = 20 at rtol 1e−8 and atol 1e−10 with a first step of
/// 1e−6, by the same formulas; the end of the first is printed, and how many steps it took.
@main
enum Instructions {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let count = Int(arguments[3]), let method = ODEMethod(rawValue: arguments[2]),
            ["ours", "c"].contains(arguments[1]), method != .bdf
        else {
            FileHandle.standardError.write(Data("usage: pinfi-instructions ours|c rkf45|rkck|rk8pd|adams COUNT\n".utf8))
            exit(64)
        }
        let starts = (0..<count).map { log(0.3 + 0.01 * Double($0)) }
        let ends = arguments[1] == "ours" ? try ours(method, starts) : try inC(method, starts)
        if let first = ends.first { print(first.price, first.steps) }
    }

    private static func ours(_ method: ODEMethod, _ starts: [Double]) throws -> [(price: Double, steps: Int)] {
        let game = try RoleGame(
            market: Market(externalRatio: 0.7, reservationRatio: 1.3), blockReward: 0.79)
        let shares = try RoleShares(liquidityProviders: 0.5, sellers: 0.1)
        let algorithm = try ODEAlgorithm(
            method: method, relativeTolerance: 1e-8, absoluteTolerance: 1e-10, initialStep: 1e-6)
        return try starts.map { start in
            let trajectory = try RoleTrajectory(
                game, logPrice: start, shares: shares, until: 20, algorithm: algorithm)
            guard let sample = try trajectory.advance(to: 20) else { return (.nan, 0) }
            return (sample.logPrice, trajectory.statistics.acceptedSteps)
        }
    }

    private static func inC(_ method: ODEMethod, _ starts: [Double]) throws -> [(price: Double, steps: Int)] {
        starts.map { start in
            var state = [Double](repeating: 0, count: 4)
            var steps = 0
            let status = peer_logit_path(method.rawValue, 0.79, start, 20, 1e-8, 1e-10, 1e-6, &state, &steps)
            return (status == 0 ? state[0] : .nan, steps)
        }
    }
}
