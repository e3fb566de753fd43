import DissipativeMarket
import Foundation

/// What theory says of the metrics at rest, for many providers.
public enum ProtocolTheory {
    /// κ_g E[v − P]₊: the surplus per device and period of genuine clients who pay P if they value it more.
    private static func surplus(of pool: PoolParameters, at price: Double) -> Double {
        let scale = pool.reservationScale
        let gap = pool.market.reservationPrice - price
        // scale · ln(1 + e^{gap/scale}) without overflow.
        return pool.genuineIntensity
            * (scale > 0 ? max(gap, 0) + scale * log1p(exp(-abs(gap) / scale)) : max(gap, 0))
    }

    /// The value of a metric of a pool at the rest point of its fluid limit; nil where there is none.
    public static func pool(_ metric: ProtocolMetric, _ parameters: ProtocolParameters, pool index: Int) -> Double? {
        guard let rest = FluidLimit(parameters, pool: index)?.rest() else { return nil }
        let pool = parameters.pools[index]
        let market = pool.market
        let (l, s) = (rest.liquidity, rest.seller)
        let minted: Double
        let reward: Double
        switch parameters.rewards {
        case .fixed:
            reward = pool.blockReward
            minted = l * reward
        case .emission(let emission):
            let perDevice = emission.stages[0].tokens / (Double(pool.providers) * pool.unitSize)
            reward = emission.providerShare * perDevice / l
            minted = perDevice
        }
        let certificate = pool.burnCertificate
        let sale = (1 - market.swapFee) * rest.price - market.expectedForfeit
        switch metric {
        case .utilisationCreated: return rest.consumption / (l + s + pool.seedLiquidity)
        case .utilisationCapacity: return rest.consumption
        case .incomeLP: return reward - certificate
        case .incomeSeller: return sale - certificate
        case .incomeMarket: return l * (reward - certificate) + s * (sale - certificate)
        case .lpRefundGain: return 0
        case .timeToFirstIncome: return l / (l + s)
        case .clientSurplus: return surplus(of: pool, at: rest.price / (1 - market.swapFee))
        case .netMintedPerUnit:
            // At rest as much is sold as is bought, and each side burns its fee.
            let fees = s * rest.price * (market.swapFee + market.swapFee / (1 - market.swapFee))
            return (minted - fees - s * market.expectedForfeit - (l + s) * certificate) / rest.consumption
        case .volatility, .outcomeExodus, .outcomeBalanced, .outcomeScarcity: return nil
        }
    }

    /// The value of a metric of the order book by Erlang's formula and Little's law, or, where entry is free, of the
    /// utilisation of what is listed as λ grows; nil where there is none.
    public static func posted(_ metric: ProtocolMetric, _ pool: PoolParameters, _ book: OrderBookParameters) -> Double?
    {
        let market = pool.market
        let devices = Double(pool.providers)
        let offered = pool.offeredDevices(at: book.listPrice)
        let loss = erlangLoss(servers: pool.providers, offered: offered)
        let used = offered * (1 - loss) / devices
        let usedByGenuine = pool.offeredDevices(of: .genuine, at: book.listPrice) * (1 - loss) / devices
        let margin = book.listPrice - market.expectedForfeit
        if book.entry == .free {
            guard metric == .utilisationCreated, pool.speculatingIntensity == 0 else { return nil }
            let indifferent = (market.externalPrice - book.subsidy) / margin
            return margin > 0 && indifferent <= 1 ? max(indifferent, used) : nil
        }
        switch metric {
        case .utilisationCreated, .utilisationCapacity: return usedByGenuine
        case .incomeSeller, .incomeMarket: return used * margin + book.subsidy
        case .timeToFirstIncome: return used > 0 ? pool.orderSize / pool.unitSize * (1 / used - 1) : nil
        case .clientSurplus: return surplus(of: pool, at: book.listPrice) * (1 - loss)
        case .netMintedPerUnit:
            return usedByGenuine > 0 ? (book.subsidy - used * market.expectedForfeit) / usedByGenuine : nil
        case .volatility: return 0
        default: return nil
        }
    }
}
