import CVectorKernels

/// A step of Rodas5P in eight lanes, see ``RosenbrockTableau``.
///
/// The block's stages are the slope at the state, k_1 to k_8, and the slope at the new state.
final class RosenbrockStep {
    static let stageCount = RosenbrockTableau.stages + 2

    private let system: any DifferentiableLaneSystem
    private let n: Int
    private var matrix: LaneLinearSystem
    private var jacobian: [SIMD8<Double>]
    private var timeSlope: [SIMD8<Double>]

    init(_ system: any DifferentiableLaneSystem) {
        self.system = system
        n = system.dimension
        matrix = LaneLinearSystem(n: n)
        jacobian = Array(repeating: SIMD8(repeating: 0), count: n * n)
        timeSlope = Array(repeating: SIMD8(repeating: 0), count: n)
    }

    func attempt(_ block: LaneBlock) {
        let t = vectors(block.time, 1)[0]
        let h = vectors(block.step, 1)[0]
        let state = vectors(block.state, n)
        let y = vectors(block.newState, n)
        let stages = vectors(block.stages, n * Self.stageCount)
        let parameters = vectors(UnsafePointer(block.parameters), block.parameterCount)
        func stage(_ i: Int) -> UnsafeMutableBufferPointer<SIMD8<Double>> {
            UnsafeMutableBufferPointer(rebasing: stages[(i * n)..<((i + 1) * n)])
        }

        var dfdy = jacobian.mutableSpan
        var dfdt = timeSlope.mutableSpan
        system.jacobian(t, vectors(UnsafePointer(block.state), n).span, parameters.span, &dfdy, &dfdt)
        let inverse = 1 / h
        let diagonal = inverse / RosenbrockTableau.gamma
        for i in 0..<n {
            for j in 0..<n {
                matrix.elements[i * n + j] = (i == j ? diagonal : SIMD8(repeating: 0)) - jacobian[i * n + j]
            }
        }
        matrix.factor()

        for s in 0..<RosenbrockTableau.stages {
            let k = stage(s + 1)
            if s == 0 {
                for i in 0..<n { k[i] = stages[i] }
            } else {
                for i in 0..<n {
                    var sum = SIMD8<Double>(repeating: 0)
                    for (j, a) in RosenbrockTableau.a[s].enumerated() { sum += a * stages[(j + 1) * n + i] }
                    y[i] = state[i] + sum
                }
                slopes(block, t + RosenbrockTableau.times[s] * h, y, k)
            }
            let weight = RosenbrockTableau.timeSlopes[s]
            for i in 0..<n {
                var sum = SIMD8<Double>(repeating: 0)
                for (j, c) in RosenbrockTableau.c[s].enumerated() { sum += c * stages[(j + 1) * n + i] }
                k[i] += sum * inverse
                if weight != 0 { k[i] += weight * h * timeSlope[i] }
            }
            matrix.solve(k)
        }
        let estimate = stage(RosenbrockTableau.stages)
        var sum = SIMD8<Double>(repeating: 0)
        let absolute = SIMD8(repeating: block.lanes.pointee.absolute_tolerance)
        for i in 0..<n {
            y[i] += estimate[i]
            let (before, after) = (magnitude(state[i]), magnitude(y[i]))
            let size = before.replacing(with: after, where: after .> before)
            let error = estimate[i] / (absolute + block.lanes.pointee.relative_tolerance * size)
            sum += error * error
        }
        let last = stage(Self.stageCount - 1)
        slopes(block, t + h, y, last)
        var error = (sum / Double(n)).squareRoot()
        // Nor may the new slope be other than finite, which no estimate looks at.
        for i in 0..<n { error += 0 * last[i] }
        vectors(block.error, 1)[0] = error
    }

    private func slopes(
        _ block: LaneBlock, _ time: SIMD8<Double>, _ y: UnsafeMutableBufferPointer<SIMD8<Double>>,
        _ dydt: UnsafeMutableBufferPointer<SIMD8<Double>>
    ) {
        var output = dydt.mutableSpan
        system.derivative(
            time, UnsafeBufferPointer(y).span, vectors(UnsafePointer(block.parameters), block.parameterCount).span,
            &output)
    }
}
