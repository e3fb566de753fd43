// A trajectory of a portrait by XPPAUT, whose integrators and arithmetic are its own. Test-only: the Debian package xppaut.
import DissipativeMarket
import Foundation
import NumericalMethods
import Testing

@testable import RoleDynamics

@Suite struct XppautAgreementTests {
    private static let program: String? = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
        .split(separator: ":").map { "\($0)/xppaut" }.first { FileManager.default.isExecutableFile(atPath: $0) }

    /// XPPAUT keeps its results in single precision. So that more is seen of them, each value comes in two parts: the whole
    /// number of ten thousandths, which is exact there, and the rest, 6e−8 of which is 6e−12 of the value.
    private static let parts = ["z", "q", "l", "s", "e"].map {
        "aux \($0)w=flr(1e4*\($0))\naux \($0)r=1e4*\($0)-flr(1e4*\($0))\n"
    }
    .joined()

    /// The equations in XPPAUT's language, written from the model alone: logit, without a fee and depth.
    private static func equations(_ game: RoleGame, logPrice: Double, shares: RoleShares, _ method: String) -> String {
        let (market, kappa, parameters) = (game.market, game.intensities, game.parameters)
        let hasLag = parameters.observationLag > 0
        return """
            par b=\(market.externalRatio), d=\(market.reservationRatio), y=\(game.rewardRatio)
            par kg=\(kappa.genuineBuyers), kb=\(kappa.speculatingBuyers), ks=\(kappa.sellers)
            par w=\(parameters.demandWidth), lambda=\(parameters.rationality), rho=\(parameters.revisionRate)
            par tau=\(hasLag ? parameters.observationLag : 1)
            x=exp(z)
            v=\(hasLag ? "q" : "z")
            u=if(abs(v)<1e-4)then(v/2+v*v/6+v*v*v/24)else((exp(v)-1)/v-1)
            ol=exp(lambda*(y-b-u))
            oe=exp(-lambda*u)
            z'=kg/(1+exp((x-d)/w))+kb/(1+exp((x-b)/w))-ks*s
            q'=(z-q)/tau
            l'=rho*(ol/(1+ol+oe)-l)
            s'=rho*(1/(1+ol+oe)-s)
            e'=rho*(oe/(1+ol+oe)-e)
            init z=\(logPrice), q=\(logPrice), l=\(shares.liquidityProviders), s=\(shares.sellers), e=\(shares.external)
            \(parts)@ total=16, dt=0.0625, method=\(method), tolerance=1e-12, atoler=1e-13, bound=1e6, maxstor=10000
            @ output=path.dat
            done

            """
    }

    private static func run(_ text: String) throws -> [[Double]] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("xppaut-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try text.write(to: folder.appendingPathComponent("path.ode"), atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(program))
        process.arguments = ["-silent", "path.ode"]
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let output = try String(contentsOf: folder.appendingPathComponent("path.dat"), encoding: .utf8)
        return output.split(separator: "\n").map { line in line.split(separator: " ").compactMap { Double($0) } }
    }

    /// Baseline logit, with and without a lag beyond the critical one. Dormand and Prince's eighth order at 1e−12: to the single
    /// precision of the parts, 6e−12, with as much again for the integration (4e−12 seen in all); CVODE's multistep method at the
    /// same tolerance, whose errors add up over some thousand steps: to 3e−9 (3e−10 seen).
    @Test(
        .enabled(if: program != nil, "there is no xppaut on PATH; on Debian: apt-get install xppaut"),
        arguments: [0, 0.5], [("83dp", 1.2e-11), ("cvode", 3e-9)])
    func agrees(_ lag: Double, _ method: (name: String, tolerance: Double)) throws {
        let game = try RoleGame.baseline(0.79, parameters: RevisionParameters(observationLag: lag))
        let (z, shares) = (log(1.4), try RoleShares(liquidityProviders: 0.5, sellers: 0.1))
        let portrait = try PhasePortrait(
            of: game,
            in: PortraitSection(x: .price, y: .sellers, of: game, heldLogPrice: 0, heldShares: .proportion(.even)),
            window: PhaseWindow(x: 0.9...1.6, y: 0...1))
        let path = try portrait.trajectory(
            logPrice: z, shares: shares, until: 16,
            algorithm: ODEAlgorithm(relativeTolerance: 1e-13, absoluteTolerance: 1e-14))
        // The path has all times of the output, 16/256 apart, and some in between.
        let byTime = Dictionary(uniqueKeysWithValues: path.samples.map { ($0.time, $0) })
        let rows = try Self.run(Self.equations(game, logPrice: z, shares: shares, method.name))
        #expect(rows.count == 257)
        for (index, row) in rows.enumerated() {
            #expect(row.count == 16)
            #expect(row[0] == Double(index) / 16)
            let sample = try #require(byTime[Double(index) / 16])
            let ours = [
                sample.logPrice, sample.observedLogPrice, sample.shares.liquidityProviders, sample.shares.sellers,
                sample.shares.external,
            ]
            for (part, value) in ours.enumerated() where lag > 0 || part != 1 {
                let theirs = (row[6 + 2 * part] + row[7 + 2 * part]) / 1e4
                #expect(abs(value - theirs) < method.tolerance, "t = \(row[0]), component \(part)")
            }
        }
    }
}
