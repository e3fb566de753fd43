import RoleDynamics

/// One run of a population.
public struct PopulationRun: Sendable {
    /// The number of the run; its random numbers are a function of the seed and of this number.
    public let number: Int
    /// How it ended.
    public let ending: RunEnding
    /// The log price and the numbers of LPs and of sellers, time after time, as far as it came.
    var samples: [Double]
    /// The share of its time at which the price was within the band; nil where none was asked for.
    public let shareInBand: Double?
    /// When the price was first outside of the band; nil where it never was, or no band was asked for.
    public let firstExit: Double?
    /// The first role that nobody played any more, and when; nil where there was none or roles come back.
    public let firstLoss: (role: HolderRole, time: Double)?
    /// The events and steps that it took.
    public let work: Double

    static let width = 3

    /// At how many of the times there is a sample.
    public var sampleCount: Int { samples.count / Self.width }

    /// z at the time of a number.
    public func logPrice(_ index: Int) -> Double { samples[Self.width * index] }

    /// The counts at the time of a number, of so many holders.
    public func counts(_ index: Int, of holders: Int) -> RoleCounts {
        let (lps, sellers) = (Int(samples[Self.width * index + 1]), Int(samples[Self.width * index + 2]))
        return RoleCounts(liquidityProviders: lps, sellers: sellers, external: holders - lps - sellers)
    }
}
