/// The quantile of sorted values, at least one, linear between neighbours (type 7 of Hyndman and Fan, R's default).
public func quantile(_ sorted: [Double], _ probability: Double) -> Double {
    let place = min(max(probability, 0), 1) * Double(sorted.count - 1)
    let index = Int(place)
    guard index + 1 < sorted.count else { return sorted[sorted.count - 1] }
    return sorted[index] + (place - Double(index)) * (sorted[index + 1] - sorted[index])
}
