import DissipativeMarket
import Foundation

extension PoolParameters {
    /// κN F((v̄ − P)(1 − φ)/(cw)): the devices that clients of a kind would hold at a price if all found one.
    func offeredDevices(of kind: ClientKind, at price: Double) -> Double {
        let genuine = kind == .genuine
        let mean = genuine ? market.reservationPrice : market.externalPrice
        let share =
            reservationScale > 0 ? 1 / (1 + exp((price - mean) / reservationScale)) : price <= mean ? 1.0 : 0
        return (genuine ? genuineIntensity : speculatingIntensity) * Double(providers) * share
    }

    /// The devices that all clients would hold.
    func offeredDevices(at price: Double) -> Double {
        offeredDevices(of: .genuine, at: price) + offeredDevices(of: .speculating, at: price)
    }
}

/// Erlang's loss formula: the share of customers who find all of n servers busy, A being what they would keep busy
/// together, whatever the distribution of the time they take.
///
/// By the recurrence B_n = A B_{n−1}/(n + A B_{n−1}), B_0 = 1, in which nothing cancels.
///
/// - Parameters:
///   - servers: n ≥ 0.
///   - offered: A ≥ 0.
public func erlangLoss(servers: Int, offered: Double) -> Double {
    guard offered > 0 else { return servers == 0 ? 1 : 0 }
    var loss = 1.0
    for n in stride(from: 1, through: servers, by: 1) {
        loss = offered * loss / (Double(n) + offered * loss)
    }
    return loss
}
