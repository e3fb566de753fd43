import CVectorKernels

/// Integrates blocks of trajectories in eight lanes on one thread.
///
/// A struct, and what a step looks at in plain memory: class properties cost more than the steps.
struct LaneIntegrator: ~Copyable {
    private let ensemble: Ensemble
    private let stepper: LaneStepper
    private let block: LaneBlock
    /// The arrays of the block.
    private let lanes: pinfi_lanes
    /// For samples within the steps of the block.
    private let probe: LaneBlock
    private let cancellation: Cancellation?
    private let n: Int
    private let p: Int

    /// The number of the trajectory in each lane, within its block of trajectories; nil in idle lanes.
    private var occupants: [Int?]
    private var first = 0
    private var results: [EnsembleTrajectory] = []
    private var courses: [Course] = []
    /// Starts of the block's trajectories: state, parameters, slope, length of the first step, all of one trajectory together.
    private var starts: [Double] = []
    private var stateBuffer: [Double]
    private var slopeBuffer: [Double]

    private var search: CrossingSearch
    /// The states at the latest rises that were found, a trajectory after another.
    private var rises: [Double] = []
    /// The least and the largest of each component at the ends of steps since the latest rise, a lane after another.
    private var lows: [Double]
    private var highs: [Double]
    /// The lanes whose trajectory is found to have ended some steps before.
    private var released: UInt32 = 0

    /// What is known of a trajectory beside its result.
    private struct Course {
        var nextSample = 0
        // Settling. The arrival lies in the step that begins at `latestStep`; when is not yet known where it is sought.
        var target = -1
        var arrival = 0.0
        var latestStep = 0.0
        var isArrivalSought = false
        // Recurrence.
        var level = Double.nan
        var rise: Double?
        /// Whether it is found to have ended, whatever has been computed beyond.
        var isOver = false
    }

    init(_ ensemble: Ensemble, _ cancellation: Cancellation?) {
        self.ensemble = ensemble
        self.cancellation = cancellation
        stepper = LaneStepper(ensemble)
        block = stepper.block
        lanes = block.lanes.pointee
        probe = stepper.makeBlock()
        n = block.dimension
        p = block.parameterCount
        occupants = Array(repeating: nil, count: LaneBlock.laneCount)
        stateBuffer = Array(repeating: 0, count: n)
        slopeBuffer = Array(repeating: 0, count: n)
        search = CrossingSearch(stepper)
        lows = Array(repeating: 0, count: LaneBlock.laneCount * n)
        highs = Array(repeating: 0, count: LaneBlock.laneCount * n)
    }

    mutating func solve(_ range: Range<Int>) -> [EnsembleTrajectory] {
        first = range.lowerBound
        courses = Array(repeating: Course(), count: range.count)
        if ensemble.recurrence != nil { rises = Array(repeating: 0, count: n * range.count) }
        loadStarts(range)
        var waiting = 0
        var active: UInt32 = 0
        for lane in 0..<LaneBlock.laneCount where fill(lane, &waiting, range.count) { active |= 1 << UInt32(lane) }
        let isWatched = !ensemble.sampleTimes.isEmpty || ensemble.settling != nil || ensemble.recurrence != nil
        var count = 0
        while active != 0 {
            count += 1
            if count % 64 == 0 {
                if cancellation?.isCancelled ?? false { break }
                // What has ended should not go on for long.
                findCrossings()
            }
            stepper.attempt(block)
            let settled = isWatched ? watch(active) : 0
            var attention = (stepper.advance() | settled | released) & active
            released = 0
            while attention != 0 {
                let lane = attention.trailingZeroBitCount
                attention &= attention - 1
                finish(lane, isSettled: settled & (1 << UInt32(lane)) != 0)
                if !fill(lane, &waiting, range.count) { active &= ~(1 << UInt32(lane)) }
            }
        }
        findCrossings()
        for lane in 0..<LaneBlock.laneCount where occupants[lane] != nil { finish(lane, as: .cancelled) }
        if let settling = ensemble.settling {
            for index in results.indices where !courses[index].isOver { judge(index, courses[index].target, settling) }
        }
        defer { results = [] }
        return results
    }

    // MARK: - Starts

    /// The slope and the first step of every trajectory, eight at a time: done when a lane is refilled they would cost
    /// eight times as much.
    private mutating func loadStarts(_ range: Range<Int>) {
        let stride = 2 * n + p + 1
        starts = Array(repeating: 0, count: stride * range.count)
        results.reserveCapacity(range.count)
        for group in Swift.stride(from: 0, to: range.count, by: LaneBlock.laneCount) {
            let members = min(LaneBlock.laneCount, range.count - group)
            for lane in 0..<members {
                let start = ensemble.load(range.lowerBound + group + lane)
                let isWhole = start.state.count == n && start.parameters.count == p
                lanes.time[lane] = ensemble.start
                let place = (group + lane) * stride
                for i in 0..<n {
                    lanes.state[8 * i + lane] = isWhole ? start.state[i] : .nan
                    starts[place + i] = lanes.state[8 * i + lane]
                }
                for i in 0..<p {
                    lanes.parameters[8 * i + lane] = isWhole ? start.parameters[i] : .nan
                    starts[place + n + i] = lanes.parameters[8 * i + lane]
                }
                results.append(EnsembleTrajectory(time: ensemble.start, state: start.state))
            }
            // Lanes without a trajectory keep what they have, and are not looked at.
            stepper.begin()
            for lane in 0..<members {
                let place = (group + lane) * stride + n + p
                for i in 0..<n { starts[place + i] = lanes.stages[8 * i + lane] }
                starts[place + n] = lanes.step[lane]
            }
        }
    }

    /// Puts the next trajectory that has somewhere to go into a lane; false where none is left.
    private mutating func fill(_ lane: Int, _ waiting: inout Int, _ end: Int) -> Bool {
        let stride = 2 * n + p + 1
        while waiting < end {
            let index = waiting
            waiting += 1
            let place = index * stride
            lanes.time[lane] = ensemble.start
            lanes.step[lane] = starts[place + stride - 1]
            lanes.previous_error[lane] = 1e-4
            lanes.attempts[lane] = 0
            lanes.rejections[lane] = 0
            for i in 0..<n {
                lanes.state[8 * i + lane] = starts[place + i]
                lanes.stages[8 * i + lane] = starts[place + n + p + i]
            }
            for i in 0..<p { lanes.parameters[8 * i + lane] = starts[place + n + i] }
            occupants[lane] = index
            if begin(lane, index) { return true }
        }
        // An idle lane goes on with what it has, to no effect; a step of no length keeps it where it is.
        lanes.step[lane] = 0
        return false
    }

    /// Looks at the start itself; false where the trajectory ends there.
    private mutating func begin(_ lane: Int, _ index: Int) -> Bool {
        for i in 0..<n where !lanes.state[8 * i + lane].isFinite {
            finish(lane, as: .notFinite)
            return false
        }
        for i in 0..<n where !lanes.stages[8 * i + lane].isFinite {
            finish(lane, as: lanes.stages[8 * i + lane].isNaN ? .undefined : .notFinite)
            return false
        }
        for i in 0..<n {
            stateBuffer[i] = lanes.state[8 * i + lane]
            slopeBuffer[i] = lanes.stages[8 * i + lane]
        }
        while courses[index].nextSample < ensemble.sampleTimes.count,
            ensemble.sampleTimes[courses[index].nextSample] == ensemble.start
        {
            keepSample(index)
        }
        if let settling = ensemble.settling {
            let reading = settling.reading(first + index, ensemble.start, stateBuffer.span, slopeBuffer.span)
            if reading.distance <= 1 {
                courses[index].target = reading.target
                courses[index].arrival = ensemble.start
                courses[index].latestStep = ensemble.start
            }
        }
        if let recurrence = ensemble.recurrence {
            courses[index].level = recurrence.level(first + index)
            forgetExtent(lane)
        }
        if let settling = ensemble.settling, settling.endsTrajectory, settling.hold == 0, courses[index].target >= 0 {
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

    private mutating func finish(_ lane: Int, isSettled: Bool) {
        // In this order: a trajectory that does two at once has done what it was to do.
        if isSettled {
            finish(lane, as: .settled)
        } else if lanes.time[lane] >= ensemble.end {
            finish(lane, as: .reachedEnd)
        } else if lanes.attempts[lane] >= lanes.maximum_steps {
            finish(lane, as: .stepLimit)
        } else {
            finish(lane, as: reasonOfFailure(lane))
        }
    }

    /// Why the last attempt failed: the first of its stages that is not finite says whether f was not defined there.
    private func reasonOfFailure(_ lane: Int) -> TrajectoryEnding {
        if lanes.error[lane].isFinite { return .stepTooSmall }
        for stage in stepper.stagesOfAttempt {
            for i in 0..<n {
                let value = lanes.stages[8 * (stage * n + i) + lane]
                if !value.isFinite { return value.isNaN ? .undefined : .notFinite }
            }
        }
        return .notFinite
    }

    private mutating func finish(_ lane: Int, as ending: TrajectoryEnding) {
        guard let index = occupants[lane] else { return }
        occupants[lane] = nil
        let rejections = Int(lanes.rejections[lane])
        results[index].ending = ending
        results[index].time = lanes.time[lane]
        // As it was given, where it has another number of components.
        if results[index].state.count == n {
            for i in 0..<n { results[index].state[i] = lanes.state[8 * i + lane] }
        }
        results[index].rejectedSteps = rejections
        results[index].acceptedSteps = Int(lanes.attempts[lane]) - rejections
    }

    /// Whether a trajectory that has ended near a target has settled there.
    private mutating func judge(_ index: Int, _ target: Int, _ settling: Settling) {
        let arrival = courses[index].arrival
        guard target >= 0, results[index].time - arrival >= settling.hold else { return }
        results[index].settledSince = arrival
        results[index].target = target
    }

    // MARK: - On the way

    /// Looks at the steps that are about to be accepted; a bit for each lane whose trajectory ends with it.
    private mutating func watch(_ active: UInt32) -> UInt32 {
        var passing: UInt32 = 0
        for lane in 0..<LaneBlock.laneCount where lanes.error[lane] <= 1 { passing |= 1 << UInt32(lane) }
        passing &= active
        if !ensemble.sampleTimes.isEmpty { takeSamples(passing) }
        var ending: UInt32 = 0
        if let settling = ensemble.settling {
            var rest = passing
            while rest != 0 {
                let lane = rest.trailingZeroBitCount
                rest &= rest - 1
                if watchTargets(settling, lane) { ending |= 1 << UInt32(lane) }
            }
        }
        if let recurrence = ensemble.recurrence {
            var rest = passing
            while rest != 0 {
                let lane = rest.trailingZeroBitCount
                rest &= rest - 1
                watchRises(recurrence, lane)
            }
        }
        return ending
    }

    /// Where a lane's step ends, as the kernel will have it.
    private func endOfStep(_ lane: Int) -> Double {
        let (begin, length) = (lanes.time[lane], lanes.step[lane])
        return length >= ensemble.end - begin ? ensemble.end : begin + length
    }

    /// Samples within the steps, one of each lane at a time: the method itself with shorter steps from the same states, see
    /// ``CrossingSearch`` for why. It costs 12 right-hand sides instead of the 3 of an interpolant.
    private mutating func takeSamples(_ passing: UInt32) {
        let times = ensemble.sampleTimes
        var hasProbes = false
        while true {
            var waiting: UInt32 = 0
            for lane in 0..<LaneBlock.laneCount where passing & (1 << UInt32(lane)) != 0 {
                guard let index = occupants[lane], courses[index].nextSample < times.count else { continue }
                let time = times[courses[index].nextSample]
                guard time < endOfStep(lane) else { continue }
                if !hasProbes { probe.copyStarts(of: block) }
                hasProbes = true
                probe.step[lane] = time - lanes.time[lane]
                waiting |= 1 << UInt32(lane)
            }
            if waiting == 0 { break }
            stepper.attempt(probe)
            for lane in 0..<LaneBlock.laneCount where waiting & (1 << UInt32(lane)) != 0 {
                guard let index = occupants[lane] else { continue }
                for i in 0..<n { stateBuffer[i] = probe.newState[8 * i + lane] }
                keepSample(index)
            }
        }
        for lane in 0..<LaneBlock.laneCount where passing & (1 << UInt32(lane)) != 0 {
            guard let index = occupants[lane] else { continue }
            let end = endOfStep(lane)
            while courses[index].nextSample < times.count, times[courses[index].nextSample] == end {
                for i in 0..<n { stateBuffer[i] = lanes.new_state[8 * i + lane] }
                keepSample(index)
            }
        }
    }

    /// Keeps the state in the buffer as the next sample of a trajectory.
    private mutating func keepSample(_ index: Int) {
        results[index].samples += stateBuffer
        courses[index].nextSample += 1
    }

    /// Whether the trajectory has settled and is to end.
    private mutating func watchTargets(_ settling: Settling, _ lane: Int) -> Bool {
        guard let index = occupants[lane] else { return false }
        let end = endOfStep(lane)
        for i in 0..<n { stateBuffer[i] = lanes.new_state[8 * i + lane] }
        if settling.needsSlope {
            let slope = lanes.stages + 8 * stepper.newSlope * n
            for i in 0..<n { slopeBuffer[i] = slope[8 * i + lane] }
        }
        let reading = settling.reading(first + index, end, stateBuffer.span, slopeBuffer.span)
        guard reading.distance <= 1 else {
            courses[index].target = -1
            return false
        }
        if courses[index].target != reading.target {
            courses[index].target = reading.target
            courses[index].latestStep = lanes.time[lane]
            courses[index].isArrivalSought = true
            seek(.arrival(target: reading.target), lane, index, valueAtEnd: reading.distance - 1)
        }
        guard settling.endsTrajectory, end - courses[index].latestStep >= settling.hold else { return false }
        if courses[index].isArrivalSought { findCrossings() }
        return !courses[index].isOver && end - courses[index].arrival >= settling.hold
    }

    /// Notes where the component rises through its level, and how far the trajectory moves.
    private mutating func watchRises(_ recurrence: Recurrence, _ lane: Int) {
        guard let index = occupants[lane] else { return }
        let level = courses[index].level
        if level.isNaN { return }
        for i in 0..<n {
            let value = lanes.new_state[8 * i + lane]
            if value < lows[lane * n + i] { lows[lane * n + i] = value }
            if value > highs[lane * n + i] { highs[lane * n + i] = value }
        }
        let place = 8 * recurrence.component + lane
        guard lanes.state[place] < level, lanes.new_state[place] >= level else { return }
        seek(.rise(level: level), lane, index, valueAtEnd: level - lanes.new_state[place])
        forgetExtent(lane)
    }

    private mutating func forgetExtent(_ lane: Int) {
        for i in 0..<n {
            lows[lane * n + i] = .infinity
            highs[lane * n + i] = -.infinity
        }
    }

    // MARK: - What happens within a step

    /// Has it found when something has happened in a lane's step, sooner or later, before anything depends on it.
    private mutating func seek(_ event: CrossingSearch.Event, _ lane: Int, _ index: Int, valueAtEnd: Double) {
        let rejections = Int(lanes.rejections[lane])
        search.gather(
            CrossingSearch.Crossing(
                event: event, trajectory: first + index, lane: lane, begin: lanes.time[lane], length: lanes.step[lane],
                end: endOfStep(lane), acceptedSteps: Int(lanes.attempts[lane]) + 1 - rejections,
                rejectedSteps: rejections, sampleCount: results[index].samples.count,
                target: courses[index].target, valueAtEnd: valueAtEnd),
            from: block, lows: lows, highs: highs)
        if search.isFull { findCrossings() }
    }

    /// Finds when all has happened that is sought, in the order in which it was seen.
    private mutating func findCrossings() {
        if search.crossings.isEmpty { return }
        search.find(stepper, ensemble)
        for slot in search.crossings.indices {
            let crossing = search.crossings[slot]
            let index = crossing.trajectory - first
            switch crossing.event {
            case .arrival:
                courses[index].arrival = search.time(slot)
                courses[index].isArrivalSought = false
            case .rise:
                if let recurrence = ensemble.recurrence, !courses[index].isOver { turn(recurrence, slot, index) }
            }
        }
        search.removeAll()
    }

    /// Compares a rise with the one before it; notes the cycle in the result, and where the trajectory has ended with it.
    private mutating func turn(_ recurrence: Recurrence, _ slot: Int, _ index: Int) {
        let time = search.time(slot)
        var isCycle = false
        if let before = courses[index].rise {
            var (difference, extent) = (0.0, 0.0)
            for i in 0..<n {
                let (here, there) = (search.states[slot * n + i], rises[index * n + i])
                difference = max(difference, abs(here - there))
                extent = max(extent, search.highs[slot * n + i] - there, there - search.lows[slot * n + i])
            }
            isCycle =
                extent >= recurrence.smallestExtent && extent > 0 && difference <= recurrence.tolerance * extent
            if isCycle {
                results[index].cycle = TrajectoryCycle(
                    since: results[index].cycle?.since ?? before, period: time - before, extent: extent)
            }
        }
        // Turns that do not repeat show that it was none.
        if !isCycle { results[index].cycle = nil }
        courses[index].rise = time
        for i in 0..<n { rises[index * n + i] = search.states[slot * n + i] }
        if isCycle, recurrence.endsTrajectory { end(slot, index) }
    }

    /// Ends a trajectory at the end of a step that it may have left behind.
    private mutating func end(_ slot: Int, _ index: Int) {
        let crossing = search.crossings[slot]
        if occupants[crossing.lane] == index {
            occupants[crossing.lane] = nil
            released |= 1 << UInt32(crossing.lane)
        }
        courses[index].isOver = true
        results[index].ending = .settled
        results[index].time = crossing.end
        for i in 0..<n { results[index].state[i] = search.ends[slot * n + i] }
        results[index].acceptedSteps = crossing.acceptedSteps
        results[index].rejectedSteps = crossing.rejectedSteps
        results[index].samples.removeLast(results[index].samples.count - crossing.sampleCount)
        if let settling = ensemble.settling { judge(index, crossing.target, settling) }
    }
}

extension Settling {
    /// The reading, with the slope where it is needed.
    func reading(_ trajectory: Int, _ time: Double, _ state: Span<Double>, _ slope: Span<Double>) -> Reading {
        measure(trajectory, time, state, needsSlope ? slope : slope.extracting(first: 0))
    }
}
