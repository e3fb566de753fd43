import CGSL

/// One integration with GSL's odeiv2: steps of one method from a state on, and the state at any time within the last step.
///
/// GSL neither interpolates nor looks for events, and it takes a step whose error estimate is NaN for a very good one. So
/// this class keeps the state at the step's beginning and looks at each step's end.
///
/// Dense output comes from the beginning of the step: of a Runge–Kutta method by one step of the same method of the wanted
/// length, whose error is no larger than that of the whole step; of a multistep method, whose order depends on its history,
/// by a one-step method of its own with the same tolerances (``MultistepInterior``). Rejected: a polynomial through the ends
/// of steps, which is of order 3 and useless between the long steps of rk8pd.
final class ODEEngine {
    /// What the C callbacks are given. Constants of a class that the caller keeps alive are used without counting references.
    private final class Context {
        let box: AnyObject
        let derivative: ODECallbacks.Derivative
        let jacobian: ODECallbacks.Jacobian?
        /// Evaluations of the right-hand side and of the Jacobian.
        let counts: UnsafeMutablePointer<(Int, Int)>

        init(_ callbacks: ODECallbacks) {
            box = callbacks.box
            derivative = callbacks.derivative
            jacobian = callbacks.jacobian
            counts = .allocate(capacity: 1)
            counts.initialize(to: (0, 0))
        }

        deinit { counts.deallocate() }
    }

    /// How an attempt to step ended.
    enum Attempt {
        case accepted
        case tooSmall, undefined, notFinite
    }

    let dimension: Int
    let algorithm: ODEAlgorithm
    @exclusivity(unchecked) private(set) var time: Double
    @exclusivity(unchecked) private(set) var stepStart: Double
    /// The state at `time`.
    let state: UnsafeMutablePointer<Double>
    /// The state at `stepStart`.
    var startState: UnsafeMutablePointer<Double> { hasStepped ? evolution.pointee.y0 : initialState }
    /// Steps that gave no number or were undefined, which GSL does not count.
    @exclusivity(unchecked) private var takenBack = 0
    @exclusivity(unchecked) private var earlierAccepted = 0
    @exclusivity(unchecked) private var earlierRejected = 0
    private(set) var restarts = 0

    private let context: Context
    private let system: UnsafeMutablePointer<gsl_odeiv2_system>
    private let driver: UnsafeMutablePointer<gsl_odeiv2_driver>
    private let evolution: UnsafeMutablePointer<gsl_odeiv2_evolve>
    private let control: UnsafeMutablePointer<gsl_odeiv2_control>
    private let stepper: UnsafeMutablePointer<gsl_odeiv2_step>
    /// GSL keeps the state at the beginning of its last step; before there is one, this does.
    private let initialState: UnsafeMutablePointer<Double>
    @exclusivity(unchecked) private var hasStepped = false
    @exclusivity(unchecked) private var stepLength: Double
    private let isFixed: Bool

    // Dense output.
    private let denseState: UnsafeMutablePointer<Double>
    private let denseError: UnsafeMutablePointer<Double>
    private let startDerivative: UnsafeMutablePointer<Double>
    /// The step that a Runge–Kutta method's dense output takes; made when it is first wanted.
    private lazy var denseStep = gsl_odeiv2_step_alloc(algorithm.method.type, dimension)
    private var hasDenseStep = false
    @exclusivity(unchecked) private var hasStartDerivative = false
    /// The interior of a multistep method's step; made when it is first wanted.
    private lazy var interior = MultistepInterior(
        system, type: algorithm.method == .bdf ? pinfi_gsl_step_bsimp() : pinfi_gsl_step_rk8pd(), algorithm)
    @exclusivity(unchecked) private var hasInterior = false

    /// - Parameter span: end − start of the interval, whose sign is the direction.
    init(
        _ callbacks: ODECallbacks, time: Double, state initial: [Double], algorithm: ODEAlgorithm, span: Double
    ) throws(ODEError) {
        _ = GSLErrors.silenced
        let n = callbacks.dimension
        dimension = n
        self.algorithm = algorithm
        self.time = time
        stepStart = time
        let context = Context(callbacks)
        self.context = context
        system = .allocate(capacity: 1)
        system.initialize(
            to: gsl_odeiv2_system(
                function: { t, y, dydt, parameters in
                    let context = Unmanaged<Context>.fromOpaque(parameters.unsafelyUnwrapped)
                    return context._withUnsafeGuaranteedRef { context in
                        context.counts.pointee.0 &+= 1
                        return context.derivative(
                            context.box, t, y.unsafelyUnwrapped, dydt.unsafelyUnwrapped)
                    }
                },
                jacobian: { t, y, dfdy, dfdt, parameters in
                    let context = Unmanaged<Context>.fromOpaque(parameters.unsafelyUnwrapped)
                    return context._withUnsafeGuaranteedRef { context in
                        context.counts.pointee.1 &+= 1
                        return context.jacobian?(
                            context.box, t, y.unsafelyUnwrapped, dfdy.unsafelyUnwrapped, dfdt.unsafelyUnwrapped)
                            ?? ODECallbacks.undefined
                    }
                },
                dimension: n, params: Unmanaged.passUnretained(context).toOpaque()))
        // One piece for all states.
        state = .allocate(capacity: 5 * n)
        state.initialize(repeating: 0, count: 5 * n)
        initialState = state + n
        denseState = state + 2 * n
        denseError = state + 3 * n
        startDerivative = state + 4 * n
        for (index, value) in initial.enumerated() {
            state[index] = value
            initialState[index] = value
        }
        isFixed = algorithm.fixedStep != nil
        stepLength = span < 0 ? -1 : 1
        let method = algorithm.method
        guard
            let driver = gsl_odeiv2_driver_alloc_standard_new(
                system, method.type, stepLength, algorithm.absoluteTolerance, algorithm.relativeTolerance, 1, 0)
        else {
            state.deallocate()
            system.deallocate()
            throw ODEError.outOfMemory
        }
        self.driver = driver
        evolution = driver.pointee.e
        control = driver.pointee.c
        stepper = driver.pointee.s
        stepLength = firstStep(span: span)
    }

    deinit {
        gsl_odeiv2_driver_free(driver)
        if hasDenseStep { gsl_odeiv2_step_free(denseStep) }
        state.deallocate()
        system.deallocate()
    }

    var evaluations: Int { context.counts.pointee.0 }

    var steps: Int {
        let sum = evolution.pointee.count &+ evolution.pointee.failed_steps
        return Int(truncatingIfNeeded: sum) &+ earlierAccepted &+ earlierRejected &+ takenBack
    }

    var statistics: ODEStatistics {
        var statistics = ODEStatistics()
        statistics.acceptedSteps = earlierAccepted + Int(evolution.pointee.count)
        statistics.rejectedSteps = earlierRejected + takenBack + Int(evolution.pointee.failed_steps)
        statistics.evaluations = context.counts.pointee.0
        statistics.jacobianEvaluations = context.counts.pointee.1
        statistics.restarts = restarts
        return statistics
    }

    /// The derivative at a state, counted like any other; false where it is not defined or not finite.
    func derivative(_ t: Double, _ y: UnsafePointer<Double>, into dydt: UnsafeMutablePointer<Double>) -> Bool {
        context.counts.pointee.0 += 1
        return context.derivative(context.box, t, y, dydt) == 0 && (0..<dimension).allSatisfy { dydt[$0].isFinite }
    }

    /// A first step over which the state changes by a hundredth of its size, in the measure of the tolerances; GSL's
    /// control makes it shorter, or five times as long, step by step.
    private func firstStep(span: Double) -> Double {
        let direction: Double = span < 0 ? -1 : 1
        if let fixed = algorithm.fixedStep { return direction * fixed }
        if let given = algorithm.initialStep { return direction * min(given, abs(span)) }
        var (size, speed) = (0.0, 0.0)
        if derivative(time, state, into: startDerivative) {
            for index in 0..<dimension {
                let scale = algorithm.absoluteTolerance + algorithm.relativeTolerance * abs(state[index])
                guard scale > 0 else { continue }
                size = max(size, abs(state[index]) / scale)
                speed = max(speed, abs(startDerivative[index]) / scale)
            }
        }
        var step = abs(span)
        if speed > 0 { step = min(step, size > 0 ? 0.01 * size / speed : 1 / speed) }
        // Not so short that the time would stand still.
        return direction * min(max(step, 16 * time.ulp, .leastNormalMagnitude), abs(span))
    }

    /// Takes one step towards `end`, never beyond it.
    @inline(__always)
    func step(towards end: Double) -> Attempt {
        stepStart = time
        hasStartDerivative = false
        hasInterior = false
        hasStepped = true
        if isFixed { return fixedStep(towards: end) }
        let status = gsl_odeiv2_evolve_apply(
            evolution, control, stepper, system, &time, end, &stepLength, state)
        // Where the step's length is just what is left, GSL adds it to the time, which may round beyond the end.
        if end >= stepStart ? time > end : time < end { time = end }
        return status == Int32(GSL_SUCCESS) && isFinite(state) ? .accepted : mend(status, towards: end)
    }

    /// Takes a step of the fixed length, or of what is left, whatever its error.
    private func fixedStep(towards end: Double) -> Attempt {
        let rest = end - time
        // A rest of a few roundings is no step of its own.
        let isLast = abs(rest) <= abs(stepLength) * (1 + 1e-9)
        let length = isLast ? rest : stepLength
        guard time + length != time else { return .tooSmall }
        let status = gsl_odeiv2_evolve_apply_fixed_step(evolution, nil, stepper, system, &time, length, state)
        if status == Int32(GSL_SUCCESS), isFinite(state) {
            if isLast { time = end }
            return .accepted
        }
        state.update(from: startState, count: dimension)
        time = stepStart
        forget()
        takenBack += 1
        return status == Int32(GSL_SUCCESS) ? .notFinite : status == ODECallbacks.undefined ? .undefined : .tooSmall
    }

    /// After a step that failed, or gave no number: back to its beginning.
    private func mend(_ status: Int32, towards end: Double) -> Attempt {
        var status = status
        while true {
            let tried = time - stepStart
            state.update(from: startState, count: dimension)
            time = stepStart
            forget()
            // GSL has halved the step already, until the time would stand still.
            if status != Int32(GSL_SUCCESS) { return status == ODECallbacks.undefined ? .undefined : .tooSmall }
            takenBack += 1
            stepLength = tried / 10
            if stepStart + stepLength == stepStart { return .notFinite }
            hasStepped = true
            status = gsl_odeiv2_evolve_apply(evolution, control, stepper, system, &time, end, &stepLength, state)
            if end >= stepStart ? time > end : time < end { time = end }
            if status == Int32(GSL_SUCCESS), isFinite(state) { return .accepted }
        }
    }

    /// What the method remembers of earlier steps is forgotten; their counts are kept.
    private func forget() {
        if hasStepped { initialState.update(from: evolution.pointee.y0, count: dimension) }
        hasStepped = false
        earlierAccepted += Int(evolution.pointee.count)
        earlierRejected += Int(evolution.pointee.failed_steps)
        gsl_odeiv2_evolve_reset(evolution)
        gsl_odeiv2_step_reset(stepper)
        // Whether the counts are among what the reset clears differs between versions.
        evolution.pointee.count = 0
        evolution.pointee.failed_steps = 0
    }

    /// Goes on from ``state``, which has been changed: what the method remembers is forgotten.
    ///
    /// - Parameter span: what is left of the interval.
    func restart(at time: Double, span: Double) {
        self.time = time
        stepStart = time
        forget()
        initialState.update(from: state, count: dimension)
        hasStartDerivative = false
        hasInterior = false
        restarts += 1
        stepLength = firstStep(span: span)
    }

    /// Ends the last step earlier, at a time within it.
    func cut(at time: Double) -> Bool {
        guard let y = denseOutput(at: time) else { return false }
        if y != state { state.update(from: y, count: dimension) }
        self.time = time
        return true
    }

    /// The state at a time within the last step, in a buffer that the next call overwrites; nil where it cannot be computed.
    func denseOutput(at t: Double) -> UnsafeMutablePointer<Double>? {
        if t == time { return state }
        if t == stepStart { return startState }
        if !algorithm.method.isMultistep {
            hasDenseStep = true
            guard let denseStep else { return nil }
            if !hasStartDerivative {
                guard derivative(stepStart, startState, into: startDerivative) else { return nil }
                hasStartDerivative = true
            }
            denseState.update(from: startState, count: dimension)
            let status = gsl_odeiv2_step_apply(
                denseStep, stepStart, t - stepStart, denseState, denseError, startDerivative, nil, system)
            return status == Int32(GSL_SUCCESS) && isFinite(denseState) ? denseState : nil
        }
        guard let interior else { return nil }
        if !hasInterior {
            hasInterior = true
            interior.prepare(from: stepStart, startState, to: time, state)
        }
        return interior.state(at: t, into: denseState) && isFinite(denseState) ? denseState : nil
    }

    private func isFinite(_ y: UnsafeMutablePointer<Double>) -> Bool {
        // 0 · y is NaN for what is not finite, and a sum of NaN stays NaN.
        var sum = 0.0
        var index = 0
        while index < dimension {
            sum += 0 * y[index]
            index &+= 1
        }
        return sum == 0
    }
}

extension ODEMethod {
    /// GSL's description of the method.
    fileprivate var type: UnsafePointer<gsl_odeiv2_step_type> {
        switch self {
        case .rkf45: pinfi_gsl_step_rkf45()
        case .rkck: pinfi_gsl_step_rkck()
        case .rk8pd: pinfi_gsl_step_rk8pd()
        case .adams: pinfi_gsl_step_msadams()
        case .bdf: pinfi_gsl_step_msbdf()
        }
    }
}
