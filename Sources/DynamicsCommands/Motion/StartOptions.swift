import ArgumentParser
import CommandRun
import DissipativeMarket
import Foundation
import Reporting
import RoleDynamics

/// The options that give the state in which a run starts.
struct StartOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The start: the pool price as x = α/c or as alpha, and the shares lp, seller and external, whose sum is 1. "
                + "Without shares a third each; of two the third is the rest; beside one the others share the rest.",
            valueName: "x=…,lp=…,seller=…"),
        transform: StartState.init)
    var from: StartState?

    /// The start of a run.
    ///
    /// - Parameters:
    ///   - point: the options that may give the pool price too.
    ///   - values: these and the market file's together.
    /// - Throws: `CommandFailure` with 64 where the pool price is missing, given twice, or no double in the other unit.
    func resolved(point: PointOptions, values: ParameterValues, market: Market) throws -> RunStart {
        let cost = market.sellerCost
        let optionOfPrice = point.x != nil ? "--x" : point.alpha != nil ? "--alpha" : nil
        if let optionOfPrice, let price = from?.price {
            throw CommandFailure(
                .usage,
                "--from \(price.name) and \(optionOfPrice) both give the pool price at the start; keep one of them.")
        }
        let ratio: Double
        let alpha: Double
        switch (from?.price, values[.alpha]) {
        case (.ratio(let x)?, _): (ratio, alpha) = (x, x * cost)
        case (.tokens(let value)?, _), (nil, let value?): (ratio, alpha) = (value / cost, value)
        case (nil, nil):
            throw CommandFailure(
                .usage,
                "The pool price at the start is missing: give --from x=… (α/c), --from alpha=… (tokens), or --alpha.")
        }
        for (name, value) in [("x = α/c", ratio), ("alpha", alpha)] where !(value > 0 && value < .infinity) {
            throw CommandFailure(
                .usage,
                "The pool price at the start is x = \(formatShortest(ratio)), alpha = \(formatShortest(alpha)) with the "
                    + "seller's cost c = \(formatShortest(cost)); allowed: prices for which \(name) is a double "
                    + "greater than 0.")
        }
        return RunStart(
            priceRatio: ratio, poolPrice: alpha, shares: from?.shares ?? .even,
            givesShares: from?.givesShares ?? false)
    }
}

/// The state in which a run starts.
struct RunStart: Equatable, Sendable {
    /// x = α/c > 0.
    let priceRatio: Double
    /// α > 0, in tokens per unit.
    let poolPrice: Double
    /// On the simplex; a third each where none was given.
    let shares: RoleShares
    /// Whether a share was given, which a model without shares does not take.
    let givesShares: Bool

    /// z = ln x.
    var logPrice: Double { log(priceRatio) }
}

extension StartState.Price {
    /// The part of `--from` that gives it.
    var name: String {
        switch self {
        case .ratio: "x"
        case .tokens: "alpha"
        }
    }
}

/// `x=…,lp=…,seller=…`.
extension StartState {
    /// What a part may be called; the names in words are those of the output's columns.
    private enum Part: String, CaseIterable {
        case x, alpha, lp, seller, external
        case shareLP = "share_lp"
        case shareSeller = "share_seller"
        case shareExternal = "share_external"

        /// The part that it is another name of.
        var short: Part {
            switch self {
            case .shareLP: .lp
            case .shareSeller: .seller
            case .shareExternal: .external
            default: self
            }
        }
    }

    private static let form =
        "x=… or alpha=…, lp=…, seller=…, external=…, separated by commas, x=1.2,lp=0.5,seller=0.3 for example"

    /// - Throws: `ArgumentFault` that says which part is at fault, its value and what is allowed.
    init(_ text: String) throws {
        var given: [Part: (value: Double, text: String)] = [:]
        for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let part = NamedValue(piece) else {
                throw ArgumentFault(
                    piece.allSatisfy(\.isWhitespace)
                        ? "one of its parts is empty; allowed: \(Self.form)"
                        : "its part \(shownInMessage(String(piece))) has no value; allowed: \(Self.form)")
            }
            guard let name = Part(rawValue: part.name)?.short else {
                let nearest = nearestName(to: part.name, among: Part.allCases.map(\.rawValue))
                throw ArgumentFault(
                    "it has no part \(shownInMessage(part.name)); " + (nearest.map { "did you mean \($0)? " } ?? "")
                        + "allowed: \(Self.form)")
            }
            guard given[name] == nil else { throw ArgumentFault("it gives \(name.rawValue) twice; keep one of them") }
            given[name] = (try Self.value(part.value, of: name), part.value)
        }
        if let x = given[.x], let alpha = given[.alpha] {
            throw ArgumentFault("x=\(x.text) and alpha=\(alpha.text) both give the pool price; keep one of them")
        }
        let price: Price? = given[.x].map { .ratio($0.value) } ?? given[.alpha].map { .tokens($0.value) }
        let names: [Part] = [.lp, .seller, .external]
        let told = names.filter { given[$0] != nil }
        let sum = told.reduce(0) { $0 + (given[$1]?.value ?? 0) }
        let list = told.map { "\($0.rawValue)=\(given[$0]?.text ?? "")" }.joined(separator: ", ")
        // What decimals of twelve digits may be off by.
        let slack = 1e-12
        guard told.count == 3 ? abs(sum - 1) <= slack : sum <= 1 + slack else {
            throw ArgumentFault(
                "its shares \(list) lie off the simplex: their sum is \(formatRounded(sum, digits: 15)); allowed: "
                    + "shares from 0 to 1 whose sum is 1" + (told.count == 3 ? ", up to 1e-12" : " at most"))
        }
        let rest = max(1 - sum, 0) / Double(max(3 - told.count, 1))
        func share(_ name: Part) -> Double { given[name]?.value ?? rest }
        let shares: RoleShares =
            told.isEmpty
            ? .even
            : try RoleShares(liquidityProviders: share(.lp), sellers: share(.seller), external: share(.external))
        self.init(
            price: price, shares: shares, givenShares: told.compactMap { PortraitVariable(rawValue: $0.rawValue) })
    }

    private static func value(_ text: String, of name: Part) throws -> Double {
        let isPrice = name == .x || name == .alpha
        let allowed = isPrice ? "a finite number greater than 0" : "a number from 0 to 1"
        let value: Double
        do { value = try decimalNumber(text, allowed: allowed) } catch {
            throw ArgumentFault("its part \(name.rawValue) is \(shownInMessage(text)); allowed: \(allowed)")
        }
        guard isPrice ? value > 0 : value >= 0 && value <= 1 else {
            throw ArgumentFault("its part \(name.rawValue) is \(text); allowed: \(allowed)")
        }
        return value
    }
}

extension RunRecord {
    /// Adds the state in which a run begins.
    mutating func add(_ start: RunStart) {
        configuration["start"] = [
            "x": .real(start.priceRatio), "alpha": .real(start.poolPrice),
            "share_lp": .real(start.shares.liquidityProviders), "share_seller": .real(start.shares.sellers),
            "share_external": .real(start.shares.external),
        ]
    }
}
