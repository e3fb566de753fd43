import CommandRun
import DissipativeMarket
import Foundation
import Reporting
import RoleDynamics

/// `--watch x=1.2`: a level whose every crossing is an event.
struct WatchOption: Sendable {
    /// What may be watched.
    private enum Quantity: String, CaseIterable {
        case x, alpha, lp, seller, external
    }
    private let quantity: Quantity
    private let level: Double
    /// The name and the value as they were given, `x=1.2` for example.
    let text: String

    init(_ text: String) throws {
        let allowed =
            "x=…, alpha=… (a price greater than 0), lp=…, seller=… or external=… (a share from 0 to 1), x=1.2 for example"
        guard let given = NamedValue(text), let quantity = Quantity(rawValue: given.name) else {
            throw ArgumentFault("allowed: \(allowed)")
        }
        let level = try decimalNumber(given.value, allowed: allowed)
        let isPrice = quantity == .x || quantity == .alpha
        guard isPrice ? level > 0 : (0...1).contains(level) else {
            throw ArgumentFault("its level is \(given.value); allowed: \(allowed)")
        }
        self.quantity = quantity
        self.level = level
        self.text = "\(given.name)=\(given.value)"
    }

    /// The level in the trajectory's own quantities.
    func watch(in market: Market) -> TrajectoryWatch {
        switch quantity {
        case .x: TrajectoryWatch(text, .logPrice, at: log(level))
        case .alpha: TrajectoryWatch(text, .logPrice, at: log(level) - log(market.sellerCost))
        case .lp: TrajectoryWatch(text, .liquidityProviders, at: level)
        case .seller: TrajectoryWatch(text, .sellers, at: level)
        case .external: TrajectoryWatch(text, .external, at: level)
        }
    }
}
