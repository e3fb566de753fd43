import RealModule

/// Collocation with polynomials of a degree m at the m Gauss points of each interval of a mesh: the tables of one interval,
/// scaled to 0 … 1. A polynomial is given by its values at m + 1 equidistant nodes.
struct CollocationRule: Sendable {
    let degree: Int
    /// The Gauss points.
    let points: [Double]
    /// The Gauss weights; their sum is 1.
    let weights: [Double]
    /// `values[i][k]`: the basis polynomial of node k at Gauss point i.
    let values: [[Double]]
    /// `slopes[i][k]`: its derivative there.
    let slopes: [[Double]]

    init(degree m: Int) {
        degree = m
        var (points, weights): ([Double], [Double]) = ([], [])
        for i in 0..<m {
            // Newton's method on the Legendre polynomial, from the usual estimate of its roots.
            var x = -Double.cos(.pi * (Double(i) + 0.75) / (Double(m) + 0.5))
            var slope = 1.0
            for _ in 0..<40 {
                var (last, current) = (1.0, x)
                for k in stride(from: 2, through: m, by: 1) {
                    let k = Double(k)
                    (last, current) = (current, ((2 * k - 1) * x * current - (k - 1) * last) / k)
                }
                slope = m == 1 ? 1 : Double(m) * (x * current - last) / (x * x - 1)
                let step = current / slope
                x -= step
                if abs(step) < 1e-16 { break }
            }
            points.append(0.5 * (x + 1))
            weights.append(1 / ((1 - x * x) * slope * slope))
        }
        self.points = points
        self.weights = weights
        values = points.map { CollocationRule.basis(degree: m, at: $0) }
        slopes = points.map { CollocationRule.basisSlopes(degree: m, at: $0) }
    }

    /// The basis polynomials at σ.
    static func basis(degree m: Int, at sigma: Double) -> [Double] {
        let t = sigma * Double(m)
        return (0...m).map { k in
            (0...m).reduce(1) { $1 == k ? $0 : $0 * (t - Double($1)) / Double(k - $1) }
        }
    }

    /// The derivatives of the basis polynomials by σ.
    static func basisSlopes(degree m: Int, at sigma: Double) -> [Double] {
        let t = sigma * Double(m)
        return (0...m).map { k in
            var sum = 0.0
            for left in 0...m where left != k {
                var product = 1 / Double(k - left)
                for other in 0...m where other != k && other != left {
                    product *= (t - Double(other)) / Double(k - other)
                }
                sum += product
            }
            return sum * Double(m)
        }
    }
}
