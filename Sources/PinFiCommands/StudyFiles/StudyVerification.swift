import CommandRun
import Reporting

/// A baseline, the kept run directory of a study, against a new run of it.
struct StudyVerification {
    let plan: StudyPlan
    /// The folder of the baseline, as messages name it.
    let baseline: String
    let manifest: StudyManifest
    /// What the manifest says of tables by their names.
    private let definitions: [String: TableDefinition]

    /// Reads what the baseline says of itself.
    ///
    /// - Throws: `InputError` where its manifest cannot be read or is none; `CommandFailure` with 65 where it is that of
    ///   another study, or of a run that has not ended.
    init(_ plan: StudyPlan, baseline: String) throws {
        self.plan = plan
        self.baseline = baseline
        let path = RunRecords.manifestPath(baseline)
        manifest = try StudyManifest(path: path)
        guard manifest.study == plan.name else {
            throw CommandFailure(
                .badData,
                "\(shownPath(baseline)) is a baseline of the study \(shownInMessage(manifest.study)), and "
                    + "\(shownPath(plan.file)) is the study \(shownInMessage(plan.name)).")
        }
        let stored = try ManifestTables(bytes: InputBytes(path: path).readAll(atMost: 1 << 30))
        definitions = Dictionary(
            (stored?.tables ?? []).compactMap { table in table.definition.map { (table.name, $0) } }
        ) {
            first, _ in first
        }
    }

    /// How the baseline's tables that have only some rows are thinned, by file.
    var keptEvery: [String: Int] {
        let files = manifest.records.flatMap(\.outputs).filter(\.isTable)
        return Dictionary(files.map { ($0.name, $0.every) }) { first, _ in first }
    }

    /// What should be known of the baseline before its tables are compared, a sentence each.
    var notes: [String] {
        var notes: [String] = []
        let versions = Set(manifest.records.map(\.version)).union([manifest.version]).subtracting([pinfiVersion])
            .sorted()
        if !versions.isEmpty {
            notes.append("The baseline was made by pinfi \(versions.joined(separator: ", ")); this is \(pinfiVersion).")
        }
        for record in manifest.records {
            for file in record.outputs where file.isTable {
                let hash = FileHashes.sha256(ofFile: "\(baseline)/\(file.name)")
                if let hash, hash != file.sha256 {
                    notes.append(
                        "\(file.name) of the baseline is not what its manifest says (another hash): it was changed by hand. "
                            + "It is compared as it stands.")
                }
            }
            guard let task = plan.tasks.first(where: { $0.name == record.name }) else { continue }
            if task.command.name != record.command || task.settings != record.settings {
                notes.append(
                    "The task \(task.name) is not asked as in the baseline, where it was: \(record.typed)")
            }
        }
        return notes
    }

    /// The tasks of the study that the baseline lacks, or has without outputs.
    var missingTasks: [String] {
        let kept = Set(manifest.records.filter(\.status.hasOutputs).map(\.name))
        return plan.tasks.map(\.name).filter { !kept.contains($0) }
    }

    /// The baseline's tasks that the study lacks.
    var addedTasks: [String] {
        let names = Set(plan.tasks.map(\.name))
        return manifest.records.map(\.name).filter { !names.contains($0) }
    }

    /// Compares the baseline's tables with those of a new run.
    func compare(with run: RunDirectory, name: String, threads: Int) throws -> FolderComparisonReport {
        var files: [FolderComparisonReport.File] = []
        var missing: [String] = []
        var added: [String] = []
        var others: Set<String> = []
        let expected = Dictionary(manifest.records.map { ($0.name, $0) }) { first, _ in first }
        let tasks = plan.tasks.filter { expected[$0.name]?.status.hasOutputs == true }
        for task in tasks {
            guard let kept = expected[task.name], let found = run.records[task.name], found.status.hasOutputs else {
                continue
            }
            others.formUnion((kept.outputs + found.outputs).filter { !Self.isComparable($0) }.map(\.name))
            let foundTables = found.outputs.filter(Self.isComparable)
            let keptTables = kept.outputs.filter(Self.isComparable)
            // A file that is not there any more is missing from the baseline: the run adds it.
            let stored = keptTables.filter { FileHashes.sha256(ofFile: "\(baseline)/\($0.name)") != nil }
            missing += stored.filter { file in !foundTables.contains { $0.name == file.name } }.map(\.name)
            for file in foundTables {
                guard stored.contains(where: { $0.name == file.name }) else {
                    added.append(file.name)
                    continue
                }
                let report = try comparison(task, ["\(baseline)/\(file.name)", "\(run.path)/\(file.name)"])
                    .compare(
                        expected: try table("\(baseline)/\(file.name)", file.name),
                        found: try table("\(run.path)/\(file.name)", file.name), threads: threads)
                files.append(FolderComparisonReport.File(name: file.name, report: report))
            }
        }
        return FolderComparisonReport(
            expectedName: baseline, foundName: name, files: files, missing: missing, added: added,
            notCompared: others.sorted())
    }

    /// CSV, and JSON that holds a table.
    private static func isComparable(_ file: RecordedFile) -> Bool {
        file.isTable && (file.name.hasSuffix(".csv") || file.name.hasSuffix(".json"))
    }

    /// The tolerances that the study gives for columns of this table; another table of the task may have the others.
    private func comparison(_ task: PlannedTask, _ paths: [String]) throws -> TableComparison {
        var columns: Set<String> = []
        for path in paths { columns.formUnion(try reader(path).header) }
        var tolerances: [String: Tolerance] = [:]
        for tolerance in task.tolerances where columns.contains(tolerance.column) {
            tolerances[tolerance.column] = try Tolerance(tolerance.text)
        }
        return try TableComparison(tolerances: tolerances)
    }

    private func table(_ path: String, _ name: String) throws -> ComparedTable {
        let reader = try reader(path)
        return .csv(reader, definition: definitions[name] ?? KnownTables.definition(header: reader.header))
    }

    private func reader(_ path: String) throws -> CSVReader {
        guard path.hasSuffix(".json") else { return try CSVReader(path: path) }
        let bytes = try InputBytes(path: path).readAll(atMost: 1 << 30)
        return try CSVReader(bytes: Array(csvText(of: JSONValue(bytes: bytes, name: path)).utf8), name: path)
    }
}

/// A table or a record in JSON as CSV, so that one reader serves both.
private func csvText(of value: JSONValue) -> String {
    let rows: [[JSONValue]]
    if let columns = value["columns"]?.array, let data = value["data"]?.array {
        rows = [columns] + data.map { $0.array ?? [] }
    } else {
        let members = value.object?.members ?? []
        rows = [members.map { .text($0.name) }, members.map(\.value)]
    }
    func cell(_ value: JSONValue) -> String {
        switch value {
        case .null: return ""
        case .text(let text):
            return "\"\(text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
        default: return value.text
        }
    }
    return rows.map { $0.map(cell).joined(separator: ",") + "\n" }.joined()
}
