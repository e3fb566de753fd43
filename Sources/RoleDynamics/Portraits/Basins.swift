import NumericalMethods

extension PhasePortrait {
    /// The start of a trajectory with the places where it may settle, see ``RestPointSolution/trajectory(logPrice:shares:observedLogPrice:)``.
    ///
    /// - Throws: ``Absence``.
    public func basinStart(at point: PlanePoint) throws(Absence) -> RoleEnsemble.Cell {
        let start = try start(at: point)
        return restPoints.trajectory(
            logPrice: start.logPrice, shares: start.shares, observedLogPrice: start.observedLogPrice)
    }

    /// What becomes of trajectories from points of the plane; nil for a point from which none starts.
    ///
    /// - Parameters:
    ///   - points: starts.
    ///   - ensemble: with a settling rule, or nothing settles.
    /// - Throws: as ``RoleEnsemble/solve(_:cancellation:)``: best responses have no lanes.
    public func basins(of points: [PlanePoint], by ensemble: RoleEnsemble) throws -> [RoleEnsemble.Outcome?] {
        let starts = points.map { try? basinStart(at: $0) }
        var outcomes = try ensemble.solve(starts.compactMap { $0 }).makeIterator()
        return starts.map { start in start.flatMap { _ in outcomes.next() } }
    }
}
