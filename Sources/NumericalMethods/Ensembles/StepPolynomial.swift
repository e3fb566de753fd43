/// A polynomial through two or three points of a step with their slopes, by Newton's formula on the points l, l, h, h, t, t.
///
/// The variable is the part of the step that has gone by.
struct StepPolynomial {
    /// A point: the part of the step, a component of the state, and its slope by that part.
    struct Point {
        var fraction: Double
        var value: Double
        var slope: Double
    }

    private let l, h, t: Double
    private let a0, a1, a2, a3, a4, a5: Double

    /// - Parameter third: nil for a polynomial of degree 3.
    init(_ low: Point, _ high: Point, _ third: Point?) {
        (l, h) = (low.fraction, high.fraction)
        // f[l, h], f[l, l, h], f[l, h, h], f[l, l, h, h].
        let lh = (high.value - low.value) / (h - l)
        let llh = (lh - low.slope) / (h - l)
        let lhh = (high.slope - lh) / (h - l)
        let llhh = (lhh - llh) / (h - l)
        (a0, a1, a2, a3) = (low.value, low.slope, llh, llhh)
        guard let third else {
            (t, a4, a5) = (0, 0, 0)
            return
        }
        t = third.fraction
        let ht = (third.value - high.value) / (t - h)
        let hht = (ht - high.slope) / (t - h)
        let lhht = (hht - lhh) / (t - l)
        let hhtt = ((third.slope - ht) / (t - h) - hht) / (t - h)
        a4 = (lhht - llhh) / (t - l)
        a5 = ((hhtt - lhht) / (t - l) - a4) / (t - l)
    }

    /// The value at a part of the step.
    @inline(__always)
    func value(_ fraction: Double) -> Double {
        let (fromLow, fromHigh) = (fraction - l, fraction - h)
        return a0 + fromLow * (a1 + fromLow * (a2 + fromHigh * (a3 + fromHigh * (a4 + (fraction - t) * a5))))
    }

    /// The slope there.
    func slope(_ fraction: Double) -> Double {
        var (value, slope) = (a5, 0.0)
        func multiply(_ distance: Double, _ coefficient: Double) {
            slope = slope * distance + value
            value = value * distance + coefficient
        }
        multiply(fraction - t, a4)
        multiply(fraction - h, a3)
        multiply(fraction - h, a2)
        multiply(fraction - l, a1)
        multiply(fraction - l, a0)
        return slope
    }
}
