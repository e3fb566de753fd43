import ComplexModule
import RealModule

/// A family of cycles near where it is born: the curve, the point of birth in its unknowns, and the direction of growth.
public struct CycleBirth: Sendable {
    public let curve: CycleCurve
    /// The cycle of amplitude 0, or the one that doubles its period run through twice.
    public let origin: [Double]
    /// The direction of the family, of norm 1.
    public let direction: [Double]

    /// The first cycle, at an arclength from the birth; nil where Newton's method fails.
    public func firstCycle(at arclength: Double) -> CurvePoint<CycleCurve.Details>? {
        let tracer = ArclengthTracer(
            curve, monitors: [], limits: CurveLimits(firstStep: 1, smallestStep: 1, largestStep: 1, mostPoints: 0))
        return tracer.point(near: zip(origin, direction).map { $0 + arclength * $1 }, across: direction)
    }

    /// The cycles born at a Hopf point: u + εRe(q e^{2πit}) with the period 2π/ω.
    ///
    /// - Parameters:
    ///   - x: the Hopf point (u, p).
    ///   - form: its normal form.
    public init(
        _ system: any SmoothSystem, at x: [Double], _ form: HopfNormalForm, intervals: Int, degree: Int
    ) {
        let n = system.dimension
        let nodes = intervals * degree + 1
        var (origin, direction): ([Double], [Double]) = ([], [])
        for node in 0..<nodes {
            let angle = 2 * Double.pi * Double(node) / Double(nodes - 1)
            let (c, s) = (Double.cos(angle), Double.sin(angle))
            for i in 0..<n {
                origin.append(x[i])
                direction.append(form.vector[i].real * c - form.vector[i].imaginary * s)
            }
        }
        origin += [form.period, x[n]]
        direction += [0, 0]
        let mesh = (0...intervals).map { Double($0) / Double(intervals) }
        self.init(
            curve: CycleCurve(
                system, mesh: mesh, degree: degree, reference: zip(origin, direction).map { $0 + $1 * 1e-3 }),
            origin: origin, direction: direction)
    }

    /// The cycles of twice the period born where a multiplier is −1: the cycle twice over, plus and minus the direction of that
    /// multiplier. On a mesh of twice as many intervals.
    ///
    /// - Throws: `LinearAlgebraError` where eigenvectors are not found.
    public init?(
        doubling point: CurvePoint<CycleCurve.Details>, of curve: CycleCurve
    ) throws(LinearAlgebraError) {
        guard let linear = curve.linearised(at: point.x) else { return nil }
        let (n, m, count) = (curve.dimension, curve.rule.degree, curve.intervals)
        var whole = Matrix.identity(n)
        for j in 0..<count {
            let factor = linear.transfer(j)
            var next = Matrix.zero(rows: n, columns: n)
            for i in 0..<n {
                for k in 0..<n {
                    for l in 0..<n { next[i, l] += factor[i * n + k] * whole[k, l] }
                }
            }
            whole = next
        }
        let decomposition = try Eigendecomposition(whole)
        let nearest = decomposition.values.indices.min {
            (decomposition.values[$0] + 1).length < (decomposition.values[$1] + 1).length
        }
        guard let nearest else { return nil }
        var v = decomposition.vectors[nearest].map(\.real)
        var half: [Double] = []
        for j in 0..<count {
            half += v
            for k in 1...m {
                let values = (0..<n).map { i in
                    let place = ((j * m + k - 1) * n + i) * (n + 3)
                    return (0..<n).reduce(0) { $0 + linear.local[place + $1] * v[$1] }
                }
                if k < m { half += values } else { v = values }
            }
        }
        let states = Array(point.x[..<(count * m * n)])
        let origin =
            states + point.x[..<(curve.nodeCount * n)] + [2 * point.x[point.x.count - 2], point.x[point.x.count - 1]]
        let direction = half + half.map { -$0 } + half[..<n] + [0, 0]
        let mesh = curve.mesh.dropLast().map { 0.5 * $0 } + curve.mesh.map { 0.5 + 0.5 * $0 }
        self.init(
            curve: CycleCurve(
                curve.system, mesh: Array(mesh), degree: m, reference: origin), origin: origin, direction: direction)
    }

    private init(curve: CycleCurve, origin: [Double], direction: [Double]) {
        let length = curve.inner(direction, direction).squareRoot()
        self.curve = curve
        self.origin = origin
        self.direction = direction.map { $0 / length }
    }
}
