import CVectorKernels

/// Steps of eight trajectories by one of the methods.
final class LaneStepper {
    let block: LaneBlock
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
        } else {
            // The ensemble has made sure that the system has a Jacobian where the method needs it.
            method = .dormandPrince
            block = LaneBlock(box, ensemble: ensemble, stages: 16)
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
    func attempt() {
        switch method {
        case .dormandPrince: box.dormandPrinceStep(block.lanes)
        case .rosenbrock(let step): step.attempt(block)
        }
    }

    /// Fills the interpolant's coefficients of the step that has been tried, for ``value(_:lane:at:)``.
    func prepareInterpolant() {
        switch method {
        case .dormandPrince: pinfi_dormand_prince_dense(block.lanes, block.dense)
        case .rosenbrock(let step): step.prepareInterpolant(block)
        }
    }

    /// Moves the lanes whose step passes and chooses the next steps' lengths; a bit for each lane that needs attention.
    func advance() -> UInt32 {
        // The exponents of h·err_n^−α·err_{n−1}^β: Hairer's for order 8 (β = 0.04), Gustafsson's 0.7/k and 0.4/k for the
        // Rosenbrock method, whose estimate is of order 4.
        switch method {
        case .dormandPrince: pinfi_advance_lanes(block.lanes, 13, 0.117, 0.04)
        case .rosenbrock: pinfi_advance_lanes(block.lanes, RosenbrockStep.stageCount, 0.14, 0.08)
        }
    }

    /// The stages of the last attempt that tell why it failed, in the order in which they were computed.
    var stagesOfAttempt: Range<Int> {
        switch method {
        case .dormandPrince: 1..<13
        case .rosenbrock: 1..<RosenbrockStep.stageCount
        }
    }

    /// Component i of the interpolant at the fraction θ of the step.
    ///
    ///     y(θ) = y₀ + θ(c₀ + (1 − θ)(c₁ + θ(c₂ + (1 − θ)(c₃ + …))))
    func value(_ i: Int, lane: Int, at fraction: Double) -> Double {
        let n = block.dimension
        let rest = 1 - fraction
        var sum = 0.0
        for k in stride(from: 6, through: 0, by: -1) {
            sum = block.dense[8 * (k * n + i) + lane] + (k % 2 == 0 ? rest : fraction) * sum
        }
        return block.state[8 * i + lane] + fraction * sum
    }
}
