import DissipativeMarket
import NumericalMethods
import Parallelism

/// Quantities of the rest points of a family of games, over two of its parameters.
///
/// The rest point is that of ``RoleGame/briefRestPoint()``: the Nash point, for logit the only one. x is the fast direction.
public struct RoleSurface: Sendable {
    /// A parameter by which games differ, with its values: one of ``ParameterName/ofGames``.
    public struct Axis: Equatable, Sendable {
        /// The parameter.
        public let parameter: ParameterName
        /// The parameter's values.
        public let values: GridAxis

        /// A parameter with its values.
        public init(_ parameter: ParameterName, _ values: GridAxis) {
            self.parameter = parameter
            self.values = values
        }

        var range: ClosedRange<Double> { values.start...values.stop }
    }

    /// What the games have in common, with any values for what the axes give.
    public let base: ParameterPoint
    /// The fast axis.
    public let x: Axis
    /// The slow axis; of another parameter. It is set after x, should one price be given in two ways.
    public let y: Axis
    /// What is looked at.
    public let quantities: [SurfaceQuantity]
    /// Which numbers are found on the way to others.
    private let needsEigenvalues: Bool
    private let needsRegime: Bool

    /// A surface.
    public init(base: ParameterPoint, x: Axis, y: Axis, quantities: [SurfaceQuantity]) {
        self.base = base
        self.x = x
        self.y = y
        self.quantities = quantities
        needsEigenvalues = quantities.contains(.slowestEigenvalue) || quantities.contains(.stable)
        needsRegime = quantities.contains(.regime)
    }

    /// How many cells there are; `Int.max` where there are more.
    public var count: Int { ProductGrid.count(of: [x.values.count, y.values.count]) ?? .max }

    /// Writes the numbers of the point (x, y), by direct solution, NaN for what is missing.
    ///
    /// - Parameter output: a place for each quantity that is a number, in order.
    func solve(
        x: Double, y: Double, into output: UnsafeMutableBufferPointer<Double>
    ) -> (status: SurfaceStatus, regime: RestRegime?, isStable: Bool?, outcome: Outcome?) {
        for index in output.indices { output[index] = .nan }
        let game: RoleGame
        do throws(ParameterError) {
            var values = base
            try values.set(self.x.parameter, to: x)
            try values.set(self.y.parameter, to: y)
            game = try values.makeGame()
        } catch {
            return (.outOfDomain(error), nil, nil, nil)
        }
        let outcome = needsRegime ? Equilibrium(market: game.market, blockReward: game.blockReward).outcome : nil
        let found: BriefRestPoint?
        do throws(RestPointError) { found = try game.briefRestPoint() } catch {
            return (.notFound(error), nil, nil, outcome)
        }
        guard let point = found else { return (.noRestPoint, nil, nil, outcome) }
        // The first failure, or the first of what is worth a word.
        var status = point.isSegmentEnd ? SurfaceStatus.segment : .ok
        func note(_ other: SurfaceStatus) {
            if status == .ok || (!status.isFailure && other.isFailure) { status = other }
        }
        let stability = needsEigenvalues ? point.stability : nil
        let undecided: SurfaceStatus =
            stability?.eigenvalues == nil
            ? .noEigenvalues : stability?.slowest == nil ? .growthNotFound : .stabilityUndecided
        var place = 0
        for quantity in quantities where quantity.isNumber {
            guard place < output.count else { break }
            defer { place += 1 }
            switch quantity {
            case .restPrice, .x:
                let price = quantity == .x ? point.price : point.poolPrice
                if price > 0, price < .infinity { output[place] = price } else { note(.priceNotRepresentable) }
            case .shareLP where !point.isSegmentEnd: output[place] = point.shares.liquidityProviders
            case .shareSeller: output[place] = point.shares.sellers
            case .shareExternal where !point.isSegmentEnd: output[place] = point.shares.external
            case .slowestEigenvalue:
                if let slowest = stability?.slowest { output[place] = slowest } else { note(undecided) }
            case .criticalLag:
                switch point.criticalLag {
                case .found(let critical): output[place] = critical.lag
                case .stableAtEveryLag: note(.stableAtEveryLag)
                case .unstableWithoutLag: note(.unstableWithoutLag)
                case .noLinearisation: note(.noEigenvalues)
                case .growthNotFound: note(.growthNotFound)
                }
            case .shareLP, .shareExternal, .regime, .stable: break
            }
        }
        if quantities.contains(.stable), stability?.isStable == nil {
            note(undecided)
        }
        return (
            status, needsRegime && !point.isSegmentEnd ? point.regime : nil,
            quantities.contains(.stable) ? stability?.isStable : nil, outcome
        )
    }
}

/// How a surface is computed.
public enum SurfaceAlgorithm: Sendable {
    /// Every cell by itself.
    case direct
    /// By interpolation between direct solutions at Chebyshev's nodes; for numbers that depend smoothly on both parameters.
    case chebyshev(ChebyshevAlgorithm)
}

/// Why a surface was not interpolated.
public enum SurfaceError: Error, Equatable, Sendable {
    /// The quantity is a word.
    case notANumber(SurfaceQuantity)
    /// A setting is out of its range.
    case setting(InterpolationError)
    /// The quantity has no value at a point of the rectangle.
    case missing(SurfaceQuantity, x: Double, y: Double, status: SurfaceStatus)
    /// The quantity is not smooth enough.
    case notSmooth(SurfaceQuantity, InterpolationError.Roughness)
}

/// A run of cells of a surface.
public struct SurfaceCells: Sendable {
    /// Which cells, x fastest.
    public let range: Range<Int>
    /// For each quantity that is a number, in order, the values of the cells; NaN for a missing one.
    public let values: [[Double]]
    /// The regimes, where they were asked for; nil for a missing one.
    public let regimes: [RestRegime?]
    /// Whether the points are stable, where that was asked for; nil where it is not known.
    public let stabilities: [Bool?]
    /// The sharp model's outcomes, where regimes were asked for; nil outside of its domain.
    public let outcomes: [Outcome?]
    /// One a cell; empty where all are ``SurfaceStatus/ok``.
    public let statuses: [SurfaceStatus]
}

/// A surface that can be read, a block of cells at a time, in any order and by several threads at once.
public struct SurfaceSolution: Sendable {
    /// The problem.
    public let surface: RoleSurface
    /// How the surface is solved.
    public let algorithm: SurfaceAlgorithm
    /// What is known of the interpolants, one for each quantity that is a number; nil where every cell is solved by itself.
    public let fit: ChebyshevFit?
    private let grids: [ChebyshevGrid]

    /// The cells of a block that are solved by themselves.
    private static let cellsAtOnce = 4096

    /// Prepares a surface; for ``SurfaceAlgorithm/direct`` there is nothing to do yet.
    ///
    /// - Throws: ``SurfaceError`` where a quantity is not smooth enough to be interpolated.
    public init(
        _ surface: RoleSurface, algorithm: SurfaceAlgorithm, threads: Int = availableProcessors
    ) throws(SurfaceError) {
        self.surface = surface
        self.algorithm = algorithm
        guard case .chebyshev(let settings) = algorithm else {
            fit = nil
            grids = []
            return
        }
        if let word = surface.quantities.first(where: { !$0.isNumber }) { throw .notANumber(word) }
        let fit: ChebyshevFit
        do throws(InterpolationError) {
            fit = try ChebyshevFit(
                x: surface.x.range, y: surface.y.range, outputs: surface.quantities.count, algorithm: settings,
                threads: threads
            ) { x, y, output in
                _ = surface.solve(x: x, y: y, into: output)
            }
        } catch {
            switch error {
            case .setting: throw .setting(error)
            case .missing(let output, let x, let y):
                var values = [Double](repeating: .nan, count: surface.quantities.count)
                let status = values.withUnsafeMutableBufferPointer { surface.solve(x: x, y: y, into: $0).status }
                throw .missing(surface.quantities[output], x: x, y: y, status: status)
            case .notSmooth(let reached): throw .notSmooth(surface.quantities[reached.output], reached)
            }
        }
        let columns = (0..<surface.x.values.count).map { surface.x.values[$0] }
        let rows = (0..<surface.y.values.count).map { surface.y.values[$0] }
        self.fit = fit
        grids = fit.surfaces.map { ChebyshevGrid($0, columns: columns, rows: rows, threads: threads) }
    }

    /// How many blocks there are.
    public var blockCount: Int {
        grids.first?.blockCount ?? (surface.count / Self.cellsAtOnce + (surface.count % Self.cellsAtOnce > 0 ? 1 : 0))
    }

    /// The cells of a block.
    public func range(ofBlock block: Int) -> Range<Int> {
        guard let grid = grids.first else {
            let first = block * Self.cellsAtOnce
            return first..<min(first + Self.cellsAtOnce, surface.count)
        }
        let (rows, width) = (grid.rowRange(ofBlock: block), surface.x.values.count)
        return rows.lowerBound * width..<rows.upperBound * width
    }

    /// The cells of a block, computed now.
    public func cells(block: Int) -> SurfaceCells {
        let range = range(ofBlock: block)
        guard grids.isEmpty else {
            let values = grids.map { grid in
                [Double](unsafeUninitializedCapacity: range.count) { output, initialized in
                    grid.fill(block: block, into: UnsafeMutableBufferPointer(rebasing: output[..<range.count]))
                    initialized = range.count
                }
            }
            return SurfaceCells(range: range, values: values, regimes: [], stabilities: [], outcomes: [], statuses: [])
        }
        let width = surface.x.values.count
        let numbers = surface.quantities.count(where: \.isNumber)
        let hasRegime = surface.quantities.contains(.regime)
        let hasStability = surface.quantities.contains(.stable)
        var values = [[Double]](repeating: [], count: numbers)
        for index in values.indices { values[index].reserveCapacity(range.count) }
        var regimes: [RestRegime?] = []
        var stabilities: [Bool?] = []
        var outcomes: [Outcome?] = []
        var statuses: [SurfaceStatus] = []
        withUnsafeTemporaryAllocation(of: Double.self, capacity: max(numbers, 1)) { memory in
            memory.initialize(repeating: .nan)
            let output = UnsafeMutableBufferPointer(rebasing: memory[..<numbers])
            for cell in range {
                let found = surface.solve(
                    x: surface.x.values[cell % width], y: surface.y.values[cell / width], into: output)
                for index in 0..<numbers { values[index].append(output[index]) }
                if hasRegime {
                    regimes.append(found.regime)
                    outcomes.append(found.outcome)
                }
                if hasStability { stabilities.append(found.isStable) }
                if found.status != .ok, statuses.isEmpty {
                    statuses = [SurfaceStatus](repeating: .ok, count: cell - range.lowerBound)
                    statuses.reserveCapacity(range.count)
                    statuses.append(found.status)
                } else if !statuses.isEmpty {
                    statuses.append(found.status)
                }
            }
        }
        return SurfaceCells(
            range: range, values: values, regimes: regimes, stabilities: stabilities, outcomes: outcomes,
            statuses: statuses)
    }

    /// All values of a quantity that is a number, x fastest; NaN for missing ones.
    public func values(of quantity: SurfaceQuantity, threads: Int = availableProcessors) -> [Double] {
        guard let index = surface.quantities.filter(\.isNumber).firstIndex(of: quantity) else { return [] }
        if grids.indices.contains(index) { return grids[index].values(threads: threads) }
        return [Double](unsafeUninitializedCapacity: surface.count) { output, initialized in
            preferLargePages(for: output)
            forEachChunk(of: output, chunkSize: Self.cellsAtOnce, threads: threads) { start, chunk in
                let cells = cells(block: start / Self.cellsAtOnce)
                _ = chunk.initialize(from: cells.values[index])
            }
            initialized = surface.count
        }
    }
}
