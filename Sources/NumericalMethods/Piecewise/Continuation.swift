/// How a motion goes on from one surface, or from where several meet.
///
/// Every motion that there might be is tried: with the right-hand side of each combination of sides, and along each surface
/// between each two of them that both push towards it. One leads on if it goes, on each of the surfaces, into the side that
/// it belongs to. The motion goes on with the one that does. Surfaces with the same or opposite gradients coincide, and have
/// their sides together; but where a motion between them stays there, as between surfaces next to one another it would, it
/// does.
struct Continuation {
    /// Why a motion is not determined.
    struct Undecided: Error {
        let ending: ODEEnding
    }

    /// Surfaces that coincide: the first of them, and all of them with whether their gradients point the same way.
    private struct Sheet {
        let surface: Int
        var members: [(surface: Int, isAligned: Bool)]
        let gradient: [Double]
    }

    /// So many surfaces meet in no model.
    private static let mostSheets = 6

    private let access: SurfaceAccess
    private let time: Double
    private let state: [Double]
    private let sheets: [Sheet]
    /// The sides of the surfaces that are not met.
    private let base: SurfaceSides

    /// - Parameters:
    ///   - group: the surfaces that meet at the state.
    ///   - sides: where the motion comes from.
    init(_ access: SurfaceAccess, group: [Int], from sides: SurfaceSides, at time: Double, _ state: [Double]) {
        self.access = access
        self.time = time
        self.state = state
        base = sides
        var sheets: [Sheet] = []
        for surface in group {
            let gradient = state.withUnsafeBufferPointer { access.gradient(surface, time, $0) }
            let place = sheets.firstIndex { abs(Self.cosine($0.gradient, gradient)) > 1 - 1e-12 }
            if let place {
                sheets[place].members.append((surface, Self.cosine(sheets[place].gradient, gradient) > 0))
            } else {
                sheets.append(Sheet(surface: surface, members: [(surface, true)], gradient: gradient))
            }
        }
        self.sheets = sheets
    }

    /// The cosine of the angle between two gradients; 0 where there is no angle.
    private static func cosine(_ a: [Double], _ b: [Double]) -> Double {
        // The largest elements come first: the squares of gradients need not be within the range of doubles.
        let (sizeA, sizeB) = (a.reduce(0) { max($0, abs($1)) }, b.reduce(0) { max($0, abs($1)) })
        guard sizeA > 0, sizeB > 0, sizeA < .infinity, sizeB < .infinity else { return 0 }
        var (product, squareA, squareB) = (0.0, 0.0, 0.0)
        for (x, y) in zip(a, b) {
            product += (x / sizeA) * (y / sizeB)
            squareA += (x / sizeA) * (x / sizeA)
            squareB += (y / sizeB) * (y / sizeB)
        }
        return product / (squareA * squareB).squareRoot()
    }

    /// Some sides with a sheet on one.
    private func placing(_ sheet: Int, above isAbove: Bool, in sides: SurfaceSides) -> SurfaceSides {
        var sides = sides
        for member in sheets[sheet].members { sides[member.surface] = isAbove == member.isAligned }
        return sides
    }

    private enum Verdict {
        case leadsOn, staysOn, leadsBack
    }

    /// Where rates towards the sides of the motion lead.
    private func verdict(_ inward: some Sequence<Double>) -> Verdict {
        var verdict = Verdict.leadsOn
        for rate in inward {
            if rate < 0 { return .leadsBack }
            if rate == 0 { verdict = .staysOn }
        }
        return verdict
    }

    /// The motion that leads on.
    ///
    /// - Parameter preferred: the motions that come first where none leads on and several do not lead back.
    func motion(preferring preferred: [PiecewiseMotion]) -> Result<PiecewiseMotion, Undecided> {
        guard let first = sheets.first else { return .success(.smooth(base)) }
        let undecided = Undecided(ending: .notUnique(surface: first.surface, time: time))
        guard sheets.count <= Self.mostSheets else { return .failure(undecided) }
        var leading: [PiecewiseMotion] = []
        var staying: [PiecewiseMotion] = []
        func note(_ motion: PiecewiseMotion, _ verdict: Verdict) {
            switch verdict {
            case .leadsOn: leading.append(motion)
            case .staysOn: staying.append(motion)
            case .leadsBack: break
            }
        }
        let isDefined = state.withUnsafeBufferPointer { y -> Bool in
            for pattern in 0..<(1 << sheets.count) {
                var sides = base
                for sheet in sheets.indices { sides = placing(sheet, above: pattern & (1 << sheet) != 0, in: sides) }
                var inward: [Double] = []
                for (sheet, met) in sheets.enumerated() {
                    guard let rate = access.rate(met.surface, sides, time, y) else { return false }
                    inward.append(pattern & (1 << sheet) != 0 ? rate : -rate)
                }
                note(.smooth(sides), verdict(inward))
                // Along each sheet, seen from below.
                for (sheet, met) in sheets.enumerated() where pattern & (1 << sheet) == 0 {
                    let above = placing(sheet, above: true, in: sides)
                    guard let low = access.rate(met.surface, sides, time, y),
                        let high = access.rate(met.surface, above, time, y)
                    else { return false }
                    guard low > 0, high < 0 else { continue }
                    let sliding = PiecewiseMotion.sliding(surface: met.surface, below: sides, above: above)
                    var others: [Double] = []
                    for (other, crossed) in sheets.enumerated() where other != sheet {
                        guard let rate = access.rateAlong(crossed.surface, sliding, time, y) else { return false }
                        others.append(pattern & (1 << other) != 0 ? rate : -rate)
                    }
                    note(sliding, verdict(others))
                }
            }
            return true
        }
        guard isDefined else { return .failure(Undecided(ending: .derivativeUndefined(time: time))) }
        // Between surfaces that coincide: held there by neither of them.
        if leading.allSatisfy(\.isSliding), let between = between() { return .success(between) }
        // Two ways lead on where a surface repels.
        if leading.count > 1 { return .failure(undecided) }
        let choice =
            leading.first ?? preferred.first { staying.contains($0) } ?? (staying.count == 1 ? staying.first : nil)
        // Where all lead back the motion is along more than one surface, and not determined by Filippov's convention.
        return choice.map(Result.success) ?? .failure(undecided)
    }

    /// The motion between two surfaces of a sheet, if it moves across neither.
    private func between() -> PiecewiseMotion? {
        guard sheets.count == 1, let sheet = sheets.first, sheet.members.count > 1 else { return nil }
        let sides = sheet.members.flatMap { member in
            [true, false].map { placing(0, above: $0, in: base).crossing([member.surface]) }
        }
        return state.withUnsafeBufferPointer { y in
            sides.first { access.rate(sheet.surface, $0, time, y) == 0 }.map { .smooth($0) }
        }
    }
}
