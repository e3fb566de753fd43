import ArgumentParser
import CommandRun
import RoleDynamics

/// The options that say what is told beside the rest points.
struct RestPointOptions: ParsableArguments {
    @Flag(help: "Compare the routes to the equilibrium: the closed form, and every protocol.")
    var agreement = false

    @Flag(help: "Tell the smallest observation lag that takes a rest point's stability, and the period there.")
    var criticalLag = false

    @Flag(help: "Tell the linear noise of finitely many holders: N times the covariances, and the shift of the mean.")
    var noise = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("N, of --noise: tell the standard deviations with so many holders.", valueName: "N"),
        transform: wholeArgument(1...(1 << 53)))
    var holders: Int?

    @OptionGroup var priceProcess: PriceProcessOptions

    /// What is told of the linear noise; nil where it was not asked for.
    ///
    /// - Throws: `CommandFailure` with 64 for what is about the noise where it was not asked for.
    func noiseRequest() throws -> NoiseRequest? {
        let price = try priceProcess.process()
        guard noise else {
            guard holders == nil, priceProcess.price == nil else {
                throw CommandFailure(
                    .usage, "\(holders != nil ? "--holders" : "--price") is about --noise; give that too.")
            }
            return nil
        }
        return NoiseRequest(price: price, holders: holders.map(Double.init))
    }
}

/// What is told of the linear noise.
struct NoiseRequest {
    let price: PriceProcess
    /// N; nil where standard deviations are not told.
    let holders: Double?
}
