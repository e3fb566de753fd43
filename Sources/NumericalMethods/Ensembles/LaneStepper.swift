import CVectorKernels

/// Steps of eight trajectories by one of the methods.
final class LaneStepper {
    let block: LaneBlock
    /// For steps within the steps of the block.
    let probe: LaneBlock
    private let box: LaneSystemBox
    private let method: Method

    private enum Method {
        case dormandPrince
        case rosenbrock(RosenbrockStep)
    }

    init(_ ensemble: Ensemble) {
        box = LaneSystemBox(ensemble.system)
        let rosenbrock =
            ensemble.algorithm.method == .rodas5p
            ? (ensemble.system as? any DifferentiableLaneSystem).map(RosenbrockStep.init) : nil
        if let rosenbrock {
            method = .rosenbrock(rosenbrock)
            block = LaneBlock(box, ensemble: ensemble, stages: RosenbrockStep.stageCount)
            probe = LaneBlock(box, ensemble: ensemble, stages: RosenbrockStep.stageCount)
        } else {
            // The ensemble has made sure that the system has a Jacobian where the method needs it.
            method = .dormandPrince
            // The last stage is where the sum of the others waits.
            block = LaneBlock(box, ensemble: ensemble, stages: 14)
            probe = LaneBlock(box, ensemble: ensemble, stages: 14)
        }
    }

    /// The slopes and the first steps' lengths of what has been put into the lanes.
    func begin() {
        switch method {
        case .dormandPrince: pinfi_first_steps(block.lanes, 8)
        case .rosenbrock: pinfi_first_steps(block.lanes, 5)
        }
    }

    /// Tries a step in every lane: fills the new states, their slopes and the errors.
    func attempt() { attempt(block) }

    private func attempt(_ block: LaneBlock) {
        switch method {
        case .dormandPrince: box.dormandPrinceStep(block.lanes)
        case .rosenbrock(let step): step.attempt(block)
        }
    }

    /// Moves the lanes whose step passes and chooses the next steps' lengths; a bit for each lane that needs attention.
    func advance() -> UInt32 {
        // The exponents of h·err_n^−α·err_{n−1}^β: Hairer's for order 8 (β = 0.04), Gustafsson's 0.7/k and 0.4/k for the
        // Rosenbrock method, whose estimate is of order 4.
        switch method {
        case .dormandPrince: pinfi_advance_lanes(block.lanes, newSlope, 0.117, 0.04)
        case .rosenbrock: pinfi_advance_lanes(block.lanes, newSlope, 0.14, 0.08)
        }
    }

    /// The stages of the last attempt that tell why it failed, in the order in which they were computed.
    var stagesOfAttempt: Range<Int> {
        switch method {
        case .dormandPrince: 1..<13
        case .rosenbrock: 1..<RosenbrockStep.stageCount
        }
    }

    /// The place of the slope at the new state among the stages.
    var newSlope: Int {
        switch method {
        case .dormandPrince: 12
        case .rosenbrock: RosenbrockStep.stageCount - 1
        }
    }

    // MARK: - Within a step

    /// Fractions of a step that has been tried: the method itself with shorter steps from the same states.
    ///
    /// Rejected: the interpolants of orders 7 and 4 that belong to the methods. Where a step is bounded by stability and not
    /// by the error, as it is near every rest point, they are off by ten thousand times the tolerance, whereas a shorter step
    /// is no worse than the step. It costs 12 right-hand sides instead of 3.
    func beginProbes() {
        for i in 0..<LaneBlock.laneCount {
            probe.time[i] = block.time[i]
            probe.step[i] = block.step[i]
        }
        for i in 0..<(LaneBlock.laneCount * block.dimension) {
            probe.state[i] = block.state[i]
            probe.stages[i] = block.stages[i]
        }
        for i in 0..<(LaneBlock.laneCount * block.parameterCount) { probe.parameters[i] = block.parameters[i] }
    }

    /// Tries the steps of the probe, whose lengths have been set.
    func attemptProbes() { attempt(probe) }
}
