import CGSL

/// The interior of a step of a multistep method, by a one-step method from the beginning of the step.
///
/// When it is first wanted the step is integrated again, with the same tolerances; the ends of the steps which that takes,
/// most often one, are kept. The state at a time is then one step from the last of them before it: a function of the time
/// alone, whatever else was asked for, as the search for events needs it. What the two methods differ by at the end of the
/// step, less than the tolerances, is spread over the step in proportion, so that the dense output meets both ends.
final class MultistepInterior {
    private let system: UnsafeMutablePointer<gsl_odeiv2_system>
    private let driver: UnsafeMutablePointer<gsl_odeiv2_driver>
    private let dimension: Int
    private static let mostKnots = 10_000

    private var times: [Double] = []
    /// A row a time.
    private var states: [Double] = []
    /// What is missing at the end.
    private var gap: [Double]
    private var end = 0.0

    /// nil without memory for it.
    init?(
        _ system: UnsafeMutablePointer<gsl_odeiv2_system>, type: UnsafePointer<gsl_odeiv2_step_type>,
        _ algorithm: ODEAlgorithm
    ) {
        guard
            let driver = gsl_odeiv2_driver_alloc_standard_new(
                system, type, 1, algorithm.absoluteTolerance, algorithm.relativeTolerance, 1, 0)
        else { return nil }
        self.system = system
        self.driver = driver
        dimension = system.pointee.dimension
        gap = Array(repeating: 0, count: dimension)
    }

    deinit { gsl_odeiv2_driver_free(driver) }

    /// Takes a step; ``state(at:into:error:)`` fails where it cannot be integrated.
    func prepare(
        from start: Double, _ startState: UnsafePointer<Double>, to end: Double, _ endState: UnsafePointer<Double>
    ) {
        times = [start]
        states = Array(UnsafeBufferPointer(start: startState, count: dimension))
        self.end = end
        var (time, length) = (start, end - start)
        var y = states
        gsl_odeiv2_driver_reset(driver)
        while time != end {
            let status = gsl_odeiv2_evolve_apply(
                driver.pointee.e, driver.pointee.c, driver.pointee.s, system, &time, end, &length, &y)
            guard status == Int32(GSL_SUCCESS), times.count < Self.mostKnots else {
                times = []
                return
            }
            times.append(time)
            states.append(contentsOf: y)
        }
        for index in 0..<dimension { gap[index] = endState[index] - y[index] }
    }

    /// The state at a time within the step, both ends excepted.
    func state(at t: Double, into y: UnsafeMutablePointer<Double>, error: UnsafeMutablePointer<Double>) -> Bool {
        guard let start = times.first else { return false }
        let forwards = start < end
        guard let knot = times.lastIndex(where: { forwards ? $0 <= t : $0 >= t }) else { return false }
        for index in 0..<dimension { y[index] = states[knot * dimension + index] }
        if t != times[knot] {
            let status = gsl_odeiv2_step_apply(
                driver.pointee.s, times[knot], t - times[knot], y, error, nil, nil, system)
            guard status == Int32(GSL_SUCCESS) else { return false }
        }
        let share = (t - start) / (end - start)
        for index in 0..<dimension { y[index] += share * gap[index] }
        return true
    }
}
