import NumericalMethods

/// The choice of trajectories that are far from each other.
struct SpreadSelection {
    /// The squares of the distances of all pairs.
    let squares: Matrix

    init(_ trajectories: [MorrisTrajectory], units: [[Double]]) {
        let n = trajectories.count
        let dimension = units.count
        let points = trajectories.map { trajectory in
            trajectory.places.indices.map { units[$0 % dimension][Int(trajectory.places[$0])] }
        }
        var squares = Matrix.zero(rows: n, columns: n)
        for i in 0..<n {
            for j in 0..<i {
                let distance = Self.distance(points[i], points[j], dimension)
                squares[i, j] = distance * distance
                squares[j, i] = squares[i, j]
            }
        }
        self.squares = squares
    }

    init(squares: Matrix) { self.squares = squares }

    /// The sum of the distances of all pairs of points.
    private static func distance(_ a: [Double], _ b: [Double], _ dimension: Int) -> Double {
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                var total = 0.0
                for i in stride(from: 0, to: a.count, by: dimension) {
                    for j in stride(from: 0, to: b.count, by: dimension) {
                        var sum = 0.0
                        for k in 0..<dimension {
                            let difference = a[i + k] - b[j + k]
                            sum += difference * difference
                        }
                        total += sum.squareRoot()
                    }
                }
                return total
            }
        }
    }

    /// So many of them, ascending, and the root of the sum of the squares of their distances.
    func choose(_ count: Int) -> (chosen: [Int], spread: Double) {
        let n = squares.rows
        guard count < n, count >= 2 else { return (Array(0..<n), total(Array(0..<n)).squareRoot()) }
        // The farthest pair, and what is farthest from each of the first.
        var starts = [
            (0..<n).map { ($0, farthest(from: $0)) }.max { squares[$0.0, $0.1] < squares[$1.0, $1.1] } ?? (0, 1)
        ]
        starts += (0..<min(n, Self.starts)).map { ($0, farthest(from: $0)) }
        var best: (chosen: [Int], total: Double) = ([], -1)
        for start in starts {
            let chosen = extended(start, to: count)
            let total = total(chosen)
            if total > best.total { best = (chosen, total) }
        }
        return (best.chosen, best.total.squareRoot())
    }

    private static let starts = 16

    private func farthest(from i: Int) -> Int {
        (0..<squares.rows).filter { $0 != i }.max { squares[i, $0] < squares[i, $1] } ?? i
    }

    private func total(_ chosen: [Int]) -> Double {
        var total = 0.0
        for i in chosen {
            for j in chosen where j < i { total += squares[i, j] }
        }
        return total
    }

    private func extended(_ start: (Int, Int), to count: Int) -> [Int] {
        let n = squares.rows
        var isChosen = [Bool](repeating: false, count: n)
        isChosen[start.0] = true
        isChosen[start.1] = true
        // Of each candidate the sum of its squares to the chosen ones.
        var sums = (0..<n).map { squares[$0, start.0] + squares[$0, start.1] }
        for _ in 2..<count {
            guard let next = (0..<n).filter({ !isChosen[$0] }).max(by: { sums[$0] < sums[$1] }) else { break }
            isChosen[next] = true
            for k in 0..<n { sums[k] += squares[k, next] }
        }
        // Every exchange increases the sum by more than its rounding, so it ends.
        let least = 1e-12 * (sums.max() ?? 0)
        while let exchange = bestExchange(isChosen, sums), exchange.gain > least {
            isChosen[exchange.out] = false
            isChosen[exchange.in] = true
            for k in 0..<n { sums[k] += squares[k, exchange.in] - squares[k, exchange.out] }
        }
        return (0..<n).filter { isChosen[$0] }
    }

    private func bestExchange(_ isChosen: [Bool], _ sums: [Double]) -> (out: Int, in: Int, gain: Double)? {
        var best: (out: Int, in: Int, gain: Double)?
        for i in sums.indices where isChosen[i] {
            for k in sums.indices where !isChosen[k] {
                let gain = sums[k] - squares[k, i] - sums[i]
                if gain > best?.gain ?? 0 { best = (i, k, gain) }
            }
        }
        return best
    }
}
