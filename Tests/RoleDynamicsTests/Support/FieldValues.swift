import NumericalMethods

/// f(y) as an array; nil where it is not defined.
func derivative(_ field: some ODESystem, _ y: [Double]) -> [Double]? {
    var result = [Double](repeating: .nan, count: field.dimension)
    var output = result.mutableSpan
    return field.derivative(0, y.span, &output) ? result : nil
}

/// The Jacobian at y, row by row; nil where it is not defined.
func jacobian(_ field: some DifferentiableODESystem, _ y: [Double]) -> [Double]? {
    let n = field.dimension
    var result = [Double](repeating: .nan, count: n * n)
    var time = [Double](repeating: .nan, count: n)
    var output = result.mutableSpan
    var timeOutput = time.mutableSpan
    guard field.jacobian(0, y.span, &output, &timeOutput), time.allSatisfy({ $0 == 0 }) else { return nil }
    return result
}
