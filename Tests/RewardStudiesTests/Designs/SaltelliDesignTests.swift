import NumericalMethods
import RewardStudies
import Testing

@Suite struct SaltelliDesignTests {
    @Test(arguments: [false, true]) func blocks(secondOrder: Bool) throws {
        let design = try SaltelliDesign(DesignTests.unit(3), samples: 37, secondOrder: secondOrder, seed: 0)
        let layout = design.layout
        #expect(layout.blocks == (secondOrder ? 8 : 5))
        #expect(design.count == 37 * layout.blocks)
        for i in 0..<37 {
            func point(_ block: Int) -> [Double] { design.point(block * 37 + i) }
            let (a, b) = (point(layout.a), point(layout.b))
            #expect(Set(a + b).count == 6)
            for j in 0..<3 {
                var expected = a
                expected[j] = b[j]
                #expect(point(layout.ab(j)) == expected)
                guard secondOrder else { continue }
                expected = b
                expected[j] = a[j]
                #expect(point(layout.ba(j)) == expected)
            }
        }
    }

    /// The fast way to evaluate all points is the one of any design, at any number of threads, and failures of the model
    /// come through.
    @Test(arguments: [1, 100, 5000]) func evaluation(samples: Int) throws {
        let design = try SaltelliDesign(DesignTests.unit(2), samples: samples, secondOrder: true, seed: 4)
        let model: BatchModel<Never> = { x, y in
            for i in y[0].indices {
                y[0][i] = x[0][i] - 2 * x[1][i]
                y[1][i] = x[0][i] * x[1][i]
            }
        }
        let outputs = design.evaluate(quantities: 2, threads: 1, model: model)
        #expect(outputs == design.evaluate(quantities: 2, threads: 3, model: model))
        #expect(outputs == (design as any PointSet).evaluate(quantities: 2, threads: 2, model: model))
        let last = design.point(design.count - 1)
        #expect(outputs[0].last == last[0] - 2 * last[1])
        #expect(outputs[1].last == last[0] * last[1])

        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try design.evaluate { (_, _) throws(Stop) in throw Stop() }
        }
    }
}
