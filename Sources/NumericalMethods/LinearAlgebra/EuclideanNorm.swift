/// ‖v‖₂, without overflow or underflow of the squares. NaN where an element is; 0 of nothing.
func euclideanNorm(_ v: [Double]) -> Double {
    let sum = v.reduce(0) { $0 + $1 * $1 }
    // Squares that are lost to underflow are below ε of a sum above this.
    if sum < .infinity, sum > 0x1p-900 { return sum.squareRoot() }
    let largest = v.reduce(0) { $1.magnitude > $0 || $1.isNaN ? $1.magnitude : $0 }
    guard largest > 0, largest < .infinity else { return largest }
    // Divided by a power of two, which is exact: the largest quotient is from 1 to 2.
    let exponent = largest.exponent
    let scaled = v.reduce(0) {
        let quotient = Double(sign: .plus, exponent: -exponent, significand: $1)
        return $0 + quotient * quotient
    }
    return Double(sign: .plus, exponent: exponent, significand: scaled.squareRoot())
}
