import Testing

@testable import ProtocolSimulation

@Suite struct LotQueueTests {
    private func lot(_ owner: Int, units: Double = 1, expiry: Double = 1) -> Lot {
        Lot(
            owner: owner, kind: .liquidity, units: units, remainder: units, expiry: expiry, deposit: 0,
            dissipationIndex: 0, rewardIndex: 0)
    }

    /// Lots leave in the order in which they came, round and round the ring.
    @Test func lotsLeaveInOrder() {
        var queue = LotQueue(capacity: 3)
        for owner in 0..<3 { queue.appendWhole(lot(owner)) }
        for owner in 3..<20 {
            #expect(queue.removeFirst(dissipating: false).owner == owner - 3)
            queue.appendWhole(lot(owner))
        }
        #expect(queue.lots.map(\.owner) == [17, 18, 19])
    }

    /// A purchase takes from the lots that expire soonest, over their bounds.
    @Test func takesSoonest() {
        var queue = LotQueue(capacity: 3)
        for owner in 0..<3 { queue.appendWhole(lot(owner)) }
        queue.takeSoonest(1.25)
        #expect(queue.lots.map(\.remainder) == [0, 0.75, 1])
        queue.takeSoonest(0.75)
        #expect(queue.lots.map(\.remainder) == [0, 0, 1])
        #expect(queue.unsold.value == 1)
        // A lot that is sold out goes, and the next purchase finds the third.
        _ = queue.removeFirst(dissipating: false)
        queue.takeSoonest(0.5)
        #expect(queue.lots.map(\.remainder) == [0, 0.5])
        #expect(queue.countUnsold() == 0.5)
    }

    /// Shares multiply, also beyond what a factor can hold.
    @Test func sharesMultiplyWithoutUnderflow() {
        var queue = LotQueue(capacity: 2)
        queue.appendDissipating(lot(0), devices: 1)
        for _ in 0..<300 { queue.keepShare(0.1) }
        queue.appendDissipating(lot(1), devices: 1)
        // The first lot has 1e−300 of a device left, and the second is whole.
        #expect(abs(queue.idleDevices - 1) <= 1e-15)
        #expect(abs(queue.countDissipating(at: 0.25) - 0.75) <= 1e-15)
        for _ in 0..<100 { queue.keepShare(0.5) }
        #expect(abs(queue.idleDevices / 0x1p-100 - 1) <= 1e-13)
    }
}
