/// A system dy/dt = f(t, y) whose right-hand side changes across surfaces h_i(t, y) = 0 and is smooth in between.
///
/// On each side of each surface f must be smooth up to the surface and a little beyond, since a step is taken with the
/// right-hand side of its beginning and cut afterwards.
public protocol PiecewiseSmoothSystem {
    /// n, at least 1.
    var dimension: Int { get }

    /// The number of surfaces, at most 64.
    var surfaceCount: Int { get }

    /// h_i(t, y).
    func surface(_ index: Int, _ t: Double, _ y: Span<Double>) -> Double

    /// ∂h_i/∂t + ∇h_i · v: how fast h_i changes along a motion with the velocity v.
    func surfaceRate(_ index: Int, _ t: Double, _ y: Span<Double>, _ velocity: Span<Double>) -> Double

    /// Writes f(t, y) as it is on these sides of the surfaces.
    ///
    /// - Returns: false where it is not defined.
    func derivative(_ sides: SurfaceSides, _ t: Double, _ y: Span<Double>, _ dydt: inout MutableSpan<Double>) -> Bool
}

/// A piecewise-smooth system whose Jacobians are known in closed form.
public protocol DifferentiablePiecewiseSmoothSystem: PiecewiseSmoothSystem {
    /// Writes ∂f_i/∂y_j row by row and ∂f_i/∂t, as they are on these sides of the surfaces.
    ///
    /// - Returns: false where they are not defined.
    func jacobian(
        _ sides: SurfaceSides, _ t: Double, _ y: Span<Double>, _ dfdy: inout MutableSpan<Double>,
        _ dfdt: inout MutableSpan<Double>
    ) -> Bool
}

/// On which side of each surface something is: where h_i > 0, or where not.
public struct SurfaceSides: Hashable, Sendable, CustomStringConvertible {
    private var bits: UInt64 = 0

    /// No surface is positive.
    public init() {}

    /// Whether h_i > 0; false beyond the 64th.
    public subscript(index: Int) -> Bool {
        get { (0..<64).contains(index) && bits & (1 << UInt64(index)) != 0 }
        set {
            guard (0..<64).contains(index) else { return }
            if newValue { bits |= 1 << UInt64(index) } else { bits &= ~(1 << UInt64(index)) }
        }
    }

    /// The other side of some of the surfaces.
    public func crossing(_ indices: [Int]) -> SurfaceSides {
        var other = self
        for index in indices { other[index].toggle() }
        return other
    }

    /// "+-…", the first surface first, up to the last positive one.
    public var description: String {
        (0..<max(64 - bits.leadingZeroBitCount, 1)).map { self[$0] ? "+" : "-" }.joined()
    }
}

/// How a piecewise-smooth system moves at a time.
public enum PiecewiseMotion: Hashable, Sendable {
    /// Motion with the right-hand side of one side of every surface.
    case smooth(SurfaceSides)
    /// Motion along a surface, between the right-hand sides that both push towards it (Filippov).
    case sliding(surface: Int, below: SurfaceSides, above: SurfaceSides)

    /// Whether it slides.
    public var isSliding: Bool { if case .sliding = self { true } else { false } }
}

/// A change of the motion of a piecewise-smooth system.
public struct MotionChange: Equatable, Sendable {
    /// The time of the change.
    public let time: Double
    /// The state at that time.
    public let state: [Double]
    /// The surfaces that are met or left: several where they coincide.
    public let surfaces: [Int]
    /// The motion before.
    public let before: PiecewiseMotion
    /// The motion afterwards.
    public let after: PiecewiseMotion
}
