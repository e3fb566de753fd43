import ArgumentParser
import DissipativeMarket
import Reporting
import RewardStudies

/// `pinfi sweep`: any quantities over ranges or samples of any parameters.
struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Any quantities over ranges or samples of any parameters.",
        discussion: """
            A row for every value of the first --vary with every value of each other one, the first fastest; or, where \
            --vary gives distributions, a row a sample of the --design. Its columns: the varied parameters, the \
            quantities, and status: ok, or which quantity has no value there and why. A point that is outside of a \
            domain is a row that says so; no row disturbs another. Quantities of role dynamics (share_lp, \
            slowest_eigenvalue, critical_lag, …) are of its rest point, an extension of the paper's model.

            Examples:
              pinfi sweep --beta 0.7 --delta 1.6 --theta 1.5 --vary p=0:0.2:201 \\
                --quantity gamma_max,band_width
              pinfi sweep --b 0.7 --vary d=1:1.5:101 --vary y=0.5:1.1:101 \\
                --quantity outcome,rest_price -o regimes.csv
              pinfi sweep --b 0.7 --d 1.3 --vary y=0.5:1.1:121 \\
                --quantity share_lp,critical_lag --plot shares.svg
              pinfi sweep --delta 1.6 --theta 1.5 --vary 'beta=uniform(0.5,0.9)' \\
                --vary 'p=beta(2,18)' --design sobol --samples 4096 \\
                --correlation beta,p=-0.3 --quantity band_width -o sample.csv
            """)

    @OptionGroup(title: "The study") var study: StudyOptions
    @OptionGroup(title: "The sample") var design: DesignOptions
    @Option(
        parsing: .unconditional, help: ArgumentHelp("Only these columns, in this order.", valueName: "a,b,c"),
        transform: namesArgument)
    var columns: [String]?
    @OptionGroup(title: "The market") var market: MarketOptions
    @OptionGroup(title: "The point") var point: PointOptions
    @OptionGroup(title: "Role dynamics (an extension)") var role: RoleOptions
    @OptionGroup(title: "The figure") var plot: PlotOptions
    @OptionGroup(title: "Everywhere") var common: CommonOptions

    func run() throws {
        let setup = try StudySetup(study: study, market: market, point: point, role: role)
        guard !setup.varied.isEmpty else {
            throw CommandFailure(
                .usage, "What varies is missing: give --vary NAME=start:stop:count, y=0.5:1.1:25 for example.")
        }
        let all = SweepTable.columns(setup)
        let names = try Table(
            columns: all, source: .indexed(chunkCount: 0) { _ in TableChunk(rowCount: 0, columns: []) }
        ).selecting(columns ?? all.map(\.name)).columns.map(\.name)
        let seed = common.seed ?? 0
        let points = try points(setup, seed: seed, columns: names.count)
        let count = points.count
        try SweepFigure.check(setup, isAsked: plot.isAsked)
        try common.refuseSharedOutputs(plot.outputs + study.outputs)

        var record = try RunRecord("sweep", path: common.manifest, common: common)
        setup.describe(in: &record, role: role)
        if let sample = points as? SampleDesign {
            design.describe(sample, of: setup, in: &record)
            record.seed = seed
        }
        record.configuration["columns"] = .array(names.map { .text($0) })
        let prepared = try plot.prepare(hashing: record.isWanted)
        let destination = try OutputDestination.open(common.output, hashing: record.isWanted)
        let tally = SweepTally(
            quantities: setup.quantities.count, keeping: prepared == nil ? nil : SweepFigure.keptRows(of: points))
        let table = try SweepTable(setup: setup, points: points, tally: tally).table(names)
        let bar = ProgressBar("sweep", unit: "rows", total: count, options: common)
        let summary = try common.write(table, to: destination, keyColumns: setup.varied.count, progress: bar)
        record.addData(destination, columns: names.count, summary)
        let dictionary = try study.writeDictionary(of: table.columns, in: &record)
        let counts = tally.counts
        record.failedCells = counts.failedRows
        if let prepared {
            try prepared.draw(
                SweepFigure(setup: setup, rows: tally.kept, title: plot.title).sheet(width: plot.plotWidth))
            if let picture = prepared.picture { record.addFigure(picture) }
        }
        try dictionary?.commit()
        try prepared?.commit()
        try destination.commit()
        try record.finish()
        for name in setup.idle { common.note("None of the quantities depends on \(name.short).") }
        if counts.failedRows > 0 {
            common.warn(
                "\(counts.failedRows) of \(count) rows have no value of some quantity: "
                    + counts.sentences(setup.quantities).joined(separator: ", ") + "; see their status.")
        }
    }

    /// The rows: the product of ranges, or a sample of distributions.
    private func points(_ setup: StudySetup, seed: UInt64, columns: Int) throws -> any PointSet {
        let distributions = setup.distributions.compactMap { $0 }
        if distributions.count == setup.varied.count {
            let rows = OutputSize(
                options: "--samples", rows: design.samples, columns: columns, estimate: Double(design.samples ?? 0),
                text: "", unit: "rows")
            if design.samples != nil { _ = try checked(rows, lower: "Lower it.") }
            return try design.sample(setup, distributions: distributions, seed: seed, common: common)
        }
        guard distributions.isEmpty else {
            throw CommandFailure(
                .usage,
                "--vary gives ranges and distributions, which make a grid and a sample; give all of one kind "
                    + "(uniform(low,high) is the distribution of a range).")
        }
        if let option = design.firstGiven {
            throw CommandFailure(
                .usage, "\(option) is about samples of distributions, and --vary gives ranges, which make a grid.")
        }
        let axes = setup.varied.compactMap { variation -> GridAxis? in
            if case .range(let axis) = variation.values { axis } else { nil }
        }
        var rows: Int? = 1
        for axis in axes {
            let product = rows?.multipliedReportingOverflow(by: axis.count)
            rows = product.flatMap { $0.overflow ? nil : $0.partialValue }
        }
        let size = OutputSize(
            options: "--vary", rows: rows, columns: columns, estimate: axes.reduce(1) { $0 * Double($1.count) },
            text: axes.map { String($0.count) }.joined(separator: " × "), unit: "rows")
        _ = try checked(size, lower: "Lower a count.")
        do throws(DesignError) { return try GridDesign(axes) } catch {
            throw CommandFailure(.usage, "--vary: \(error).")
        }
    }

    private func checked(_ size: OutputSize, lower: String) throws -> Int {
        try size.checkedRows(
            for: common.output, lower: lower,
            otherwise: "\(lower.dropLast()), choose --columns, or write elsewhere.")
    }
}
