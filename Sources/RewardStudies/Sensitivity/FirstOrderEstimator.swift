/// An estimator of first-order indices from a ``SaltelliDesign``. All have the denominator V, the variance of A and B
/// together, except Janon's.
public enum FirstOrderEstimator: String, CaseIterable, Sendable {
    /// ⟨f(B)·(f(A_B⁽ʲ⁾) − f(A))⟩/V: Saltelli et al. (2010). Good for small indices.
    case saltelli
    /// 1 − ⟨(f(B) − f(A_B⁽ʲ⁾))²⟩/(2V): Jansen (1999). Good for large indices.
    case jansen
    /// The correlation of f(B) and f(A_B⁽ʲ⁾), with the mean and the variance of both together: Janon et al. (2014),
    /// asymptotically efficient.
    case janon
}
