/// Devices that wait, each since or until a moment of its own, the first to come first to go: a ring of as many places as
/// there are devices.
struct DeviceQueue: Sendable {
    private var devices: [Int]
    private var times: [Double]
    private var head = 0
    private(set) var count = 0

    init(capacity: Int) {
        devices = [Int](repeating: 0, count: capacity)
        times = [Double](repeating: 0, count: capacity)
    }

    /// The moment of the first; infinite where there is none.
    var firstTime: Double { count > 0 ? times[head] : .infinity }

    mutating func append(_ device: Int, _ time: Double) {
        var place = head + count
        if place >= devices.count { place -= devices.count }
        devices[place] = device
        times[place] = time
        count += 1
    }

    mutating func removeFirst() -> (device: Int, time: Double) {
        let first = (devices[head], times[head])
        head = head + 1 == devices.count ? 0 : head + 1
        count -= 1
        return first
    }
}

/// The moments of the last 2T at which something happened.
struct RecentTimes: Sendable {
    private var times: [Double] = []
    private var first = 0

    var count: Int { times.count - first }

    mutating func append(_ time: Double) { times.append(time) }

    /// Forgets what was before a moment.
    mutating func forget(before time: Double) {
        while first < times.count, times[first] < time { first += 1 }
        if first > 1024, 2 * first > times.count {
            times.removeFirst(first)
            first = 0
        }
    }
}
