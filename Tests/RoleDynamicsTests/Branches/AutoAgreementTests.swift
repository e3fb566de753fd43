import DissipativeMarket
import Foundation
import Testing

@testable import NumericalMethods
@testable import RoleDynamics

/// Branches of rest points and cycles by AUTO-07p, whose field is written here in Fortran from the model alone and whose
/// continuation, collocation and multipliers are its own. Test-only: Debian's auto-07p and gfortran.
@Suite(
    .enabled(
        if: AutoProgram.isAvailable,
        "there is no AUTO-07p with gfortran; on Debian: apt-get install auto-07p gfortran"))
struct AutoAgreementTests {
    /// AUTO writes eleven digits; its Newton steps end at 1e−9 here.
    private static let digits = 1e-9

    @Test(arguments: [ReferenceMarket.baseline, .hysteretic]) func hopfPointsAndCycles(market: ReferenceMarket) throws {
        let lags = market == .baseline ? [0.5, 5] : [0.2, 1]
        let range = market == .baseline ? 0.1...23.9 : 0.06...1.7
        var settings = RoleContinuation.Settings()
        settings.switching = .hopf
        settings.requested = lags
        let game = try market.game(lag: range.lowerBound)
        let parameter = try BranchParameter(.lag, range: range, isLogarithmic: true)
        let diagram = try RoleContinuation(game, parameter, settings).run()
        let hopf = diagram.events.filter { $0.label == .hopf && !$0.isOnCycle }

        let auto = try AutoProgram(game)
        defer { auto.remove() }
        let rest = try auto.run(.restPoints, to: range.upperBound, requested: [])
        let found = rest.filter { $0.type == 3 }
        #expect(found.count == hopf.count)
        for (theirs, ours) in zip(found, hopf) {
            #expect(abs(theirs.parameter / ours.parameter - 1) < Self.digits)
        }

        let cycles = try auto.run(.cycles, to: range.upperBound, requested: lags)
        let requested = cycles.filter { $0.type == -4 }
        let ours = diagram.branches[1].cycles.filter { $0.label == .requested }
        for lag in lags {
            let own = try #require(ours.first { $0.parameter == lag })
            let theirs = try #require(requested.first { abs($0.parameter - lag) < 1e-9 })
            #expect(abs(theirs.period / own.period - 1) < Self.digits)
            // AUTO's extremes are those of its mesh, of 200 × 5 intervals here.
            #expect(abs(exp(theirs.highestLogPrice) - own.prices.upperBound) < 2e-6)
        }
        let folds = diagram.events.filter { $0.label == .fold }
        // A family that comes back to its Hopf point AUTO follows to and fro; its first fold is meant.
        let theirFolds = Array(cycles.filter { $0.type == 5 }.prefix(1))
        #expect(folds.count == (market == .baseline ? 0 : 1))
        #expect(theirFolds.count == folds.count)
        for (theirs, ours) in zip(theirFolds, folds) {
            #expect(abs(theirs.parameter / ours.parameter - 1) < 1e-8)
        }
    }
}

/// AUTO-07p on the field of one game, in a folder of its own.
private struct AutoProgram {
    enum Problem {
        case restPoints
        case cycles
    }

    /// A row of AUTO's fort.7.
    struct Row {
        let type: Int
        let parameter: Double
        let highestLogPrice: Double
        let period: Double
    }

    private static let library = "/usr/lib/auto-07p/lib"
    private static let compiler: String? = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
        .split(separator: ":").map { "\($0)/gfortran" }.first { FileManager.default.isExecutableFile(atPath: $0) }

    static var isAvailable: Bool { compiler != nil && FileManager.default.fileExists(atPath: library + "/main.o") }

    private let folder: URL

    init(_ game: RoleGame) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("auto-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let point = try #require(try game.restPoints().points.first)
        let parameters = game.parameters
        func d(_ value: Double) -> String {
            "\(value)".replacing("e", with: "D") + ("\(value)".contains("e") ? "" : "D0")
        }
        let source = """
                  SUBROUTINE FUNC(NDIM,U,ICP,PAR,IJAC,F,DFDU,DFDP)
                  IMPLICIT NONE
                  INTEGER, INTENT(IN) :: NDIM, ICP(*), IJAC
                  DOUBLE PRECISION, INTENT(IN) :: U(NDIM), PAR(*)
                  DOUBLE PRECISION, INTENT(OUT) :: F(NDIM)
                  DOUBLE PRECISION, INTENT(INOUT) :: DFDU(NDIM,NDIM), DFDP(NDIM,*)
                  DOUBLE PRECISION kg,kb,ks,w,lam,rho,eta,x,fg,fb,dem,g,ol,oe,den,pl,ps,uu,du,tau,h,b,d,y
                  b=\(d(game.market.externalRatio)); d=\(d(game.market.reservationRatio)); y=\(d(game.rewardRatio))
                  kg=\(d(game.intensities.genuineBuyers)); kb=\(d(game.intensities.speculatingBuyers))
                  ks=\(d(game.intensities.sellers)); w=\(d(parameters.demandWidth)); lam=\(d(parameters.rationality))
                  rho=\(d(parameters.revisionRate)); eta=\(d(parameters.depthExponent)); tau=PAR(1)
                  x=EXP(U(1)); fg=1/(1+EXP((x-d)/w)); fb=1/(1+EXP((x-b)/w)); dem=kg*fg+kb*fb
                  IF (ABS(U(4))<1D-3) THEN
                    uu=U(4)/2+U(4)**2/6+U(4)**3/24+U(4)**4/120; du=0.5D0+U(4)/3+U(4)**2/8+U(4)**3/30
                  ELSE
                    g=(EXP(U(4))-1)/U(4); uu=g-1; du=(EXP(U(4))-g)/U(4)
                  END IF
                  ol=EXP(lam*(y-b-uu)); oe=EXP(-lam*uu); den=1+ol+oe; pl=ol/den; ps=1/den; h=U(2)**(-eta)
                  F(1)=(dem-ks*U(3))*h; F(2)=rho*(pl-U(2)); F(3)=rho*(ps-U(3)); F(4)=(U(1)-U(4))/tau
                  IF (IJAC==0) RETURN
                  DFDU=0
                  DFDU(1,1)=-(kg*fg*(1-fg)+kb*fb*(1-fb))*x/w*h; DFDU(1,2)=-eta*(dem-ks*U(3))*h/U(2); DFDU(1,3)=-ks*h
                  DFDU(2,2)=-rho; DFDU(3,3)=-rho
                  DFDU(2,4)=-rho*lam*pl*ps*du; DFDU(3,4)=rho*lam*ps*(1-ps)*du
                  DFDU(4,1)=1/tau; DFDU(4,4)=-1/tau
                  IF (IJAC==1) RETURN
                  DFDP(:,1)=0
                  DFDP(4,1)=-(U(1)-U(4))/tau**2
                  END SUBROUTINE FUNC
                  SUBROUTINE STPNT(NDIM,U,PAR,T)
                  IMPLICIT NONE
                  INTEGER, INTENT(IN) :: NDIM
                  DOUBLE PRECISION, INTENT(INOUT) :: U(NDIM), PAR(*)
                  DOUBLE PRECISION, INTENT(IN) :: T
                  PAR(1)=\(d(parameters.observationLag)); U(1)=\(d(point.logPrice)); U(4)=U(1)
                  U(2)=\(d(point.shares.liquidityProviders)); U(3)=\(d(point.shares.sellers))
                  END SUBROUTINE STPNT
                  SUBROUTINE BCND
                  END SUBROUTINE BCND
                  SUBROUTINE ICND
                  END SUBROUTINE ICND
                  SUBROUTINE FOPT
                  END SUBROUTINE FOPT
                  SUBROUTINE PVLS
                  END SUBROUTINE PVLS

            """
        try source.write(to: folder.appendingPathComponent("m.f90"), atomically: true, encoding: .utf8)
        let objects = try FileManager.default.contentsOfDirectory(atPath: Self.library).filter { $0.hasSuffix(".o") }
            .sorted().map { "\(Self.library)/\($0)" }
        try start(
            try #require(Self.compiler), ["-O2", "-fopenmp", "-std=legacy", "-w", "m.f90"] + objects + ["-o", "m"])
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    /// Runs AUTO: the rest points from the start, or the cycles from the first Hopf point of the run before.
    func run(_ problem: Problem, to end: Double, requested: [Double]) throws -> [Row] {
        let isCycles = problem == .cycles
        var constants = """
            NDIM = 4
            IPS = \(isCycles ? 2 : 1)
            IRS = \(isCycles ? 2 : 0)
            ILP = 1
            ICP = \(isCycles ? "[1, 11]" : "[1]")
            NTST = 200
            NCOL = 5
            IAD = 3
            ISP = 2
            ISW = 1
            IPLT = 0
            NBC = 0
            NINT = 0
            NMX = \(isCycles ? 400 : 2000)
            RL0 = 0.01
            RL1 = \(end)
            A0 = -1e9
            A1 = 1e9
            NPR = 0
            MXBF = 0
            IID = 0
            ITMX = 9
            ITNW = 7
            NWTN = 3
            JAC = 1
            EPSL = 1e-9
            EPSU = 1e-9
            EPSS = 1e-10
            DS = \(isCycles ? 0.05 : 0.01)
            DSMIN = 1e-8
            DSMAX = \(isCycles ? 0.2 : 0.05)
            IADS = 1
            NPAR = 11

            """
        if !requested.isEmpty { constants += "UZR = {1: [\(requested.map { "\($0)" }.joined(separator: ", "))]}\n" }
        if isCycles {
            let restart = folder.appendingPathComponent("fort.3")
            try? FileManager.default.removeItem(at: restart)
            try FileManager.default.moveItem(at: folder.appendingPathComponent("fort.8"), to: restart)
        }
        for name in ["fort.7", "fort.8", "fort.9"] {
            try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
        }
        try constants.write(to: folder.appendingPathComponent("fort.2"), atomically: true, encoding: .utf8)
        try start(folder.appendingPathComponent("m").path, [])
        let text = try String(contentsOf: folder.appendingPathComponent("fort.7"), encoding: .utf8)
        return text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count >= 7, words[0] != "0", let type = Int(words[2]), let parameter = Double(words[4]) else {
                return nil
            }
            return Row(
                type: type, parameter: parameter, highestLogPrice: Double(words[6]) ?? .nan,
                period: isCycles ? Double(words[words.count - 1]) ?? .nan : .nan)
        }
    }

    private func start(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        var environment = ProcessInfo.processInfo.environment
        environment["OMP_NUM_THREADS"] = "1"
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
    }
}
