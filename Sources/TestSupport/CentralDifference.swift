/// A derivative by central differences with an estimate of its error: the steps h and h/2 combined so that the error of
/// order h² cancels; what they differ by, over three, is that order's size and bounds what is left, and `noise` is the
/// absolute error of a value of f.
public func centralDifference(
    at x: Double, step h: Double, noise: Double, _ f: (Double) -> Double
) -> (value: Double, error: Double) {
    // The steps as they are taken, after rounding.
    let (right, left) = (x + h, x - h)
    let (nearRight, nearLeft) = (x + h / 2, x - h / 2)
    let coarse = (f(right) - f(left)) / (right - left)
    let fine = (f(nearRight) - f(nearLeft)) / (nearRight - nearLeft)
    return (fine + (fine - coarse) / 3, abs(fine - coarse) / 3 + 5 * noise / h)
}
