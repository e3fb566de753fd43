import ArgumentParser

/// The options that say what is told beside the rest points.
struct RestPointOptions: ParsableArguments {
    @Flag(help: "Compare the routes to the equilibrium: the closed form, and every protocol.")
    var agreement = false

    @Flag(help: "Tell the smallest observation lag that takes a rest point's stability, and the period there.")
    var criticalLag = false
}
