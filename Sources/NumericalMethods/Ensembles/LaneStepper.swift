import CVectorKernels

/// Steps of eight trajectories by one of the methods.
final class LaneStepper {
    let block: LaneBlock
    private let ensemble: Ensemble
    private let box: LaneSystemBox
    private let stageCount: Int
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
            stageCount = RosenbrockStep.stageCount
        } else {
            // The ensemble has made sure that the system has a Jacobian where the method needs it.
            method = .dormandPrince
            // The last stage is where the sum of the others waits.
            stageCount = 14
        }
        self.ensemble = ensemble
        block = LaneBlock(box, ensemble: ensemble, stages: stageCount)
    }

    /// Lanes for steps within the steps of the block.
    func makeBlock() -> LaneBlock { LaneBlock(box, ensemble: ensemble, stages: stageCount) }

    /// The slopes and the first steps' lengths of what has been put into the lanes.
    func begin() {
        switch method {
        case .dormandPrince: pinfi_first_steps(block.lanes, 8)
        case .rosenbrock: pinfi_first_steps(block.lanes, 5)
        }
    }

    /// Tries a step in every lane of a block: fills the new states, their slopes and the errors.
    func attempt(_ block: LaneBlock) {
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
}
