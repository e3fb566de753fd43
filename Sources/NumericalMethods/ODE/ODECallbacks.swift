/// A system behind two closures, which is how a C function pointer reaches it.
///
/// The closures are formed in inlinable generic initialisers, so that they are compiled for the system at hand in the
/// module that has it: a call costs what it costs in C (a generic subclass that overrides a method is not specialised and
/// takes 45 ns more).
@usableFromInline
struct ODECallbacks {
    /// They return 0, or GSL's code for what lies outside of a domain.
    @usableFromInline typealias Derivative = (Double, UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Int32
    @usableFromInline typealias Jacobian = (
        Double, UnsafePointer<Double>, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>
    ) -> Int32

    /// GSL_EDOM.
    @usableFromInline static var undefined: Int32 { 1 }

    @usableFromInline let dimension: Int
    @usableFromInline let derivative: Derivative
    @usableFromInline let jacobian: Jacobian?

    @inlinable
    init<System: ODESystem>(_ system: System) {
        dimension = system.dimension
        derivative = Self.derivative(of: SystemBox(system))
        jacobian = nil
    }

    @inlinable
    init<System: DifferentiableODESystem>(differentiable system: System) {
        let box = SystemBox(system)
        dimension = box.dimension
        derivative = Self.derivative(of: box)
        jacobian = { t, y, dfdy, dfdt in
            let n = box.dimension
            var matrix = UnsafeMutableBufferPointer(start: dfdy, count: n * n).mutableSpan
            var vector = UnsafeMutableBufferPointer(start: dfdt, count: n).mutableSpan
            let state = UnsafeBufferPointer(start: y, count: n).span
            return box.system.jacobian(t, state, &matrix, &vector) ? 0 : Self.undefined
        }
    }

    @inlinable
    static func derivative<System: ODESystem>(of box: SystemBox<System>) -> Derivative {
        { t, y, dydt in
            var out = UnsafeMutableBufferPointer(start: dydt, count: box.dimension).mutableSpan
            let state = UnsafeBufferPointer(start: y, count: box.dimension).span
            return box.system.derivative(t, state, &out) ? 0 : Self.undefined
        }
    }
}

/// What the closures capture: one reference. A captured structure is unpacked, field by field, at every call.
@usableFromInline
final class SystemBox<System: ODESystem> {
    @usableFromInline let system: System
    @usableFromInline let dimension: Int

    @inlinable
    init(_ system: System) {
        self.system = system
        dimension = system.dimension
    }
}
