import ArgumentParser
import CommandRun
import DissipativeMarket
import Figures
import Foundation
import Parallelism
import Reporting

/// `pinfi reproduce`: the data and figures of a publication, or the comparison with what is stored of them.
package struct ReproduceCommand: ParsableCommand {
    /// What can be reproduced.
    enum Study: String, CaseIterable, ExpressibleByArgument {
        case figure4
    }

    /// How the data is cut into files.
    enum Layout: String, CaseIterable, ExpressibleByArgument {
        /// A file a panel, full size, with figures.
        case panels
        /// All panels in one tidy file, at a size for notebooks, without figures.
        case tidy
    }

    package static let configuration = CommandConfiguration(
        commandName: "reproduce",
        abstract: "The data and figures of a published figure, or the comparison with what is stored of them.",
        usage: "pinfi reproduce <study> [<options>]",
        discussion: """
            figure4: the five phase diagrams of He, Mao, Li (arXiv:2404.02174), as CSV with boundaries, figures (SVG, \
            PDF, PNG) and a manifest. --output is a directory, made where it is missing; the default is ./figure4.

            With --check nothing is written: the computation is compared with the CSV files in --output, or, without \
            --output, with the expected values that pinfi carries; a difference ends with status 1 and a report.

            Examples:
              pinfi reproduce figure4 -o figure4
              pinfi reproduce figure4 -o figure4 --check
              pinfi reproduce figure4 --check
              pinfi reproduce figure4 --layout tidy -o notebook
            """)

    @Argument(help: "What to reproduce: figure4.")
    var study: Study

    @Option(parsing: .unconditional, help: "panels: a file a panel, and figures; tidy: one file for notebooks.")
    var layout: Layout = .panels

    @Flag(help: "Compare with what is stored instead of writing.")
    var check = false

    @Flag(help: "Only the data; gnuplot is not needed then.")
    var withoutFigures = false

    @OptionGroup(title: "Everywhere") var common: CommonOptions

    package func run() throws {
        if common.format != nil, common.format != .csv {
            throw CommandFailure(.usage, "--format: reproduce writes CSV only.")
        }
        if common.output == "-" {
            throw CommandFailure(.usage, "--output - : reproduce writes several files; give a directory.")
        }
        if check, common.manifest != nil {
            throw CommandFailure(.usage, "--manifest is about what is written, and with --check nothing is.")
        }
        switch (check, common.output) {
        case (false, let path):
            if !withoutFigures, layout == .panels { _ = try Gnuplot() }
            try RunContext.endCheck()
            let folder = try OutputFolder(path ?? study.rawValue)
            // What was written under temporary names is gone by then.
            defer { folder.removeIfEmpty() }
            try write(into: folder)
        case (true, let folder?): try compare(with: folder)
        case (true, nil): try compareWithExpected()
        }
    }

    // MARK: - Files

    /// A table, the file it goes to, and how it is compared.
    private struct DataFile {
        let name: String
        let table: Table
        let keys: [String]
    }

    private func files() throws -> [DataFile] {
        let data = try dataFiles()
        return data + [DataFile(name: "data-dictionary.csv", table: dictionary(of: data), keys: ["column"])]
    }

    private func dataFiles() throws -> [DataFile] {
        let cellKeys = ["alpha_ratio", "gamma_ratio"]
        let vertexKeys = ["boundary", "vertex"]
        switch layout {
        case .panels:
            let panels = try Figure4.panels.flatMap { panel in
                [
                    DataFile(
                        name: "panel-\(panel.letter).csv", table: try Figure4.cells(panel, Figure4.full),
                        keys: cellKeys),
                    DataFile(
                        name: "panel-\(panel.letter)-boundaries.csv",
                        table: try Figure4.boundaries(panel, Figure4.full), keys: vertexKeys),
                ]
            }
            return panels + [DataFile(name: "bounds.csv", table: try Figure4.bounds(), keys: ["panel"])]
        case .tidy:
            return [
                DataFile(
                    name: "cells.csv", table: try Figure4.together { try Figure4.cells($0, Figure4.notebook) },
                    keys: ["panel"] + cellKeys),
                DataFile(
                    name: "boundaries.csv",
                    table: try Figure4.together { try Figure4.boundaries($0, Figure4.notebook) },
                    keys: ["panel"] + vertexKeys),
                DataFile(name: "bounds.csv", table: try Figure4.bounds(), keys: ["panel"]),
            ]
        }
    }

    /// The columns of all files, each once.
    private func dictionary(of files: [DataFile]) -> Table {
        var columns: [Column] = []
        for column in files.flatMap(\.table.columns) where !columns.contains(where: { $0.name == column.name }) {
            columns.append(column)
        }
        return dataDictionary(of: columns)
    }

    private func write(into folder: OutputFolder) throws {
        let gnuplot = layout == .panels && !withoutFigures ? try Gnuplot() : nil
        let files = try files()
        let names = [StoredManifest.fileName] + files.map(\.name) + (gnuplot == nil ? [] : Self.figures.map(\.name))
        if let manifest = common.manifest,
            let name = names.first(where: { OutputDestination.sameDestination(manifest, folder[$0]) })
        {
            throw CommandFailure(.usage, "--manifest and \(name) in --output are one file; give it another name.")
        }
        // Everything is written under temporary names first and put in place together.
        let manifests = try [folder[StoredManifest.fileName], common.manifest].compactMap { $0 }.map {
            try OutputDestination.open($0)
        }
        var record = record()
        let bar = ProgressBar(
            "reproduce", unit: "files", total: files.count, mode: common.progress, isQuiet: common.quiet)
        var destinations: [OutputDestination] = []
        for (index, file) in files.enumerated() {
            let destination = try OutputDestination.open(folder[file.name], hashing: true)
            let summary = try CSVWriter(threads: common.threads).write(file.table, to: destination)
            record.data.append(
                Manifest.DataFile(
                    destination, columns: file.table.columns.count, summary,
                    definition: TableDefinition(
                        columns: file.table.columns, keys: file.keys, tolerance: KnownTables.tolerance)))
            destinations.append(destination)
            bar.update(index + 1)
        }
        bar.finish(files.count)
        if let gnuplot {
            for figure in try drawnFigures(gnuplot) {
                let destination = try OutputDestination.open(folder[figure.name], hashing: true)
                try figure.bytes.withUnsafeBytes { try destination.write($0) }
                record.figures.append(Manifest.Figure(path: destination.name, sha256: destination.sha256))
                destinations.append(destination)
            }
        }
        let manifest = record.manifest(inputs: [], arguments: CommandLine.arguments, threads: common.threads)
        RunContext.current?.take(manifest)
        for place in manifests { try manifest.write(to: place) }
        for destination in destinations + manifests { try destination.commit() }
        common.note("\(destinations.count + 1) files written into \(folder.path)")
    }

    /// The settings of the study, for a manifest.
    private func record() -> RunRecord {
        var record = RunRecord("reproduce", seed: common.seed)
        record.configuration["study"] = .text(study.rawValue)
        record.configuration["layout"] = .text(layout.rawValue)
        record.configuration["panels"] = .array(Figure4.panels.map(\.description))
        let size = layout == .panels ? Figure4.full : Figure4.notebook
        record.configuration["columns"] = JSONValue(size.columns)
        record.configuration["rows"] = JSONValue(size.rows)
        record.add(TradeIntensities.baseline)
        record.tolerances["boundary"] = .real(size.boundaryTolerance)
        return record
    }

    private struct DrawnFigure {
        let name: String
        let bytes: Data
    }

    /// The pictures: each panel, and all of them on one sheet, in every format.
    private static let figures: [(name: String, panel: Figure4.Panel?, format: FigureFormat)] =
        (Figure4.panels.map(Optional.some) + [nil]).flatMap { panel in
            let name = panel.map { "panel-\($0.letter)" } ?? "figure4"
            return FigureFormat.allCases.map { ("\(name).\($0.rawValue)", panel, $0) }
        }

    /// The panels at one column's width, and all of them at two.
    private func drawnFigures(_ gnuplot: Gnuplot) throws -> [DrawnFigure] {
        let work = Self.figures
        let sheets = try work.map { figure in
            try figure.panel.map { try Figure4.figure($0, size: .oneColumn) } ?? Figure4.sheet()
        }
        var pictures = [Data](repeating: Data(), count: work.count)
        try pictures.withUnsafeMutableBufferPointer { pictures in
            try forEachChunk(of: pictures, chunkSize: 1, threads: common.threads) { index, place in
                place[0] = try gnuplot.draw(sheets[index], format: work[index].format)
            }
        }
        return zip(work, pictures).map { DrawnFigure(name: $0.name, bytes: $1) }
    }

    // MARK: - Comparison

    /// Payoffs are sums of a price and L, which is within 4 ulp of a number of order one; what is close to zero is the
    /// difference of such sums.
    private static let tolerance = Tolerance.absoluteOrRelative(absolute: 1e-14, relative: 1e-14)

    private func compare(with folder: String) throws {
        func path(_ name: String) -> String { (folder as NSString).appendingPathComponent(name) }
        guard OutputFolder.exists(folder) else {
            throw CommandFailure(
                .noInput,
                "There is no directory \(shownInMessage(folder)) (--output) to compare with: write it first, without --check; or "
                    + "leave --output out, to compare with the values that pinfi carries.")
        }
        let manifest = try StoredManifest(path: path(StoredManifest.fileName))
        if let stored = manifest.setting("layout"), stored != layout.rawValue {
            throw CommandFailure(
                .usage, "\(shownInMessage(folder)) was written with --layout \(stored); compare it with that too.")
        }
        var comparisons: [FolderComparisonReport.File] = []
        var found: [(name: String, rows: Int, columns: Int)] = []
        for file in try files() {
            let stored = try CSVReader(path: path(file.name))
            let comparison = try TableComparison(keys: file.keys, defaultTolerance: Self.tolerance)
            let report = try comparison.compare(
                expected: .csv(stored), found: .table(file.table, name: "the computation"), threads: common.threads)
            comparisons.append(FolderComparisonReport.File(name: file.name, report: report))
            found.append((file.name, report.expectedRows, stored.header.count))
        }
        let told = try manifest.disagreements(path: path, found: found, record: record())
        let report = FolderComparisonReport(
            expectedName: folder, foundName: "the computation", files: comparisons)
        try tell(
            ComparisonVerdict(report, others: told.isEmpty ? [] : [StoredManifest.fileName] + told.map { "  \($0)" }))
    }

    private func compareWithExpected() throws {
        let bytes = PackageResources.figure4_expected_csv
        let expected = try CSVReader(bytes: bytes, name: "expected values of figure4")
        let comparison = try TableComparison(keys: ["panel", "quantity", "x", "y"], defaultTolerance: Self.tolerance)
        let report = try comparison.compare(
            expected: .csv(expected), found: .table(try Figure4.expectedQuantities(), name: "the computation"),
            threads: common.threads)
        try tell(ComparisonVerdict(report))
    }

    private func tell(_ verdict: ComparisonVerdict) throws {
        try verdict.tell(
            agreement: "figure4 agrees with what is stored", difference: "figure4 differs from what is stored",
            quiet: common.quiet)
    }

    package init() {}
}

extension Figure4.Panel {
    /// For a manifest.
    fileprivate var description: JSONValue {
        [
            "panel": .text(letter), "beta_ratio": .real(Self.externalRatio), "delta_ratio": .real(reservationRatio),
            "x": .array([.real(0), .real(widest)]),
            "y": .array([.real(rewards.lowerBound), .real(rewards.upperBound)]),
        ]
    }
}
