import ArgumentParser
import CommandRun
import DissipativeMarket
import NumericalMethods
import Reporting
import RoleDynamics

/// The model whose phase diagram is drawn.
enum DiagramDynamics: String, CaseIterable, ExpressibleByArgument {
    case sharp, role
}

/// The way in which a surface is computed.
enum SurfaceRoute: String, CaseIterable, ExpressibleByArgument {
    case direct, chebyshev
}

/// The options of a surface of role dynamics.
struct SurfaceOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: "Of the sharp model, or of role dynamics (an extension): quantities of its rest point.")
    var dynamics: DiagramDynamics = .sharp

    @Option(
        name: .customLong("quantity"), parsing: .unconditional,
        help: ArgumentHelp(
            "What is told of the rest point: \(SurfaceQuantity.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "a,b,c"),
        transform: surfaceQuantities)
    var quantities: [SurfaceQuantity]?

    @Option(
        parsing: .unconditional,
        help: "Every cell by itself, or interpolated between direct solutions at Chebyshev's nodes. Default: direct.")
    var via: SurfaceRoute?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The error that interpolation is allowed, as a share of the largest value. Default: 1e-10.",
            valueName: "tolerance"),
        transform: numberArgument("tolerance", .positive))
    var tolerance: Double?

    @OptionGroup var reward: AxisRewardOptions

    /// An option that is about surfaces alone.
    var given: String? {
        if quantities != nil { return "--quantity" }
        if via != nil { return "--via" }
        if tolerance != nil { return "--tolerance" }
        return reward.givenOption
    }

    /// The algorithm that was asked for.
    func algorithm() throws -> SurfaceAlgorithm {
        guard via == .chebyshev else {
            if tolerance != nil {
                throw CommandFailure(.usage, "--tolerance is about interpolation: give --via chebyshev too.")
            }
            return .direct
        }
        do throws(InterpolationError) {
            return .chebyshev(try ChebyshevAlgorithm(tolerance: tolerance ?? 1e-10))
        } catch {
            throw CommandFailure(.usage, "--tolerance: \(error).")
        }
    }
}

/// A transform for quantities separated by commas.
private func surfaceQuantities(_ text: String) throws -> [SurfaceQuantity] {
    let known = SurfaceQuantity.allCases.map(\.rawValue)
    var found: [SurfaceQuantity] = []
    for name in try namesArgument(text) {
        guard let quantity = SurfaceQuantity(rawValue: name) else {
            let nearest = nearestName(to: name, among: known).map { "did you mean \($0)? " } ?? ""
            throw ArgumentFault(
                "there is no quantity \(shownInMessage(name)); \(nearest)allowed: \(known.joined(separator: ", "))")
        }
        guard !found.contains(quantity) else { throw ArgumentFault("it gives \(name) twice; keep one of them") }
        found.append(quantity)
    }
    return found
}
