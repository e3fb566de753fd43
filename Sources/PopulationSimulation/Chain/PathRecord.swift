import RoleDynamics

/// What is kept of a run beside its samples: the time within a band of prices, and the first loss of a role.
struct PathRecord {
    /// The band of log prices; nil where none is watched.
    let band: ClosedRange<Double>?
    private(set) var timeInBand = 0.0
    private(set) var timeOutside = 0.0
    private(set) var firstExit: Double?
    /// The share of the time so far that the price was within the band; nil where none is watched, or no time has passed.
    var shareInBand: Double? {
        let all = timeInBand + timeOutside
        return band == nil || all == 0 ? nil : timeInBand / all
    }

    /// Roles are told as lost only where they cannot come back.
    private let watchesRoles: Bool
    private(set) var firstLoss: (role: HolderRole, time: Double)?

    init(band: ClosedRange<Double>?, watchesRoles: Bool, start: ChainState) {
        self.band = band
        self.watchesRoles = watchesRoles
        if let band, !band.contains(start.logPrice) { firstExit = start.time }
    }

    /// A stretch on which the price is taken for linear.
    @inline(__always)
    mutating func move(from z: Double, at start: Double, to w: Double, at end: Double) {
        guard let band else { return }
        let span = end - start
        if band.contains(z), band.contains(w) {
            timeInBand += span
            return
        }
        leave(band, from: z, at: start, to: w, span)
    }

    private mutating func leave(
        _ band: ClosedRange<Double>, from z: Double, at start: Double, to w: Double, _ span: Double
    ) {
        guard z.isFinite, w.isFinite, z != w else {
            timeOutside += span
            firstExit = firstExit ?? start
            return
        }
        // The part of the stretch within the band, in fractions of it.
        let (one, other) = ((band.lowerBound - z) / (w - z), (band.upperBound - z) / (w - z))
        let (enters, leaves) = (max(min(one, other), 0), min(max(one, other), 1))
        let inside = max(leaves - enters, 0)
        timeInBand += inside * span
        timeOutside += (1 - inside) * span
        if firstExit == nil { firstExit = start + (enters == 0 && leaves > 0 ? leaves : 0) * span }
    }

    /// A jump of the price.
    @inline(__always)
    mutating func jump(to z: Double, at time: Double) {
        if firstExit == nil, let band, !band.contains(z) { firstExit = time }
    }

    /// Holders have changed from a role.
    @inline(__always)
    mutating func left(_ role: HolderRole, remaining: Int, at time: Double) {
        if watchesRoles, remaining == 0, firstLoss == nil { firstLoss = (role, time) }
    }
}
