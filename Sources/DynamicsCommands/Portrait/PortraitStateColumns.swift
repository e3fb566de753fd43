import CommandRun
import Foundation
import NumericalMethods
import Reporting
import RoleDynamics

/// The columns of a state that all tables of a portrait have: the price as the axes have it, q where there is a lag, and the
/// shares.
struct PortraitStateColumns: Sendable {
    let variables: [PortraitVariable]

    init(_ portrait: PhasePortrait) {
        let section = portrait.section
        let price: PortraitVariable = section.x == .logPrice || section.y == .logPrice ? .logPrice : .price
        let hasLag = portrait.game.parameters.observationLag > 0
        variables = [price] + (hasLag ? [.observedLogPrice] : []) + PortraitVariable.shares
    }

    static func name(_ variable: PortraitVariable) -> String {
        switch variable {
        case .price, .logPrice, .observedLogPrice: variable.rawValue
        case .liquidityProviders, .sellers, .external: "share_\(variable.rawValue)"
        }
    }

    static func summary(_ variable: PortraitVariable) -> String {
        switch variable {
        case .price: "α/c, the price in units of the seller's cost"
        case .logPrice: "ln x"
        case .observedLogPrice: "q, the log price that holders see"
        case .liquidityProviders: "ℓ, share of LPs"
        case .sellers: "s, share of sellers"
        case .external: "e, share of external sellers"
        }
    }

    var columns: [Column] { variables.map { Column(Self.name($0), .real, summary: Self.summary($0)) } }

    /// The values of the columns in rows that tell them.
    func values<Row>(_ rows: [Row], _ value: (Row, PortraitVariable) -> Double?) -> [ColumnValues] {
        variables.map { variable in .real(rows.map { value($0, variable) ?? .nan }) }
    }
}
