import CommandRun
import ComplexModule
import Reporting
import RoleDynamics

/// The rest points of a game as a table and as JSON.
struct RestPointTable {
    let solution: RestPointSolution
    let rows: [RestPointRow]
    private let hasCriticalLags: Bool
    /// What is told of the linear noise; none where it was not asked for.
    let noiseQuantities: [RestPointQuantity]

    init(_ solution: RestPointSolution, criticalLags: Bool, noise: NoiseRequest? = nil) {
        self.solution = solution
        hasCriticalLags = criticalLags
        noiseQuantities =
            noise.map { request in
                RestPointQuantity.noise + (request.holders.map(RestPointQuantity.deviations) ?? [])
                    + [RestPointQuantity.noiseStatus]
            } ?? []
        rows = solution.points.enumerated().map { index, point in
            RestPointRow(
                number: index + 1, point: point, criticalLag: criticalLags ? point.criticalLag : nil,
                noise: noise.map { request in
                    Result { () throws(LinearNoiseError) in try point.linearNoise(price: request.price) }
                })
        }
    }

    /// "ok", or that there is no rest point and what the price does instead.
    var status: String {
        guard solution.points.isEmpty else { return "ok" }
        let escapes = solution.escapes.map(\.roundedSentence).joined(separator: "; ")
        return "no rest point" + (escapes.isEmpty ? "" : ": \(escapes)")
    }

    /// A row a rest point.
    var table: Table {
        table(
            of: [RestPointQuantity.number] + RestPointQuantity.state + RestPointQuantity.payoffs
                + RestPointQuantity.kind + RestPointQuantity.eigenvalues
                + (hasCriticalLags ? RestPointQuantity.criticalLags : []) + noiseQuantities)
    }

    /// A row a rest point, a column a quantity.
    func table(of quantities: [RestPointQuantity]) -> Table {
        var builders = quantities.map { ColumnBuilder($0.column.kind) }
        for row in rows {
            for index in builders.indices { builders[index].append(quantities[index].value(row)) }
        }
        let chunk = TableChunk(rowCount: rows.count, columns: builders.map(\.values))
        return Table(
            columns: quantities.map(\.column), keys: [RestPointQuantity.number.column.name],
            source: .indexed(chunkCount: 1) { _ in chunk })
    }

    /// The table of rest points by those of the quantities that at least one row has.
    func tableOfPresent(_ quantities: [RestPointQuantity]) -> Table {
        table(
            of: [RestPointQuantity.number]
                + quantities.filter { quantity in
                    rows.contains { row in
                        switch quantity.value(row) {
                        case .missing, .real(nil): false
                        default: true
                        }
                    }
                })
    }

    /// A row an eigenvalue with its conjugate, for people.
    var eigenvalueTable: Table {
        var lines: (point: [Int?], side: [String?], eigenvalue: [String?]) = ([], [], [])
        for row in rows {
            let stability = row.point.stability
            let isKinked = stability.eigenvaluesBelow != nil
            for (side, values) in [("above", stability.eigenvalues), ("below", stability.eigenvaluesBelow)] {
                for value in values ?? [] where value.imaginary <= 0 {
                    let modulus = formatRounded(-value.imaginary)
                    lines.point.append(row.number)
                    lines.side.append(isKinked ? side + " the kink" : nil)
                    lines.eigenvalue.append(
                        formatRounded(value.real) + (value.imaginary == 0 ? "" : " ± \(modulus) i"))
                }
            }
        }
        let hasSides = lines.side.contains { $0 != nil }
        let chunk = TableChunk(
            rowCount: lines.point.count,
            columns: [.integer(lines.point)] + (hasSides ? [.text(lines.side)] : []) + [.text(lines.eigenvalue)])
        return Table(
            columns: [Column("rest_point", .integer)] + (hasSides ? [Column("side", .text)] : [])
                + [Column("eigenvalue", .text)], source: .indexed(chunkCount: 1) { _ in chunk })
    }

    /// The rest points as objects.
    var json: JSONValue { .array(rows.map { .object(object($0)) }) }

    private func object(_ row: RestPointRow) -> JSONObject {
        var object = JSONObject()
        func add(_ quantities: [RestPointQuantity]) {
            for quantity in quantities { object[quantity.column.name] = JSONValue(quantity.value(row)) }
        }
        let stability = row.point.stability
        add(RestPointQuantity.state)
        add(RestPointQuantity.payoffs)
        add(RestPointQuantity.kind)
        object["eigenvalues"] = Self.pairs(stability.eigenvalues)
        object["eigenvectors"] = Self.vectors(stability.eigenvectors)
        object["eigenvalues_below"] = Self.pairs(stability.eigenvaluesBelow)
        object["eigenvectors_below"] = Self.vectors(stability.eigenvectorsBelow)
        if hasCriticalLags { add(RestPointQuantity.criticalLags) }
        add(noiseQuantities)
        return object
    }

    /// `[[re, im], …]`, or null where there are none.
    private static func pairs(_ values: [Complex<Double>]?) -> JSONValue {
        // No −0.
        values.map { .array($0.map { [.real($0.real + 0), .real($0.imaginary + 0)] }) } ?? .null
    }

    private static func vectors(_ vectors: [[Complex<Double>]]?) -> JSONValue {
        vectors.map { .array($0.map { pairs($0) }) } ?? .null
    }

    /// The escapes as objects.
    var escapes: JSONValue {
        .array(
            solution.escapes.map { escape in
                [
                    "direction": .text(escape.direction.rawValue), "face": .text(escape.face.rawValue),
                    "limit_rate": JSONValue(escape.limitRate), "marginal": .boolean(escape.isMarginal),
                    "text": .text(escape.roundedSentence),
                ]
            })
    }
}

extension PriceEscape {
    /// The escape in words, its number rounded for people.
    var roundedSentence: String { sentence { formatRounded($0) } }
}
