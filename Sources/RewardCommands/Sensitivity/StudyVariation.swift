import CommandRun
import DissipativeMarket
import Reporting
import RewardStudies
import RoleDynamics

/// `NAME=start:stop:count` or `NAME=DISTRIBUTION`: a parameter that a study varies.
struct StudyVariation: Sendable {
    /// Which values it takes.
    enum Values: Sendable {
        /// The values of a range, each with every value of the others.
        case range(GridAxis)
        /// Values that are drawn from a distribution.
        case distribution(DistributionText)
    }

    let name: ParameterName
    let values: Values
    /// What stands behind the equals sign.
    let text: String

    /// - Throws: `ArgumentFault` that says what is allowed.
    init(_ text: String) throws {
        guard let given = NamedValue(text) else {
            throw ArgumentFault(
                "allowed: NAME=start:stop:count or NAME=DISTRIBUTION, y=0.5:1.1:25 or beta=uniform(0.5,0.9) for example"
            )
        }
        guard let name = ParameterName(rawValue: given.name), ParameterName.variable.contains(name) else {
            let names = ParameterName.variable.map(\.short)
            let nearest = nearestName(to: given.name, among: names).map { "did you mean \($0)? " } ?? ""
            throw ArgumentFault(
                "there is no \(shownInMessage(given.name)) to vary; \(nearest)allowed: \(names.joined(separator: ", "))"
            )
        }
        self.name = name
        self.text = given.value
        if given.value.contains("(") {
            do throws(DistributionError) {
                let distribution = try DistributionText(given.value)
                if distribution.name == "empirical" {
                    _ = try EmpiricalSource(distribution)
                } else {
                    _ = try distribution.distribution()
                }
                values = .distribution(distribution)
            } catch {
                if case .unknownName(let unknown) = error,
                    let nearest = nearestName(to: unknown, among: Distribution.names)
                {
                    throw ArgumentFault("\(error) (did you mean \(nearest)?)")
                }
                throw ArgumentFault("\(error)")
            }
        } else {
            values = .range(try rangeArgument(given.value))
        }
    }

    /// Throws unless a distribution stays within the parameter's domain. An end of the domain that does not belong to it
    /// may be an end of a continuous distribution, which has no probability there.
    ///
    /// The support of a normal distribution leaves every domain. It counts as far as samples go, from the quantile of 2⁻⁵³
    /// to that of 1 − 2⁻⁵³, 8.2 standard deviations on either side.
    func check(_ distribution: Distribution) throws {
        var (lower, upper) = distribution.support
        let domain = name.domain
        var isInside = lower >= domain.lower && upper <= domain.upper
        var reach = ""
        switch distribution.kind {
        case .empirical: isInside = domain.contains(lower) && domain.contains(upper)
        case .normal:
            (lower, upper) = (distribution.quantile(0x1p-53), distribution.quantile(1 - 0x1p-53))
            isInside = domain.contains(lower) && domain.contains(upper)
            reach =
                ", 8.2 standard deviations on either side, which is as far as samples go; "
                + "truncated_normal(mean,sd,low,high) has bounds"
        default: break
        }
        guard isInside else {
            func end(_ value: Double) -> String { value.isInfinite ? (value < 0 ? "−∞" : "∞") : formatShortest(value) }
            throw CommandFailure(
                .usage,
                "--vary \(name.short)=\(text): \(name.short) (\(name.title)) must be \(name.allowed), and the "
                    + "distribution goes from \(end(lower)) to \(end(upper))\(reach).")
        }
    }
}
