import ProtocolSimulation
import Reporting

/// Every movement of units and tokens of one run, as a table that is written while the run goes on.
enum LedgerTable {
    static let columns = [
        Column("event", .integer, summary: "number of the event, from 1; the rows of an event share it"),
        Column("time", .real, unit: "time", summary: "time, in the unit of --period"),
        Column(
            "kind", .text,
            summary: "what is moved: \(LedgerKind.allCases.map(\.rawValue).joined(separator: ", "))"),
        Column("pool", .text, summary: "device type"),
        Column(
            "actor", .integer,
            summary: "number of the provider or client; seed lots are numbered after the providers; empty for none"),
        Column("units", .real, unit: "units", summary: "units moved"),
        Column("tokens", .real, unit: "tokens", summary: "tokens moved: received by a seller, paid by a client"),
        Column("fee", .real, unit: "tokens", summary: "what is burned of a swap beside, or within, the tokens"),
        Column("reserve_asset", .real, unit: "units", summary: "units in the pool after the movement"),
        Column("reserve_token", .real, unit: "tokens", summary: "tokens in the pool after the movement"),
        Column("price", .real, unit: "tokens per unit", summary: "price after the movement"),
        Column("minted", .real, unit: "tokens", summary: "all tokens minted, those at the start among them"),
        Column("burned", .real, unit: "tokens", summary: "all tokens burned"),
        Column(
            "audit_error", .real, unit: "tokens",
            summary: "accounts and reserves minus what was minted and not burned, after the event"),
    ]

    /// - Parameters:
    ///   - reader: the run.
    ///   - pools: the names of the pools.
    ///   - period: T, in the unit of --period.
    static func table(_ reader: LedgerReader, pools: [String], period: Double) -> Table {
        var reader = reader
        return Table(
            columns: columns,
            source: .sequential {
                guard let rows = try reader.next() else { return nil }
                return TableChunk(
                    rowCount: rows.count,
                    columns: [
                        .integer(rows.map(\.event)), .real(rows.map { $0.time * period }),
                        .text(rows.map(\.kind.rawValue)), .text(rows.map { pools[$0.pool] }),
                        .integer(rows.map { $0.actor < 0 ? nil : $0.actor }), .real(rows.map(\.units)),
                        .real(rows.map(\.tokens)), .real(rows.map(\.fee)), .real(rows.map(\.reserveAsset)),
                        .real(rows.map(\.reserveToken)),
                        .real(rows.map { $0.reserveAsset > 0 ? $0.reserveToken / $0.reserveAsset : .nan }),
                        .real(rows.map(\.minted)), .real(rows.map(\.burned)), .real(rows.map(\.auditError)),
                    ])
            })
    }
}
