/// A system behind two functions, which is how a C function pointer reaches it.
///
/// The functions are formed in inlinable generic initialisers, so that they are compiled for the system at hand in the
/// module that has it: a call costs what it costs in C (a generic subclass that overrides a method is not specialised
/// and takes 45 ns more). They capture nothing and are given the box that holds the system: a captured structure is
/// unpacked, field by field, at every call, and a captured reference costs a forwarding function.
@usableFromInline
struct ODECallbacks {
    /// The right-hand side; the function returns 0, or GSL's code for what lies outside of a domain.
    @usableFromInline typealias Derivative = (
        AnyObject, Double, UnsafePointer<Double>, UnsafeMutablePointer<Double>
    ) -> Int32
    @usableFromInline typealias Jacobian = (
        AnyObject, Double, UnsafePointer<Double>, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>
    ) -> Int32

    /// GSL_EDOM.
    @usableFromInline static var undefined: Int32 { 1 }

    @usableFromInline let dimension: Int
    /// The `SystemBox` that the functions are given.
    @usableFromInline let box: AnyObject
    @usableFromInline let derivative: Derivative
    @usableFromInline let jacobian: Jacobian?

    @inlinable
    init<System: ODESystem>(_ system: System) {
        dimension = system.dimension
        box = SystemBox(system)
        derivative = Self.derivative(of: System.self)
        jacobian = nil
    }

    @inlinable
    init<System: DifferentiableODESystem>(differentiable system: System) {
        dimension = system.dimension
        box = SystemBox(system)
        derivative = Self.derivative(of: System.self)
        jacobian = { object, t, y, dfdy, dfdt in
            let box = unsafeDowncast(object, to: SystemBox<System>.self)
            let n = box.dimension
            var matrix = UnsafeMutableBufferPointer(start: dfdy, count: n * n).mutableSpan
            var vector = UnsafeMutableBufferPointer(start: dfdt, count: n).mutableSpan
            let state = UnsafeBufferPointer(start: y, count: n).span
            return box.system.jacobian(t, state, &matrix, &vector) ? 0 : Self.undefined
        }
    }

    @inlinable
    static func derivative<System: ODESystem>(of type: System.Type) -> Derivative {
        { object, t, y, dydt in
            let box = unsafeDowncast(object, to: SystemBox<System>.self)
            var out = UnsafeMutableBufferPointer(start: dydt, count: box.dimension).mutableSpan
            let state = UnsafeBufferPointer(start: y, count: box.dimension).span
            return box.system.derivative(t, state, &out) ? 0 : Self.undefined
        }
    }
}

/// What holds a system for its functions.
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
