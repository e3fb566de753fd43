/// A place in the numbers of a stream: what the i-th step or event of a run draws for one of its purposes.
///
/// What is drawn at a place is a function of it alone. A sampler that rejects takes as many attempts of its own place as
/// it needs, and what the others draw does not change.
public struct RandomPlace: Sendable {
    @usableFromInline let key: (UInt64, UInt64)
    @usableFromInline let index: UInt64
    @usableFromInline let slot: UInt64
    @usableFromInline let purpose: UInt64

    /// A place.
    ///
    /// - Parameters:
    ///   - seed: any number.
    ///   - stream: the stream, a run for instance.
    ///   - index: the number of the step or event.
    ///   - slot: tells apart the draws of a step.
    ///   - purpose: tells apart the uses of one seed.
    @inlinable public init(seed: UInt64, stream: UInt64, index: UInt64, slot: UInt64 = 0, purpose: UInt64) {
        key = (seed, stream)
        self.index = index
        self.slot = slot
        self.purpose = purpose
    }

    /// Four words of an attempt, counted from 0.
    @inlinable public func words(attempt: UInt64 = 0) -> Philox.Block {
        Philox.block((index, slot, purpose, attempt), key: key)
    }

    /// The first uniform number for which `accept` gives an answer, two numbers an attempt: the loop of rejection samplers.
    @inlinable
    func first<Answer>(_ accept: (_ u: Double, _ v: Double) -> Answer?) -> Answer {
        var attempt: UInt64 = 0
        while true {
            let words = words(attempt: attempt)
            if let answer = accept(openUniform(words.0), openUniform(words.1)) { return answer }
            if let answer = accept(openUniform(words.2), openUniform(words.3)) { return answer }
            attempt &+= 1
        }
    }
}
