import Foundation
import NumericalMethods

/// A piecewise-smooth system given by closures.
struct PiecewiseTestSystem: DifferentiablePiecewiseSmoothSystem, Sendable {
    let dimension: Int
    let surfaces: [Surface]
    /// f(sides, t, y); nil where it is not defined.
    let field: @Sendable (SurfaceSides, Double, [Double]) -> [Double]?
    /// ∂f/∂y, for the implicit method; zeros serve where it is not asked.
    var slopes: (@Sendable (SurfaceSides, Double, [Double]) -> [[Double]])?

    struct Surface: Sendable {
        /// h(t, y).
        let value: @Sendable (Double, [Double]) -> Double
        /// ∇h, and ∂h/∂t behind it.
        let gradient: @Sendable (Double, [Double]) -> [Double]

        /// a · y + b t − c = 0.
        static func plane(_ normal: [Double], time: Double = 0, level: Double = 0) -> Surface {
            Surface { t, y in
                zip(normal, y).reduce(time * t - level) { $0 + $1.0 * $1.1 }
            } gradient: { _, _ in
                normal + [time]
            }
        }
    }

    var surfaceCount: Int { surfaces.count }

    func surface(_ index: Int, _ t: Double, _ y: Span<Double>) -> Double { surfaces[index].value(t, array(y)) }

    func surfaceRate(_ index: Int, _ t: Double, _ y: Span<Double>, _ velocity: Span<Double>) -> Double {
        let gradient = surfaces[index].gradient(t, array(y))
        return zip(gradient, array(velocity)).reduce(gradient[dimension]) { $0 + $1.0 * $1.1 }
    }

    func derivative(_ sides: SurfaceSides, _ t: Double, _ y: Span<Double>, _ dydt: inout MutableSpan<Double>) -> Bool {
        guard let values = field(sides, t, array(y)) else { return false }
        for (index, value) in values.enumerated() { dydt[index] = value }
        return true
    }

    func jacobian(
        _ sides: SurfaceSides, _ t: Double, _ y: Span<Double>, _ dfdy: inout MutableSpan<Double>,
        _ dfdt: inout MutableSpan<Double>
    ) -> Bool {
        let state = slopes?(sides, t, array(y))
        for row in 0..<dimension {
            for column in 0..<dimension { dfdy[row * dimension + column] = state?[row][column] ?? 0 }
            dfdt[row] = 0
        }
        return true
    }

    private func array(_ y: Span<Double>) -> [Double] { (0..<dimension).map { y[$0] } }
}

/// A piecewise integration to its end, with the states at some times.
struct PiecewiseRun {
    var times: [Double] = []
    var states: [[Double]] = []
    let changes: [MotionChange]
    let occurrences: [ODEOccurrence]
    let ending: ODEEnding?
    let motion: PiecewiseMotion
    let time: Double
    let state: [Double]
    let statistics: ODEStatistics

    init(
        _ system: PiecewiseTestSystem, from start: Double = 0, to end: Double, state: [Double],
        method: ODEMethod = .rk8pd,
        tolerance: Double = 1e-10, times wanted: [Double] = [], events: [ODEEvent] = [], maximumSwitches: Int = 100_000,
        chatterTolerance: Double? = nil
    ) throws {
        var integrator = try PiecewiseIntegrator(
            system, from: start, to: end, state: state, algorithm: algorithm(method, tolerance), events: events,
            maximumSwitches: maximumSwitches, chatterTolerance: chatterTolerance)
        for time in wanted {
            guard let state = try integrator.advance(to: time) else { break }
            times.append(time)
            states.append(state)
        }
        while integrator.step() {}
        changes = integrator.changes
        occurrences = integrator.occurrences
        ending = integrator.ending
        motion = integrator.motionAhead
        time = integrator.time
        self.state = integrator.state
        statistics = integrator.statistics
    }
}

extension MotionChange {
    /// "smooth→sliding" and the like.
    var kind: String { "\(before.isSliding ? "sliding" : "smooth")→\(after.isSliding ? "sliding" : "smooth")" }
}
