import DissipativeMarket
import TestSupport
import Testing

@testable import RoleDynamics

@Suite struct BestResponseFieldTests {
    /// On its own side of the surface each piece is the field of ``RoleField``, bit for bit.
    @Test(arguments: [false, true]) func piecesMakeTheField(_ lag: Bool) throws {
        var generator = SeededGenerator(seed: 30)
        var favoured = 0
        for _ in 0..<1000 {
            let pieces = BestResponseField(try .random(&generator, .bestResponse, depth: true, lag: lag))
            let shares = RoleShares.random(&generator)
            var y = [generator.uniform(-1...1)]
            if lag { y.append(generator.uniform(-1...1)) }
            y += [shares.liquidityProviders, shares.sellers, shares.external]
            let h = pieces.switching(y.span)
            let game = pieces.field.game
            let payoffs = game.payoffs(logPrice: y[pieces.seenPrice])
            #expect(abs(h - (payoffs.seller - max(game.rewardRatio, game.externalRatio))) < 1e-14)
            var piece = [Double](repeating: .nan, count: pieces.dimension)
            var output = piece.mutableSpan
            #expect(pieces.derivative(sellersFavoured: h > 0, y.span, &output))
            #expect(piece == derivative(pieces.field, y))
            if h > 0 { favoured += 1 }
            let slope = centralDifference(at: y[pieces.seenPrice], step: 1e-4, noise: 1e-15) {
                var moved = y
                moved[pieces.seenPrice] = $0
                return pieces.switching(moved.span)
            }
            #expect(abs(pieces.switchingSlope(y.span) - slope.value) <= slope.error)
        }
        #expect(favoured > 100)
        #expect(favoured < 900)
    }

    /// Where no one sells, ties go to LPs, as in the sharp diagram.
    @Test func tiesGoToLPs() throws {
        for (y, expected) in [(0.79, [1.0, 0, 0]), (0.7, [1, 0, 0]), (0.5, [0, 0, 1])] {
            let pieces = BestResponseField(try .baseline(y))
            var output = [0.0, 0, 0, 0]
            var span = output.mutableSpan
            #expect(pieces.derivative(sellersFavoured: false, [-1, 0, 0, 0].span, &span))
            #expect(Array(output[1...]) == expected.map { 2 * $0 })
        }
    }
}
