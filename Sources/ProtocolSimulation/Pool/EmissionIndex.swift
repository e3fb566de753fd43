/// The emission as it accrues: minted into the escrow, the foundation's and the team's accounts, and counted in one index.
///
/// The LPs of pool k earn dI_k = s G ω_k dt/Σ_j ω_j U_j per unit, U_j being the units they have staked in pool j: ω_k times
/// one index for all pools. While nobody provides liquidity anywhere the LPs' part is not minted.
struct EmissionIndex: Sendable {
    private let stages: [Emission.Stage]
    private let providerShare: Double
    private let foundationShare: Double
    private let teamShare: Double
    private var stage = 0
    /// G, tokens a period now.
    private(set) var rate: Double
    /// I/ω: tokens per unit and weight that LPs have earned.
    private(set) var index = 0.0
    /// Σ ω_j U_j.
    var weightedUnits = 0.0

    init(_ emission: Emission) {
        stages = emission.stages
        providerShare = emission.providerShare
        foundationShare = emission.foundationShare
        teamShare = emission.teamShare
        rate = stages[0].tokens
    }

    /// When the rate changes next; infinite for never.
    var nextChange: Double { stage + 1 < stages.count ? stages[stage + 1].start : .infinity }

    /// The rate changes.
    mutating func change() {
        stage += 1
        rate = stages[stage].tokens
    }

    /// What a unit and weight earns a period at some weighted units.
    @inline(__always)
    func reward(of weightedUnits: Double) -> Double {
        weightedUnits > 0 ? providerShare * rate / weightedUnits : 0
    }

    /// What accrues in a span of time is minted.
    ///
    /// - Returns: the tokens minted.
    @inline(__always)
    mutating func accrue(for span: Double, into accounts: inout TokenAccounts) -> Double {
        guard rate > 0, span > 0 else { return 0 }
        let total = rate * span
        var minted = total * foundationShare + total * teamShare
        accounts.foundation.add(total * foundationShare)
        accounts.team.add(total * teamShare)
        if weightedUnits > 0 {
            let tokens = total * providerShare
            index += tokens / weightedUnits
            accounts.escrow.add(tokens)
            minted += tokens
        }
        accounts.minted.add(minted)
        accounts.turnover += minted
        return minted
    }
}
