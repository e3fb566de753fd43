/// The shape of a ``SaltelliDesign``, which is all that the analysis of its outputs has to know.
public struct SaltelliLayout: Equatable, Hashable, Sendable {
    /// N, the number of base points.
    public let samples: Int
    /// D, the number of parameters.
    public let dimension: Int
    /// Whether there are the blocks B_A⁽ʲ⁾.
    public let secondOrder: Bool

    /// A shape; ``samples`` and ``dimension`` are 1 or more.
    public init(samples: Int, dimension: Int, secondOrder: Bool = false) {
        self.samples = samples
        self.dimension = dimension
        self.secondOrder = secondOrder
    }

    /// The number of blocks of N points: D + 2, or 2D + 2.
    public var blocks: Int { (secondOrder ? 2 : 1) * dimension + 2 }
    /// The block of A.
    public var a: Int { 0 }
    /// The block of B.
    public var b: Int { blocks - 1 }
    /// The block of A_B⁽ʲ⁾, j counted from 0.
    public func ab(_ j: Int) -> Int { 1 + j }
    /// The block of B_A⁽ʲ⁾, j counted from 0; of a design for second order.
    public func ba(_ j: Int) -> Int { 1 + dimension + j }

    /// Whether the points of a block take a parameter from B.
    public func takesFromB(block: Int, parameter: Int) -> Bool {
        if block == b { return true }
        if block == a { return false }
        return block <= dimension ? block == ab(parameter) : block != ba(parameter)
    }
}
