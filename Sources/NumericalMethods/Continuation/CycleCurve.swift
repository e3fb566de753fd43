import CLAPACKE
import ComplexModule
import RealModule

/// The cycles of a system with one parameter, as a curve in (u(·), T, p): u′ = T f(u, p), u(0) = u(1), collocated with
/// polynomials at Gauss points, the error of which at mesh points falls like h^{2m} for degree m.
///
/// The phase is held by ∫⟨u, v′⟩ dt = 0 with the last cycle v. Unknowns: u at m + 1 equidistant nodes of each interval of the
/// mesh, neighbours sharing theirs, then T and p.
public struct CycleCurve: CurveProblem, Sendable {
    /// What is known of a cycle beside its unknowns.
    public struct Details: Sendable {
        /// The Floquet multipliers by falling modulus, of a pair the positive imaginary part first, the trivial one included.
        public let multipliers: [Complex<Double>]
        /// The place of the trivial multiplier: the one nearest to 1.
        public let trivialIndex: Int
        /// The inner product with the last cycle, both about their means, over that one's square: near 1, and negative beyond the
        /// Hopf point at which a family ends, where its cycles come again with half a turn.
        public let alignment: Double
        /// The weighted root mean square about the mean.
        public let amplitude: Double
        /// The parameter's component of the tangent, 0 at a fold of cycles.
        public let parameterTangent: Double
        /// The mesh, from 0 to 1.
        public let mesh: [Double]

        /// |μ − 1| of the trivial multiplier, which tells the error of all.
        public var multiplierError: Double { (multipliers[trivialIndex] - 1).length }
        /// The multipliers but the trivial one.
        public var others: [Complex<Double>] {
            multipliers.indices.filter { $0 != trivialIndex }.map { multipliers[$0] }
        }
        /// How many multipliers but the trivial one are outside of the unit circle.
        public var unstableCount: Int { others.count { $0.length > 1 } }
        /// det(M + I) without the trivial multiplier, which vanishes at a period doubling.
        public var doublingTest: Double { others.reduce(Complex<Double>(1)) { $0 * ($1 + 1) }.real }
        /// Π_{i<j}(μ_iμ_j − 1) without the trivial multiplier, which vanishes with a pair on the unit circle.
        public var torusTest: Double {
            var product = Complex<Double>(1)
            for i in others.indices {
                for j in 0..<i { product *= others[i] * others[j] - 1 }
            }
            return product.real
        }
        /// Whether the two multipliers whose product is nearest to 1 are a complex pair.
        public var torusPairIsComplex: Bool {
            var best = (distance: Double.infinity, isComplex: false)
            for i in others.indices {
                for j in 0..<i {
                    let distance = (others[i] * others[j] - 1).length
                    if distance < best.distance { best = (distance, others[i].imaginary != 0) }
                }
            }
            return best.isComplex
        }
    }

    public let system: any SmoothSystem
    let rule: CollocationRule
    /// The mesh, from 0 to 1.
    public private(set) var mesh: [Double]
    public private(set) var weights: [Double]
    /// v at the nodes, the cycle by which phase and alignment are measured.
    private var reference: [Double]
    private var phaseRow: [Double]
    /// Every so many steps the mesh is adapted.
    private let adaptionInterval: Int

    var dimension: Int { system.dimension }
    var intervals: Int { mesh.count - 1 }
    var nodeCount: Int { intervals * rule.degree + 1 }

    /// - Parameters:
    ///   - system: a system with one parameter.
    ///   - mesh: from 0 to 1, rising.
    ///   - degree: of the polynomials, 2 to 7.
    ///   - reference: a cycle at the nodes of the mesh, with a period and a parameter after it.
    public init(
        _ system: any SmoothSystem, mesh: [Double], degree: Int, reference: [Double], adaptionInterval: Int = 3
    ) {
        precondition(system.parameterCount == 1, "a branch of cycles has one parameter")
        self.system = system
        self.mesh = mesh
        self.reference = reference
        self.adaptionInterval = adaptionInterval
        rule = CollocationRule(degree: degree)
        weights = []
        phaseRow = []
        renew(reference: reference)
    }

    /// Sets the reference, with the weights and the phase condition that go with it.
    private mutating func renew(reference: [Double]) {
        self.reference = reference
        let (n, m) = (dimension, rule.degree)
        var weights = [Double](repeating: 0, count: nodeCount * n + 2)
        var phase = [Double](repeating: 0, count: nodeCount * n)
        for j in 0..<intervals {
            let h = mesh[j + 1] - mesh[j]
            for k in 0...m {
                let share = (k == 0 || k == m ? 0.5 : 1) * h / Double(m) / Double(n)
                for i in 0..<n { weights[(j * m + k) * n + i] += share }
            }
            for point in 0..<m {
                for i in 0..<n {
                    var slope = 0.0
                    for k in 0...m { slope += rule.slopes[point][k] * reference[(j * m + k) * n + i] }
                    // The slope is by σ, so h cancels.
                    for k in 0...m { phase[(j * m + k) * n + i] += rule.weights[point] * rule.values[point][k] * slope }
                }
            }
        }
        let period = reference[nodeCount * n]
        weights[nodeCount * n] = 1 / (period * period)
        weights[nodeCount * n + 1] = 1
        self.weights = weights
        // The condition is to be of the size of the other equations.
        let length = euclideanNorm(phase)
        phaseRow = length > 0 ? phase.map { $0 / length } : phase
    }

    /// The reference, from which a first cycle is found.
    public var startingPoint: [Double] { reference }

    // MARK: - Equations

    public func linearised(at x: [Double]) -> CondensedCycle? {
        let (n, m) = (dimension, rule.degree)
        let (columns, order) = (n + 3, n * m)
        let (period, parameter) = (x[nodeCount * n], x[nodeCount * n + 1])
        guard period > 0 else { return nil }
        var local = [Double](repeating: 0, count: intervals * order * columns)
        var block = [Double](repeating: 0, count: order * order)
        var right = [Double](repeating: 0, count: order * columns)
        var interchanges = [Int32](repeating: 0, count: order)
        var input = [GradientNumber](repeating: GradientNumber(parameter, variable: n), count: n + 1)
        var output = [GradientNumber](repeating: GradientNumber(0), count: n)
        var residual = 0.0
        for j in 0..<intervals {
            let inverse = 1 / (mesh[j + 1] - mesh[j])
            for point in 0..<m {
                let (values, slopes) = (rule.values[point], rule.slopes[point])
                for i in 0..<n {
                    var sum = 0.0
                    for k in 0...m { sum += values[k] * x[(j * m + k) * n + i] }
                    input[i] = GradientNumber(sum, variable: i)
                }
                var span = output.mutableSpan
                guard system.evaluate(input.span, &span) else { return nil }
                for i in 0..<n {
                    let row = point * n + i
                    var slope = 0.0
                    for k in 0...m { slope += slopes[k] * x[(j * m + k) * n + i] }
                    let gradient = output[i].gradient
                    let left = slope * inverse - period * output[i].value
                    residual = max(residual, abs(left))
                    // LAPACK wants columns; the columns on the right are u_j, T, p and −residual.
                    for c in 0..<n {
                        let element = -period * gradient[c]
                        for k in 1...m {
                            block[((k - 1) * n + c) * order + row] =
                                values[k] * element + (c == i ? slopes[k] * inverse : 0)
                        }
                        right[c * order + row] = -(values[0] * element + (c == i ? slopes[0] * inverse : 0))
                    }
                    right[n * order + row] = output[i].value
                    right[(n + 1) * order + row] = period * gradient[n]
                    right[(n + 2) * order + row] = -left
                }
            }
            let size = Int32(order)
            let info = LAPACKE_dgesv_work(
                LAPACK_COL_MAJOR, size, Int32(columns), &block, size, &interchanges, &right, size)
            guard info == 0 else { return nil }
            for row in 0..<order {
                let place = (j * order + row) * columns
                for c in 0..<columns { local[place + c] = right[c * order + row] }
            }
        }
        var phaseResidual = 0.0
        for k in phaseRow.indices { phaseResidual += phaseRow[k] * (x[k] - reference[k]) }
        let gap = (0..<n).map { x[(nodeCount - 1) * n + $0] - x[$0] }
        for value in gap { residual = max(residual, abs(value)) }
        return CondensedCycle(
            dimension: n, degree: m, intervals: intervals, local: local, phaseRow: phaseRow,
            phaseResidual: phaseResidual, gap: gap, residual: residual)
    }

    public func details(
        at x: [Double], tangent: [Double], _ linear: CondensedCycle
    ) throws(LinearAlgebraError) -> Details {
        let n = dimension
        let multipliers = try FloquetMultipliers((0..<intervals).map(linear.transfer), dimension: n).values
        let trivial = multipliers.indices.min { (multipliers[$0] - 1).length < (multipliers[$1] - 1).length } ?? 0
        let (mean, old) = (means(x), means(reference))
        var (product, square, own) = (0.0, 0.0, 0.0)
        for k in 0..<(nodeCount * n) {
            let (a, b) = (x[k] - mean[k % n], reference[k] - old[k % n])
            product += weights[k] * a * b
            square += weights[k] * b * b
            own += weights[k] * a * a
        }
        return Details(
            multipliers: multipliers, trivialIndex: trivial, alignment: product / square,
            amplitude: own.squareRoot(), parameterTangent: tangent[nodeCount * n + 1], mesh: mesh)
    }

    private func means(_ x: [Double]) -> [Double] {
        let n = dimension
        var sums = [Double](repeating: 0, count: n)
        for k in 0..<(nodeCount * n) { sums[k % n] += weights[k] * x[k] * Double(n) }
        return sums
    }

    // MARK: - Meshes

    public mutating func prepare(for point: CurvePoint<Details>, stepNumber: Int) -> CurvePoint<Details> {
        var point = point
        if stepNumber % adaptionInterval == 0 {
            let finer = adaptedMesh(point.x, intervals: intervals)
            point.x = interpolated(point.x, at: finer)
            point.tangent = interpolated(point.tangent, at: finer)
            mesh = finer
            renew(reference: point.x)
            let length = inner(point.tangent, point.tangent).squareRoot()
            point.tangent = point.tangent.map { $0 / length }
        } else {
            renew(reference: point.x)
            let length = inner(point.tangent, point.tangent).squareRoot()
            point.tangent = point.tangent.map { $0 / length }
        }
        return point
    }

    /// The values at the nodes of another mesh.
    func interpolated(_ x: [Double], at other: [Double]) -> [Double] {
        let (n, m) = (dimension, rule.degree)
        var result: [Double] = []
        var j = 0
        for to in 0..<(other.count - 1) {
            for k in 0..<m {
                let t = other[to] + (other[to + 1] - other[to]) * Double(k) / Double(m)
                while j < intervals - 1, t >= mesh[j + 1] { j += 1 }
                let basis = CollocationRule.basis(degree: m, at: (t - mesh[j]) / (mesh[j + 1] - mesh[j]))
                for i in 0..<n {
                    var sum = 0.0
                    for k in 0...m { sum += basis[k] * x[(j * m + k) * n + i] }
                    result.append(sum)
                }
            }
        }
        result += x[((nodeCount - 1) * n)...]
        return result
    }

    /// A mesh of so many intervals on which the (m + 1)-th derivative, to the power 1/(m + 1), is spread evenly: the local error
    /// is that derivative times h^{m+1}. Derivatives are those of the piecewise polynomials, differenced.
    func adaptedMesh(_ x: [Double], intervals count: Int) -> [Double] {
        let (n, m) = (dimension, rule.degree)
        var signs = [1.0]
        for k in 1...m { signs.append(-signs[k - 1] * Double(m - k + 1) / Double(k)) }
        if m % 2 == 1 { signs = signs.map { -$0 } }
        // The m-th derivative on each interval, but for m^m.
        let top = (0..<intervals).map { j in
            let h = mesh[j + 1] - mesh[j]
            return (0..<n).map { i in
                (0...m).reduce(0) { $0 + signs[$1] * x[(j * m + $1) * n + i] } / Double.pow(h, m)
            }
        }
        func jump(_ a: Int, _ b: Int) -> Double {
            let width = 0.5 * ((mesh[a + 1] - mesh[a]) + (mesh[b + 1] - mesh[b]))
            return euclideanNorm(zip(top[a], top[b]).map { $0 - $1 }) / width
        }
        let jumps = (0..<intervals).map { jump(($0 + intervals - 1) % intervals, $0) }
        var density = (0..<intervals).map {
            Double.pow(0.5 * (jumps[$0] + jumps[($0 + 1) % intervals]), 1 / Double(m + 1))
        }
        let mean = zip(density, zip(mesh, mesh.dropFirst())).reduce(0) { $0 + $1.0 * ($1.1.1 - $1.1.0) }
        guard mean > 0, mean < .infinity else { return (0...count).map { Double($0) / Double(count) } }
        // No interval is left to grow where nothing happens.
        density = density.map { max($0, 0.2 * mean) }
        var reached = [0.0]
        for j in 0..<intervals { reached.append(reached[j] + density[j] * (mesh[j + 1] - mesh[j])) }
        var result = [0.0]
        var j = 0
        for k in 1..<count {
            let target = reached[intervals] * Double(k) / Double(count)
            while reached[j + 1] < target { j += 1 }
            result.append(mesh[j] + (target - reached[j]) / density[j])
        }
        return result + [1]
    }

    /// A cycle corrected on its own adapted mesh, of so many intervals, at its parameter; nil where Newton's method fails.
    public mutating func refined(_ x: [Double], intervals count: Int? = nil, rounds: Int = 3) -> CurvePoint<Details>? {
        var x = x
        var result: CurvePoint<Details>?
        for _ in 0..<max(rounds, 1) {
            let finer = adaptedMesh(x, intervals: count ?? intervals)
            x = interpolated(x, at: finer)
            mesh = finer
            renew(reference: x)
            let tracer = ArclengthTracer(
                self, monitors: [],
                limits: CurveLimits(firstStep: 1, smallestStep: 1, largestStep: 1, mostPoints: 0))
            guard let point = tracer.point(near: x, holding: x.count - 1) else { return nil }
            result = point
            x = point.x
        }
        renew(reference: x)
        return result
    }
}
