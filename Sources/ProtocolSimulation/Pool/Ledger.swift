/// What all pools of a run share: the token accounts, the emission, the journal, and the first rule found broken.
struct Ledger: Sendable {
    var accounts = TokenAccounts()
    /// nil where rewards are fixed.
    var emission: EmissionIndex?
    var journal: Journal
    /// Whether each movement is checked.
    let checksMovements: Bool
    var broken: BrokenInvariant?

    /// Keeps the first rule that was found broken.
    @inline(__always)
    mutating func note(_ invariant: BrokenInvariant?) {
        if let invariant, broken == nil { broken = invariant }
    }
}
