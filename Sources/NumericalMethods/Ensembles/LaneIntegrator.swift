import CVectorKernels

/// Integrates a block of trajectories in eight lanes on one thread.
final class LaneIntegrator {
    private let ensemble: Ensemble
    private let stepper: LaneStepper
    private let block: LaneBlock
    private let probe: LaneBlock
    private var hasProbes = false
    private let cancellation: Cancellation?
    private let n: Int
    private let p: Int

    /// What belongs to the trajectory in a lane, beside what the kernels see.
    private var occupants: [Occupant?]
    private var results: [EnsembleTrajectory] = []
    private var first = 0
    /// Starts of the block's trajectories: state, parameters, slope, length of the first step, all of one trajectory together.
    private var starts: [Double] = []
    private var stateBuffer: [Double]
    private var slopeBuffer: [Double]

    private struct Occupant {
        let trajectory: Int
        var nextSample = 0
        // Settling.
        var target: Int?
        var since = 0.0
        // Recurrence.
        var level = Double.nan
        var crossing: [Double] = []
        var crossingTime = 0.0
        var extent = 0.0
    }

    init(_ ensemble: Ensemble, _ cancellation: Cancellation?) {
        self.ensemble = ensemble
        self.cancellation = cancellation
        stepper = LaneStepper(ensemble)
        block = stepper.block
        probe = stepper.probe
        n = block.dimension
        p = block.parameterCount
        occupants = Array(repeating: nil, count: LaneBlock.laneCount)
        stateBuffer = Array(repeating: 0, count: n)
        slopeBuffer = Array(repeating: 0, count: n)
    }

    func solve(_ range: Range<Int>) -> [EnsembleTrajectory] {
        first = range.lowerBound
        loadStarts(range)
        var waiting = range.lowerBound
        var active: UInt32 = 0
        for lane in 0..<LaneBlock.laneCount where fill(lane, &waiting, range.upperBound) { active |= 1 << UInt32(lane) }
        let isWatched = !ensemble.sampleTimes.isEmpty || ensemble.settling != nil || ensemble.recurrence != nil
        var count = 0
        while active != 0 {
            count += 1
            if count % 32 == 0, cancellation?.isCancelled ?? false { break }
            stepper.attempt()
            let settled = isWatched ? watch(active) : 0
            var attention = (stepper.advance() | settled) & active
            while attention != 0 {
                let lane = attention.trailingZeroBitCount
                attention &= attention - 1
                finish(lane, isSettled: settled & (1 << UInt32(lane)) != 0)
                if !fill(lane, &waiting, range.upperBound) { active &= ~(1 << UInt32(lane)) }
            }
        }
        for lane in 0..<LaneBlock.laneCount where occupants[lane] != nil { finish(lane, as: .cancelled) }
        defer { results = [] }
        return results
    }

    // MARK: - Starts

    /// The slope and the first step of every trajectory, eight at a time: done when a lane is refilled they would cost
    /// eight times as much.
    private func loadStarts(_ range: Range<Int>) {
        let stride = 2 * n + p + 1
        starts = Array(repeating: 0, count: stride * range.count)
        results.reserveCapacity(range.count)
        for group in Swift.stride(from: 0, to: range.count, by: LaneBlock.laneCount) {
            let members = min(LaneBlock.laneCount, range.count - group)
            for lane in 0..<members {
                let start = ensemble.load(range.lowerBound + group + lane)
                let isWhole = start.state.count == n && start.parameters.count == p
                block.time[lane] = ensemble.start
                let place = (group + lane) * stride
                for i in 0..<n {
                    block.state[8 * i + lane] = isWhole ? start.state[i] : .nan
                    starts[place + i] = block.state[8 * i + lane]
                }
                for i in 0..<p {
                    block.parameters[8 * i + lane] = isWhole ? start.parameters[i] : .nan
                    starts[place + n + i] = block.parameters[8 * i + lane]
                }
                results.append(EnsembleTrajectory(time: ensemble.start, state: start.state))
            }
            // Lanes without a trajectory keep what they have, and are not looked at.
            stepper.begin()
            for lane in 0..<members {
                let place = (group + lane) * stride + n + p
                for i in 0..<n { starts[place + i] = block.stages[8 * i + lane] }
                starts[place + n] = block.step[lane]
            }
        }
    }

    /// Puts the next trajectory that has somewhere to go into a lane; false where none is left.
    private func fill(_ lane: Int, _ waiting: inout Int, _ end: Int) -> Bool {
        let stride = 2 * n + p + 1
        while waiting < end {
            let trajectory = waiting
            waiting += 1
            let place = (trajectory - first) * stride
            block.time[lane] = ensemble.start
            block.step[lane] = starts[place + stride - 1]
            block.lanes.pointee.previous_error[lane] = 1e-4
            block.lanes.pointee.attempts[lane] = 0
            block.lanes.pointee.rejections[lane] = 0
            for i in 0..<n {
                block.state[8 * i + lane] = starts[place + i]
                block.stages[8 * i + lane] = starts[place + n + p + i]
            }
            for i in 0..<p { block.parameters[8 * i + lane] = starts[place + n + i] }
            occupants[lane] = Occupant(trajectory: trajectory)
            if begin(lane) { return true }
        }
        // An idle lane goes on with what it has, to no effect; a step of no length keeps it where it is.
        block.step[lane] = 0
        return false
    }

    /// Looks at the start itself; false where the trajectory ends there.
    private func begin(_ lane: Int) -> Bool {
        for i in 0..<n where !block.state[8 * i + lane].isFinite {
            finish(lane, as: .notFinite)
            return false
        }
        for i in 0..<n where !block.stages[8 * i + lane].isFinite {
            finish(lane, as: block.stages[8 * i + lane].isNaN ? .undefined : .notFinite)
            return false
        }
        guard var occupant = occupants[lane] else { return false }
        for i in 0..<n {
            stateBuffer[i] = block.state[8 * i + lane]
            slopeBuffer[i] = block.stages[8 * i + lane]
        }
        while occupant.nextSample < ensemble.sampleTimes.count,
            ensemble.sampleTimes[occupant.nextSample] == ensemble.start
        {
            results[occupant.trajectory - first].samples += stateBuffer
            occupant.nextSample += 1
        }
        if let settling = ensemble.settling {
            let reading = settling.reading(occupant.trajectory, ensemble.start, stateBuffer, slopeBuffer)
            if reading.distance <= 1 {
                occupant.target = reading.target
                occupant.since = ensemble.start
            }
        }
        if let recurrence = ensemble.recurrence { occupant.level = recurrence.level(occupant.trajectory) }
        occupants[lane] = occupant
        if let settling = ensemble.settling, settling.endsTrajectory, settling.hold == 0, occupant.target != nil {
            finish(lane, as: .settled)
            return false
        }
        if ensemble.end == ensemble.start {
            finish(lane, as: .reachedEnd)
            return false
        }
        return true
    }

    // MARK: - Ends

    private func finish(_ lane: Int, isSettled: Bool) {
        // In this order: a trajectory that does two at once has done what it was to do.
        if isSettled {
            finish(lane, as: .settled)
        } else if block.time[lane] >= ensemble.end {
            finish(lane, as: .reachedEnd)
        } else if block.lanes.pointee.attempts[lane] >= block.lanes.pointee.maximum_steps {
            finish(lane, as: .stepLimit)
        } else {
            finish(lane, as: reasonOfFailure(lane))
        }
    }

    /// Why the last attempt failed: the first of its stages that is not finite says whether f was not defined there.
    private func reasonOfFailure(_ lane: Int) -> TrajectoryEnding {
        if block.error[lane].isFinite { return .stepTooSmall }
        for stage in stepper.stagesOfAttempt {
            for i in 0..<n {
                let value = block.stages[8 * (stage * n + i) + lane]
                if !value.isFinite { return value.isNaN ? .undefined : .notFinite }
            }
        }
        return .notFinite
    }

    private func finish(_ lane: Int, as ending: TrajectoryEnding) {
        guard let occupant = occupants[lane] else { return }
        occupants[lane] = nil
        let index = occupant.trajectory - first
        let time = block.time[lane]
        let rejections = Int(block.lanes.pointee.rejections[lane])
        results[index].ending = ending
        results[index].time = time
        // As it was given, where it has another number of components.
        if results[index].state.count == n {
            for i in 0..<n { results[index].state[i] = block.state[8 * i + lane] }
        }
        results[index].rejectedSteps = rejections
        results[index].acceptedSteps = Int(block.lanes.pointee.attempts[lane]) - rejections
        if let settling = ensemble.settling, let target = occupant.target, time - occupant.since >= settling.hold {
            results[index].settledSince = occupant.since
            results[index].target = target
        }
    }

    // MARK: - On the way

    /// Looks at the steps that are about to be accepted; a bit for each lane whose trajectory ends with it.
    private func watch(_ active: UInt32) -> UInt32 {
        var passing: UInt32 = 0
        for lane in 0..<LaneBlock.laneCount where block.error[lane] <= 1 { passing |= 1 << UInt32(lane) }
        passing &= active
        hasProbes = false
        if !ensemble.sampleTimes.isEmpty { takeSamples(passing) }
        var ending: UInt32 = 0
        for lane in 0..<LaneBlock.laneCount where passing & (1 << UInt32(lane)) != 0 {
            guard var occupant = occupants[lane] else { continue }
            if let settling = ensemble.settling, watchTargets(settling, &occupant, lane) { ending |= 1 << UInt32(lane) }
            if let recurrence = ensemble.recurrence, watchCrossings(recurrence, &occupant, lane) {
                ending |= 1 << UInt32(lane)
            }
            occupants[lane] = occupant
        }
        return ending
    }

    /// Where a lane's step ends, as the kernel will have it.
    private func endOfStep(_ lane: Int) -> Double {
        let (begin, length) = (block.time[lane], block.step[lane])
        return length >= ensemble.end - begin ? ensemble.end : begin + length
    }

    private func beginProbes() {
        if !hasProbes { stepper.beginProbes() }
        hasProbes = true
    }

    /// Samples within the steps, one of each lane at a time.
    private func takeSamples(_ passing: UInt32) {
        let times = ensemble.sampleTimes
        while true {
            var waiting: UInt32 = 0
            for lane in 0..<LaneBlock.laneCount where passing & (1 << UInt32(lane)) != 0 {
                guard let occupant = occupants[lane], occupant.nextSample < times.count else { continue }
                let time = times[occupant.nextSample]
                guard time < endOfStep(lane) else { continue }
                beginProbes()
                probe.step[lane] = time - block.time[lane]
                waiting |= 1 << UInt32(lane)
            }
            if waiting == 0 { break }
            stepper.attemptProbes()
            for lane in 0..<LaneBlock.laneCount where waiting & (1 << UInt32(lane)) != 0 {
                for i in 0..<n { stateBuffer[i] = probe.newState[8 * i + lane] }
                keepSample(lane)
            }
        }
        for lane in 0..<LaneBlock.laneCount where passing & (1 << UInt32(lane)) != 0 {
            let end = endOfStep(lane)
            while let occupant = occupants[lane], occupant.nextSample < times.count, times[occupant.nextSample] == end {
                for i in 0..<n { stateBuffer[i] = block.newState[8 * i + lane] }
                keepSample(lane)
            }
        }
    }

    /// Keeps the state in the buffer as the next sample of the lane's trajectory.
    private func keepSample(_ lane: Int) {
        guard let occupant = occupants[lane] else { return }
        results[occupant.trajectory - first].samples += stateBuffer
        occupants[lane]?.nextSample += 1
    }

    /// Puts a lane's new state and slope into the buffers.
    private func read(_ block: LaneBlock, _ lane: Int) {
        let slope = stepper.newSlope
        for i in 0..<n {
            stateBuffer[i] = block.newState[8 * i + lane]
            slopeBuffer[i] = block.stages[8 * (slope * n + i) + lane]
        }
    }

    /// Whether the trajectory has settled and is to end.
    private func watchTargets(_ settling: Settling, _ occupant: inout Occupant, _ lane: Int) -> Bool {
        let end = endOfStep(lane)
        let trajectory = occupant.trajectory
        read(block, lane)
        let reading = settling.reading(trajectory, end, stateBuffer, slopeBuffer)
        guard reading.distance <= 1 else {
            occupant.target = nil
            return false
        }
        if occupant.target != reading.target {
            occupant.target = reading.target
            occupant.since = crossing(lane, valueAtEnd: reading.distance - 1) { time in
                let found = settling.reading(trajectory, time, stateBuffer, slopeBuffer)
                return found.target == reading.target ? found.distance - 1 : .infinity
            }
        }
        return settling.endsTrajectory && end - occupant.since >= settling.hold
    }

    /// Whether the trajectory is on a cycle and is to end; notes the cycle in its result.
    private func watchCrossings(_ recurrence: Recurrence, _ occupant: inout Occupant, _ lane: Int) -> Bool {
        let c = recurrence.component
        let level = occupant.level
        if level.isNaN { return false }
        if !occupant.crossing.isEmpty {
            for i in 0..<n {
                occupant.extent = max(occupant.extent, abs(block.newState[8 * i + lane] - occupant.crossing[i]))
            }
        }
        guard block.state[8 * c + lane] < level, block.newState[8 * c + lane] >= level else { return false }
        read(block, lane)
        // Falls through 0 where the component rises through its level. The state of the crossing is left in the buffer.
        let time = crossing(lane, valueAtEnd: level - stateBuffer[c]) { _ in level - stateBuffer[c] }
        var isCycle = false
        if !occupant.crossing.isEmpty {
            var difference = 0.0
            for i in 0..<n { difference = max(difference, abs(stateBuffer[i] - occupant.crossing[i])) }
            isCycle =
                occupant.extent >= recurrence.smallestExtent && occupant.extent > 0
                && difference <= recurrence.tolerance * occupant.extent
        }
        let index = occupant.trajectory - first
        if isCycle {
            results[index].cycle = TrajectoryCycle(
                since: results[index].cycle?.since ?? occupant.crossingTime, period: time - occupant.crossingTime,
                extent: occupant.extent)
        } else {
            // Turns that do not repeat show that it was none.
            results[index].cycle = nil
        }
        occupant.crossing = stateBuffer
        occupant.crossingTime = time
        occupant.extent = 0
        return isCycle && recurrence.endsTrajectory
    }

    /// The time within a lane's step at which a function of the state falls to 0 or below, where it is at the end; the state
    /// then is left in the buffers.
    ///
    /// Regula falsi with the Illinois rule, on lengths of steps, until they are known to 2⁻⁴⁰ of the step.
    private func crossing(_ lane: Int, valueAtEnd: Double, _ value: (Double) -> Double) -> Double {
        let (begin, length) = (block.time[lane], block.step[lane])
        for i in 0..<n {
            stateBuffer[i] = block.state[8 * i + lane]
            slopeBuffer[i] = block.stages[8 * i + lane]
        }
        var (low, high) = (0.0, 1.0)
        var (atLow, atHigh) = (value(begin), valueAtEnd)
        if atLow <= 0 { return begin }
        beginProbes()
        var lastSide = 0
        for _ in 0..<60 where high - low > 0x1p-40 && atHigh < 0 {
            let middle = 0.5 * (low + high)
            let secant = high - (high - low) * (atHigh / (atHigh - atLow))
            let fraction = secant > low && secant < high ? secant : middle
            probe.step[lane] = fraction * length
            stepper.attemptProbes()
            read(probe, lane)
            let found = value(begin + fraction * length)
            // NaN counts as not having fallen.
            if found <= 0 {
                (high, atHigh) = (fraction, found)
                if lastSide == 1 { atLow *= 0.5 }
                lastSide = 1
            } else {
                (low, atLow) = (fraction, found.isNaN ? .infinity : found)
                if lastSide == -1 { atHigh *= 0.5 }
                lastSide = -1
            }
        }
        if high == 1 {
            read(block, lane)
            return endOfStep(lane)
        }
        probe.step[lane] = high * length
        stepper.attemptProbes()
        read(probe, lane)
        return begin + high * length
    }
}

extension Settling {
    func reading(_ trajectory: Int, _ time: Double, _ state: [Double], _ slope: [Double]) -> Reading {
        needsSlope
            ? measure(trajectory, time, state.span, slope.span)
            : measure(trajectory, time, state.span, slope.span.extracting(first: 0))
    }
}
