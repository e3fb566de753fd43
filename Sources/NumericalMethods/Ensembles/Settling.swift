/// When a trajectory counts as settled: near one of the targets at the end of every step from a time on, for long enough.
///
/// The time from which on is where it came in, found within the step; a leave and a return within one step are not seen. A trajectory that has not been inside for ``hold`` when it ends has not settled, whatever it
/// looks like.
public struct Settling: Sendable {
    /// How far a trajectory is from the nearest target.
    public struct Reading: Equatable, Sendable {
        /// The number of that target, from 0; changing it is leaving one and coming to another.
        public let target: Int
        /// Its distance in units of what counts as near: inside up to 1. NaN is far.
        public let distance: Double

        /// A reading.
        public init(target: Int = 0, distance: Double) {
            self.target = target
            self.distance = distance
        }
    }

    /// Called with the number of the trajectory, the time, the state, and the slope where it is asked for.
    public typealias Measure =
        @Sendable (_ trajectory: Int, _ time: Double, _ state: Span<Double>, _ slope: Span<Double>) -> Reading

    /// How long it has to stay, ≥ 0.
    public let hold: Double
    /// Whether a trajectory ends when it has settled.
    public let endsTrajectory: Bool
    let needsSlope: Bool
    let measure: Measure

    /// Settling near targets.
    ///
    /// - Parameters:
    ///   - hold: how long it has to stay, ≥ 0 and finite.
    ///   - endsTrajectory: whether a trajectory ends when it has settled.
    ///   - needsSlope: whether `measure` looks at the slope, which is an empty span otherwise.
    ///   - measure: the distance from the nearest target; continuous along a trajectory.
    /// - Throws: ``EnsembleError/setting(name:value:allowed:)``.
    public init(
        hold: Double, endsTrajectory: Bool, needsSlope: Bool = false, measure: @escaping Measure
    ) throws(EnsembleError) {
        guard hold >= 0, hold < .infinity else {
            throw EnsembleError.setting(
                name: "time to stay settled", value: hold, allowed: "a finite number of at least 0")
        }
        self.hold = hold
        self.endsTrajectory = endsTrajectory
        self.needsSlope = needsSlope
        self.measure = measure
    }

    /// Settling where the field is small: max_i |f_i| ≤ tolerance.
    ///
    /// No proof of a rest point: near a saddle, and where a share has all but died out, a field can be small for as long
    /// as one likes. Where the rest points are known, measure the distance from them.
    ///
    /// - Throws: ``EnsembleError/setting(name:value:allowed:)``.
    public static func slope(
        below tolerance: Double, hold: Double, endsTrajectory: Bool
    ) throws(EnsembleError) -> Settling {
        guard tolerance > 0, tolerance < .infinity else {
            throw EnsembleError.setting(
                name: "tolerance of the slope", value: tolerance, allowed: "a finite number greater than 0")
        }
        return try Settling(hold: hold, endsTrajectory: endsTrajectory, needsSlope: true) { _, _, _, slope in
            var largest = 0.0
            for i in slope.indices { largest = max(largest, abs(slope[i])) }
            return Reading(distance: largest / tolerance)
        }
    }
}

/// When a trajectory counts as being on a cycle: one component rises through its level twice in a row, and the two states
/// then differ by at most a small part of what the trajectory has moved in between.
///
/// With `tolerance` ε a spiral whose radius changes by less than a fraction of about 2ε a turn passes as well: choose ε
/// above the error of integration over a turn, and no larger.
public struct Recurrence: Sendable {
    /// The component that is watched.
    public let component: Int
    /// The level of a trajectory's component; NaN for one that is not watched.
    public let level: @Sendable (_ trajectory: Int) -> Double
    /// ε, what the states may differ by (largest component) over what the trajectory has moved in between.
    public let tolerance: Double
    /// What a trajectory has to move in between at least, or it is no cycle.
    public let smallestExtent: Double
    /// Whether a trajectory ends when it is on a cycle.
    public let endsTrajectory: Bool

    /// A watch for cycles.
    ///
    /// - Throws: ``EnsembleError/setting(name:value:allowed:)``.
    public init(
        component: Int, tolerance: Double = 1e-5, smallestExtent: Double, endsTrajectory: Bool,
        level: @escaping @Sendable (_ trajectory: Int) -> Double
    ) throws(EnsembleError) {
        guard component >= 0 else {
            throw EnsembleError.setting(
                name: "component that is watched", value: Double(component), allowed: "at least 0")
        }
        guard tolerance > 0, tolerance < 1 else {
            throw EnsembleError.setting(
                name: "tolerance of a recurrence", value: tolerance, allowed: "a number greater than 0 and less than 1")
        }
        guard smallestExtent >= 0, smallestExtent < .infinity else {
            throw EnsembleError.setting(
                name: "smallest extent of a cycle", value: smallestExtent, allowed: "a finite number of at least 0")
        }
        self.component = component
        self.tolerance = tolerance
        self.smallestExtent = smallestExtent
        self.endsTrajectory = endsTrajectory
        self.level = level
    }
}
