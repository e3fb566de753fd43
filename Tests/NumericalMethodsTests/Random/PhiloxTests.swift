import NumericalMethods
import Testing

@Suite struct PhiloxTests {
    /// The known answers of Random123, kat_vectors.
    @Test func knownAnswers() {
        let all = UInt64.max
        #expect(
            Philox.block((0, 0, 0, 0), key: (0, 0))
                == (0x1655_4d9e_ca36_314c, 0xdb20_fe9d_672d_0fdc, 0xd7e7_72ce_e186_176b, 0x7e68_b68a_ec7b_a23b))
        #expect(
            Philox.block((all, all, all, all), key: (all, all))
                == (0x87b0_92c3_013f_e90b, 0x438c_3c67_be8d_0224, 0x9cc7_d7c6_9cd7_77b6, 0xa09c_aebf_594f_0ba0))
        #expect(
            Philox.block(
                (0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344, 0xa409_3822_299f_31d0, 0x082e_fa98_ec4e_6c89),
                key: (0x4528_21e6_38d0_1377, 0xbe54_66cf_34e9_0c6c))
                == (0xa528_f454_03e6_1d95, 0x38c7_2dbd_566e_9788, 0xa5a1_610e_72fd_18b5, 0x57bd_43b5_e52b_7fe6))
    }

    @Test func aStreamIsItsBlocksInOrder() {
        var generator = Philox(seed: 5, stream: 7, purpose: 9)
        for n in 0..<3 as Range<UInt64> {
            let block = Philox.block((n, 9, 0, 0), key: (5, 7))
            #expect(
                [generator.next(), generator.next(), generator.next(), generator.next()]
                    == [block.0, block.1, block.2, block.3])
        }
    }

    /// Seed, stream and purpose each make another sequence, 0 included.
    @Test func streamsDiffer() {
        var firsts: Set<UInt64> = []
        for seed in [0, 1, UInt64.max] {
            for stream in [0, 1, 2] as [UInt64] {
                for purpose in [0, 1] as [UInt64] {
                    var generator = Philox(seed: seed, stream: stream, purpose: purpose)
                    firsts.insert(generator.next())
                }
            }
        }
        #expect(firsts.count == 18)
    }

    @Test func openUniformNumbers() {
        // Neither 0 nor 1, and symmetric.
        #expect(openUniform(0) == 0x1p-53)
        #expect(openUniform(.max) == 1 - 0x1p-53)
        #expect(openUniform(1 << 63) - 0.5 == 0x1p-53)
        var generator = Philox(seed: 0)
        let numbers = (0..<100_000).map { _ in generator.nextOpenUniform() }
        let mean = numbers.reduce(0, +) / 1e5
        let squares = numbers.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / 1e5
        // Four standard errors: 4·√(1/12/1e5) of the mean, 4·√(1/180/1e5) of the variance.
        #expect(abs(mean - 0.5) < 0.0037)
        #expect(abs(squares - 1.0 / 12) < 0.00095)
    }
}
