import CVectorKernels

/// The memory of eight trajectories that advance together: what the C kernels see as `pinfi_lanes`, and what belongs to it.
///
/// One allocation, of doubles in groups of eight, one a lane: element i of lane k is at 8i + k.
final class LaneBlock {
    static let laneCount = 8

    let dimension: Int
    let parameterCount: Int
    let lanes: UnsafeMutablePointer<pinfi_lanes>
    private let memory: UnsafeMutableRawPointer
    /// Keeps alive what the context points to.
    private let system: LaneSystemBox

    /// - Parameter stages: how many stages of n elements the method keeps, the slope at the state included.
    init(_ system: LaneSystemBox, ensemble: Ensemble, stages: Int) {
        self.system = system
        dimension = system.dimension
        parameterCount = system.parameterCount
        let (n, p) = (dimension, parameterCount)
        let count = p + 6 + 2 * n + stages * n
        // Swift aligns its vectors to 16 bytes, C takes the 64 that they are long.
        memory = .allocate(byteCount: 64 * count, alignment: 64)
        var free = memory.initializeMemory(as: Double.self, repeating: 0, count: Self.laneCount * count)
        func take(_ elements: Int) -> UnsafeMutablePointer<Double> {
            defer { free += Self.laneCount * elements }
            return free
        }
        lanes = .allocate(capacity: 1)
        lanes.initialize(
            to: pinfi_lanes(
                dimension: n, relative_tolerance: ensemble.algorithm.relativeTolerance,
                absolute_tolerance: ensemble.algorithm.absoluteTolerance, end: ensemble.end,
                maximum_steps: Double(ensemble.algorithm.maximumSteps), parameters: take(p), time: take(1),
                step: take(1), error: take(1), previous_error: take(1), attempts: take(1), rejections: take(1),
                state: take(n), new_state: take(n), stages: take(stages * n), slopes: system.slopes,
                context: Unmanaged.passUnretained(system).toOpaque()))
    }

    deinit {
        lanes.deallocate()
        memory.deallocate()
    }

    var time: UnsafeMutablePointer<Double> { lanes.pointee.time }
    var step: UnsafeMutablePointer<Double> { lanes.pointee.step }
    var error: UnsafeMutablePointer<Double> { lanes.pointee.error }
    var state: UnsafeMutablePointer<Double> { lanes.pointee.state }
    var newState: UnsafeMutablePointer<Double> { lanes.pointee.new_state }
    var stages: UnsafeMutablePointer<Double> { lanes.pointee.stages }
    var parameters: UnsafeMutablePointer<Double> { lanes.pointee.parameters }

    /// Takes the starts of the steps of a block: time, length, state, slope and parameters.
    func copyStarts(of other: LaneBlock) {
        time.update(from: other.time, count: Self.laneCount)
        step.update(from: other.step, count: Self.laneCount)
        state.update(from: other.state, count: Self.laneCount * dimension)
        stages.update(from: other.stages, count: Self.laneCount * dimension)
        parameters.update(from: other.parameters, count: Self.laneCount * parameterCount)
    }
}

/// A system with what the C kernels call; they hold a pointer to it.
final class LaneSystemBox {
    let system: any LaneSystem
    let dimension: Int
    let parameterCount: Int
    let slopes: LaneSlopes
    let dormandPrinceStep: LaneStep

    init(_ system: any LaneSystem) {
        self.system = system
        dimension = system.dimension
        parameterCount = system.parameterCount
        if let kernel = system as? any KernelLaneSystem {
            slopes = kernel.kernelSlopes
            dormandPrinceStep = kernel.kernelStep
        } else {
            slopes = slopesOfSystem
            dormandPrinceStep = pinfi_dormand_prince
        }
    }
}

/// What C calls for the right-hand side of a system written in Swift.
private let slopesOfSystem: LaneSlopes = { lanes, time, y, dydt in
    guard let lanes, let time, let y, let dydt, let context = lanes.pointee.context else { return }
    let box = Unmanaged<LaneSystemBox>.fromOpaque(context).takeUnretainedValue()
    var output = vectors(dydt, box.dimension).mutableSpan
    box.system.derivative(
        vectors(time, 1)[0], vectors(y, box.dimension).span,
        vectors(lanes.pointee.parameters, box.parameterCount).span, &output)
}

/// Doubles in groups of eight as vectors.
func vectors(_ start: UnsafePointer<Double>, _ count: Int) -> UnsafeBufferPointer<SIMD8<Double>> {
    UnsafeBufferPointer(
        start: UnsafeRawPointer(start).assumingMemoryBound(to: SIMD8<Double>.self), count: count)
}

func vectors(_ start: UnsafeMutablePointer<Double>, _ count: Int) -> UnsafeMutableBufferPointer<SIMD8<Double>> {
    UnsafeMutableBufferPointer(
        start: UnsafeMutableRawPointer(start).assumingMemoryBound(to: SIMD8<Double>.self), count: count)
}
