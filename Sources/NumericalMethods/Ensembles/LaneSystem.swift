import CVectorKernels

/// A system of ordinary differential equations for eight trajectories at once, a lane each, dy/dt = f(t, y; p) with n
/// components and as many parameters as it likes.
///
/// Every lane has its own time, state and parameters. What conformers owe:
///
/// - What is written of a lane depends on that lane alone, to the bit: element by element, and choices by `replacing(with:where:)`,
///   never by a branch on what other lanes do. Only then is a trajectory the same whatever its neighbours are.
/// - Every component is written. Where f is not defined in a lane, it is NaN there, and the other lanes are as ever.
/// - One and the same value is asked from several threads.
///
/// The spans have `dimension` and `parameterCount` elements.
public protocol LaneSystem: Sendable {
    /// n, at least 1.
    var dimension: Int { get }
    /// The number of parameters of a trajectory, at least 0.
    var parameterCount: Int { get }

    /// Writes f(t, y; p) of eight trajectories.
    func derivative(
        _ t: SIMD8<Double>, _ y: Span<SIMD8<Double>>, _ parameters: Span<SIMD8<Double>>,
        _ dydt: inout MutableSpan<SIMD8<Double>>)
}

/// A system whose Jacobian is known in closed form, which ``EnsembleMethod/rodas5p`` needs.
public protocol DifferentiableLaneSystem: LaneSystem {
    /// Writes ∂f_i/∂y_j row by row (element i·n + j) and ∂f_i/∂t of eight trajectories; NaN where they are not defined.
    func jacobian(
        _ t: SIMD8<Double>, _ y: Span<SIMD8<Double>>, _ parameters: Span<SIMD8<Double>>,
        _ dfdy: inout MutableSpan<SIMD8<Double>>, _ dfdt: inout MutableSpan<SIMD8<Double>>)
}

/// A system with right-hand side and steps written in C.
package protocol KernelLaneSystem: LaneSystem {
    /// The right-hand side, the same as `derivative`.
    var kernelSlopes: LaneSlopes { get }
    /// A step of ``EnsembleMethod/dormandPrince8``.
    var kernelStep: LaneStep { get }
}

package typealias LaneSlopes =
    @convention(c) (
        UnsafePointer<pinfi_lanes>?, UnsafePointer<Double>?, UnsafePointer<Double>?, UnsafeMutablePointer<Double>?
    ) -> Void
package typealias LaneStep = @convention(c) (UnsafeMutablePointer<pinfi_lanes>?) -> Void
