/// A system of ordinary differential equations dy/dt = f(t, y) with n components.
///
/// A conforming type is a value that holds the parameters; one and the same value may be asked from several threads.
///
/// - `derivative` must depend on its arguments and on the parameters alone, and writes every component.
/// - Where f is not defined it returns false and may leave anything behind: the step is then tried again, shorter, and
///   the integration ends with ``ODEEnding/derivativeUndefined(time:)`` where no step is short enough.
/// - Both spans have exactly `dimension` elements. Asking for `y.count >= n` once, before the first subscript, lets the
///   compiler leave out the checks of the others.
public protocol ODESystem {
    /// n, at least 1.
    var dimension: Int { get }

    /// Writes f(t, y).
    ///
    /// - Returns: false where f is not defined at (t, y).
    func derivative(_ t: Double, _ y: Span<Double>, _ dydt: inout MutableSpan<Double>) -> Bool
}

/// A system whose Jacobian is known in closed form, which the implicit methods need.
public protocol DifferentiableODESystem: ODESystem {
    /// Writes ∂f_i/∂y_j row by row (n × n, element i·n + j) and ∂f_i/∂t.
    ///
    /// - Returns: false where they are not defined at (t, y).
    func jacobian(
        _ t: Double, _ y: Span<Double>, _ dfdy: inout MutableSpan<Double>, _ dfdt: inout MutableSpan<Double>
    ) -> Bool
}
