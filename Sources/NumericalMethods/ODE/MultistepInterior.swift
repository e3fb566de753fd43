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
    private let error: UnsafeMutablePointer<Double>
    private static let mostKnots = 10_000
    /// Extrapolation divides by the square of the step's length, which must not underflow. (Where it overflows, in a step
    /// of bdf longer than 1e150, there is no dense output.)
    private static let shortestStep = 1e-100

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
        error = .allocate(capacity: dimension)
        error.initialize(repeating: 0, count: dimension)
    }

    deinit {
        error.deallocate()
        gsl_odeiv2_driver_free(driver)
    }

    /// Takes a step; ``state(at:into:)`` fails where it cannot be integrated.
    func prepare(
        from start: Double, _ startState: UnsafePointer<Double>, to end: Double, _ endState: UnsafePointer<Double>
    ) {
        self.end = end
        times = [start]
        states = Array(UnsafeBufferPointer(start: startState, count: dimension))
        var y = states
        let isWhole = y.withUnsafeMutableBufferPointer { y in
            y.baseAddress.map { integrate(from: start, to: end, $0) } ?? false
        }
        if isWhole {
            for index in 0..<dimension { gap[index] = endState[index] - y[index] }
        } else {
            times = []
        }
    }

    /// Integrates the step, and keeps the ends of the steps that this takes, but for the last.
    private func integrate(from start: Double, to end: Double, _ y: UnsafeMutablePointer<Double>) -> Bool {
        var (time, length) = (start, end - start)
        guard abs(length) >= Self.shortestStep else { return step(from: start, by: length, y) }
        gsl_odeiv2_driver_reset(driver)
        while true {
            let status = gsl_odeiv2_evolve_apply(
                driver.pointee.e, driver.pointee.c, driver.pointee.s, system, &time, end, &length, y)
            guard status == Int32(GSL_SUCCESS), times.count < Self.mostKnots else { return false }
            // GSL may add its way to a time that is rounded beyond the end.
            if start < end ? time >= end : time <= end { return true }
            times.append(time)
            states.append(contentsOf: UnsafeBufferPointer(start: y, count: dimension))
        }
    }

    /// One step of a length.
    private func step(from time: Double, by length: Double, _ y: UnsafeMutablePointer<Double>) -> Bool {
        if length == 0 { return true }
        if abs(length) >= Self.shortestStep {
            return gsl_odeiv2_step_apply(driver.pointee.s, time, length, y, error, nil, nil, system)
                == Int32(GSL_SUCCESS)
        }
        // The square of such a length is nothing, and Euler's step exact.
        guard let field = system.pointee.function, field(time, y, error, system.pointee.params) == Int32(GSL_SUCCESS)
        else {
            return false
        }
        for index in 0..<dimension { y[index] += length * error[index] }
        return true
    }

    /// The state at a time within the step, both ends excepted.
    func state(at t: Double, into y: UnsafeMutablePointer<Double>) -> Bool {
        guard let start = times.first else { return false }
        let forwards = start < end
        guard let knot = times.lastIndex(where: { forwards ? $0 <= t : $0 >= t }) else { return false }
        for index in 0..<dimension { y[index] = states[knot * dimension + index] }
        guard step(from: times[knot], by: t - times[knot], y) else { return false }
        let share = (t - start) / (end - start)
        for index in 0..<dimension { y[index] += share * gap[index] }
        return true
    }
}
