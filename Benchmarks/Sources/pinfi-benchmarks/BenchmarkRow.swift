import Reporting

/// The measurements of one piece of work on a number of threads.
struct BenchmarkRow {
    /// The name, as in the file of limits.
    let name: String
    let threads: Int
    let costs: PairedCosts
    /// What the peer is, or why there is none.
    let peer: String
    /// The median of ours in a unit of its own, in words.
    let rate: String

    init(_ name: String, threads: Int, costs: PairedCosts, peer: String, rate: String = "") {
        self.name = name
        self.threads = threads
        self.costs = costs
        self.peer = peer
        self.rate = rate
    }

    /// The same measurements under another name.
    func named(_ name: String) -> BenchmarkRow {
        BenchmarkRow(name, threads: threads, costs: costs, peer: peer, rate: rate)
    }

    /// What a limit can be set to.
    enum Quantity: String, CaseIterable {
        /// The median of ours over the peer's, pair by pair.
        case ratio
        /// The same of processor time, which other work on the machine disturbs less.
        case cpuRatio = "cpu-ratio"
        /// The median of ours in milliseconds.
        case milliseconds
        /// The median of our processor time in milliseconds.
        case cpuMilliseconds = "cpu-milliseconds"
    }

    /// The median of a quantity; NaN where there is no peer to form a ratio with.
    func value(_ quantity: Quantity) -> Double {
        switch quantity {
        case .ratio: median(costs.ratios())
        case .cpuRatio: median(costs.ratios(\.cpuSeconds))
        case .milliseconds: 1000 * costs.seconds
        case .cpuMilliseconds: 1000 * median(costs.ours.map(\.cpuSeconds))
        }
    }
}

/// All rows as a table, with their marks.
func resultTable(_ rows: [BenchmarkRow], limits: [Limit]) -> Table {
    func real(_ value: (BenchmarkRow) -> Double) -> ColumnValues { .real(rows.map(value)) }
    func text(_ value: (BenchmarkRow) -> String?) -> ColumnValues { .text(rows.map(value)) }
    func mark(_ row: BenchmarkRow) -> Limit? { limits.first { $0.mark != nil && $0.applies(to: row) } }
    let columns: [(Column, ColumnValues)] = [
        (Column("benchmark", .text, summary: "what is measured"), text { $0.name }),
        (Column("threads", .integer), .integer(rows.map(\.threads))),
        (Column("ours", .real, unit: "ms", summary: "median of ours"), real { rounded($0.value(.milliseconds)) }),
        (
            Column("peer", .real, unit: "ms", summary: "median of the peer"),
            real { rounded(1000 * median($0.costs.peer.map(\.seconds))) }
        ),
        (
            Column("ratio", .real, summary: "median of ours over the peer's, pair by pair"),
            real { rounded($0.value(.ratio)) }
        ),
        (Column("least", .real, summary: "least ratio"), real { rounded($0.costs.ratios().min() ?? .nan) }),
        (Column("most", .real, summary: "largest ratio"), real { rounded($0.costs.ratios().max() ?? .nan) }),
        (
            Column("cpu-ratio", .real, summary: "the same of processor time, all threads together"),
            real { rounded($0.value(.cpuRatio)) }
        ),
        (Column("pairs", .integer, summary: "pairs, or runs without a peer"), .integer(rows.map(\.costs.ours.count))),
        (Column("mark", .text, summary: "what must be reached"), text { mark($0)?.markInWords }),
        (Column("reached", .text), text { row in mark(row)?.isReached(by: row).map { $0 ? "yes" : "no" } }),
        (Column("rate", .text, summary: "ours, in a unit of its own"), text { $0.rate }),
        (Column("against", .text, summary: "what the peer is"), text { $0.peer }),
    ]
    return Table(
        columns: columns.map(\.0),
        source: .indexed(chunkCount: 1) { _ in TableChunk(rowCount: rows.count, columns: columns.map(\.1)) })
}

/// Three significant digits: the machine gives no more.
private func rounded(_ value: Double) -> Double {
    value.isFinite ? Double(formatRounded(value, digits: 3)) ?? value : value
}
