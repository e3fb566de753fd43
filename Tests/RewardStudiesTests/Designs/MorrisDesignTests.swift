import NumericalMethods
import TestSupport
import Testing

@testable import RewardStudies

@Suite struct MorrisDesignTests {
    @Test(arguments: [2, 4, 6, 10]) func trajectories(levels: Int) throws {
        let design = try MorrisDesign(DesignTests.unit(5), trajectories: 12, levels: levels, seed: 0)
        #expect(design.count == 72)
        #expect(design.moves.count == 60)
        let step = Double(levels) / 2 / Double(levels - 1)
        for t in 0..<12 {
            #expect(Set(design.moves[t * 5..<t * 5 + 5].map(\.parameter)) == Set(0..<5))
            for k in 0..<5 {
                let (before, after) = (design.point(t * 6 + k), design.point(t * 6 + k + 1))
                let move = design.moves[t * 5 + k]
                for j in 0..<5 {
                    let change = j == move.parameter ? (move.isUp ? step : -step) : 0
                    #expect(abs(after[j] - before[j] - change) < 1e-15)
                    #expect(before[j] >= 0 && before[j] <= 1)
                    let level = before[j] * Double(levels - 1)
                    #expect(abs(level - level.rounded()) < 1e-14)
                }
            }
            #expect(abs(design.step(of: 0) - step) < 1e-15)
        }
    }

    /// Unbounded parameters stay finite, their step is ½ in probability.
    @Test func unboundedParameters() throws {
        let space = try ParameterSpace([.normal(mean: 0, deviation: 1), .uniform(low: 0, high: 1)])
        let design = try MorrisDesign(space, trajectories: 30, seed: 3)
        let columns = design.columns(0..<design.count)
        #expect(Set(columns[0]).count == 4 && columns[0].allSatisfy { abs($0) < 1.2 })
        #expect(design.step(of: 0) == 0.5)
        #expect(abs(design.step(of: 1) - 2.0 / 3) < 1e-15)
    }

    /// All levels of all parameters are used evenly by random trajectories: of 2 · 2000 · 3 points' coordinates a quarter
    /// each, within five deviations were they independent (those of one trajectory are not, which halves it at most).
    @Test func levelsAreEvenlyUsed() throws {
        let design = try MorrisDesign(DesignTests.unit(2), trajectories: 2000, candidates: 2000, seed: 3)
        for column in design.columns(0..<design.count) {
            for level in 0..<4 {
                let share = Double(column.count { Int(($0 * 3).rounded()) == level }) / Double(column.count)
                #expect(abs(share - 0.25) < 0.03)
            }
        }
    }

    /// The choice is the best of all subsets in most cases, never improved by one exchange, and better than the first ones.
    @Test func choiceOfTrajectories() throws {
        var generator = SeededGenerator(seed: 7)
        var optimal = 0
        for _ in 0..<40 {
            let n = 12
            var squares = Matrix.zero(rows: n, columns: n)
            for i in 0..<n {
                for j in 0..<i {
                    squares[i, j] = generator.uniform(0...1)
                    squares[j, i] = squares[i, j]
                }
            }
            func total(_ chosen: [Int]) -> Double {
                var sum = 0.0
                for i in chosen {
                    for j in chosen where j < i { sum += squares[i, j] }
                }
                return sum
            }
            let (chosen, spread) = SpreadSelection(squares: squares).choose(5)
            #expect(chosen.count == 5)
            #expect(Set(chosen).count == 5)
            #expect(abs(spread * spread - total(chosen)) < 1e-12)
            for i in chosen.indices {
                for k in 0..<n where !chosen.contains(k) {
                    var other = chosen
                    other[i] = k
                    #expect(total(other) <= total(chosen) + 1e-12)
                }
            }
            var best = 0.0
            for mask in 0..<1 << n where mask.nonzeroBitCount == 5 {
                let subset: [Int] = (0..<n).filter { mask >> $0 & 1 == 1 }
                best = max(best, total(subset))
            }
            #expect(total(chosen) > 0.95 * best)
            optimal += total(chosen) > best - 1e-12 ? 1 : 0
        }
        #expect(optimal > 20)
        // Of 300 candidates, against all subsets of six in a row.
        let chosen = try #require(
            try MorrisDesign(DesignTests.unit(4), trajectories: 6, candidates: 300, seed: 1).spread)
        let all = (0..<300).map { MorrisTrajectory(dimension: 4, levels: 4, seed: 1, index: $0) }
        for start in stride(from: 0, to: 294, by: 6) {
            let units = [[Double]](repeating: [0, 1.0 / 3, 2.0 / 3, 1], count: 4)
            #expect(chosen > 1.02 * SpreadSelection(Array(all[start..<start + 6]), units: units).choose(6).spread)
        }
        #expect(try MorrisDesign(DesignTests.unit(4), trajectories: 6, candidates: 6, seed: 1).spread == nil)
    }

    @Test func faults() throws {
        let space = try DesignTests.unit(2)
        #expect(throws: DesignError.self) { try MorrisDesign(space, trajectories: 1, seed: 0) }
        #expect(throws: DesignError.self) { try MorrisDesign(space, trajectories: 4, levels: 5, seed: 0) }
        #expect(throws: DesignError.self) { try MorrisDesign(space, trajectories: 4, levels: 0, seed: 0) }
        #expect(throws: DesignError.self) { try MorrisDesign(space, trajectories: 4, candidates: 3, seed: 0) }
        #expect(throws: DesignError.self) { try MorrisDesign(space, trajectories: 4, candidates: .max, seed: 0) }
        #expect(throws: DesignError.self) { try MorrisDesign(space, trajectories: .max, seed: 0) }
    }
}
