import RoleDynamics

/// How many holders there are in each role.
public struct RoleCounts: Equatable, Hashable, Sendable {
    public var liquidityProviders: Int
    public var sellers: Int
    public var external: Int

    public init(liquidityProviders: Int, sellers: Int, external: Int) {
        self.liquidityProviders = liquidityProviders
        self.sellers = sellers
        self.external = external
    }

    /// N holders in shares, by largest remainders.
    public init(_ shares: RoleShares, of holders: Int) {
        let counts = shares.counts(of: holders)
        self.init(liquidityProviders: counts[0], sellers: counts[1], external: counts[2])
    }

    /// N.
    public var total: Int { liquidityProviders + sellers + external }
}

extension RoleCounts {
    /// The holders of a role.
    subscript(role: HolderRole) -> Int {
        @inline(__always) get {
            switch role {
            case .liquidityProvider: liquidityProviders
            case .seller: sellers
            case .external: external
            }
        }
        @inline(__always) set {
            switch role {
            case .liquidityProvider: liquidityProviders = newValue
            case .seller: sellers = newValue
            case .external: external = newValue
            }
        }
    }
}
