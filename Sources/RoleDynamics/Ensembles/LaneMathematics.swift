import CVectorKernels

/// Eight doubles, one a trajectory.
typealias LaneVector = SIMD8<Double>

extension SIMD8<Double> {
    /// |x|.
    @inline(__always)
    var magnitude: Self {
        unsafeBitCast(unsafeBitCast(self, to: SIMD8<UInt64>.self) & 0x7fff_ffff_ffff_ffff, to: Self.self)
    }

    /// [x]₊; 0 of NaN.
    @inline(__always)
    var positivePart: Self { Self(repeating: 0).replacing(with: self, where: self .> 0) }

    /// e^x within 2 ulp, +∞ and 0 beyond the range of doubles.
    @inline(__always)
    var exponential: Self {
        var result = Self()
        withUnsafePointer(to: self) { input in
            withUnsafeMutablePointer(to: &result) { output in
                pinfi_exp_lanes(
                    UnsafeRawPointer(input).assumingMemoryBound(to: Double.self),
                    UnsafeMutableRawPointer(output).assumingMemoryBound(to: Double.self))
            }
        }
        return result
    }
}

/// ``Logistic`` of eight numbers.
struct LaneLogistic {
    let value: LaneVector
    let complement: LaneVector

    @inline(__always)
    init(_ u: LaneVector) {
        let small = (-u.magnitude).exponential
        let large = 1 / (1 + small)
        let tail = small * large
        let isRight = u .>= 0
        value = tail.replacing(with: large, where: isRight)
        complement = large.replacing(with: tail, where: isRight)
    }

    /// F′(u) = F(1 − F).
    @inline(__always)
    var slope: LaneVector { value * complement }
}

/// ``MeanSellingPrice`` of eight log prices: its excess and its slope, by the same formulas.
struct LaneMeanSellingPrice {
    let excess: LaneVector
    let slope: LaneVector

    @inline(__always)
    init(_ v: LaneVector) {
        let isSmall = v.magnitude .<= 0.5
        let phi2 = Self.secondPhi(v)
        let smallExcess = v * phi2
        let smallSlope = 1 + (smallExcess - phi2)

        // 1 in place of a small v, so that nothing is divided by 0.
        let w = v.replacing(with: 1, where: isSmall)
        let exponential = w.exponential
        let exponentialMinusOne = exponential - 1
        let mean = exponentialMinusOne / w
        let low = (exponential - mean) / w
        let high = mean - (exponentialMinusOne - w) / w / w
        excess = (mean - 1).replacing(with: smallExcess, where: isSmall)
        slope = high.replacing(with: low, where: w .< -1).replacing(with: smallSlope, where: isSmall)
    }

    @inline(__always)
    private static func secondPhi(_ v: LaneVector) -> LaneVector {
        let v2 = v * v
        let v4 = v2 * v2
        let v8 = v4 * v4
        // Two terms at a time: the compiler takes minutes over longer ones.
        func pair(_ constant: Double, _ linear: Double) -> LaneVector { constant + v * linear }
        let p0 = pair(0.5, 1.0 / 6) + v2 * pair(1.0 / 24, 1.0 / 120)
        let p1 = pair(1.0 / 720, 1.0 / 5040) + v2 * pair(1.0 / 40320, 1.0 / 362880)
        let p2 = pair(1.0 / 3_628_800, 1.0 / 39_916_800) + v2 * pair(1.0 / 479_001_600, 1.0 / 6_227_020_800)
        let p3 = pair(1.0 / 87_178_291_200, 1.0 / 1_307_674_368_000) + v2 * (1.0 / 20_922_789_888_000)
        return (p0 + v4 * p1) + v8 * (p2 + v4 * p3)
    }
}
