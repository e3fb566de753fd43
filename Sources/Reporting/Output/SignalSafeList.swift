// What a signal handler may read.
import Glibc
import Synchronization

/// A list that a signal handler may read and change, on whatever thread it comes.
///
/// Whoever holds the lock has all signals blocked, so a handler never interrupts the holder and may wait for it; the
/// elements lie in raw memory, so that nothing is counted or allocated where they are read.
package final class SignalSafeList<Element: BitwiseCopyable & Equatable>: @unchecked Sendable {
    private let isHeld = Atomic<Bool>(false)
    private let count = UnsafeMutablePointer<Int>.allocate(capacity: 1)
    private let closed = UnsafeMutablePointer<Bool>.allocate(capacity: 1)
    private let elements: UnsafeMutablePointer<Element>
    private let capacity: Int

    /// - Parameter capacity: the most elements.
    package init(capacity: Int) {
        self.capacity = capacity
        elements = .allocate(capacity: capacity)
        count.initialize(to: 0)
        closed.initialize(to: false)
    }

    deinit {
        elements.deallocate()
        count.deallocate()
        closed.deallocate()
    }

    /// Whether ``close(_:)`` has been called. To be asked within ``withLock(_:)``.
    package var isClosed: Bool { closed.pointee }
    /// Whether there is room for one more. To be asked within ``withLock(_:)``.
    package var hasRoom: Bool { count.pointee < capacity }

    /// Runs `body` while no handler and no other thread does anything with the list.
    package func withLock<Result>(_ body: () -> Result) -> Result {
        var all = sigset_t()
        var old = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, &old)
        lock()
        let result = body()
        isHeld.store(false, ordering: .releasing)
        pthread_sigmask(SIG_SETMASK, &old, nil)
        return result
    }

    /// Adds an element, within ``withLock(_:)``; there must be room.
    package func add(_ element: Element) {
        elements[count.pointee] = element
        count.pointee += 1
    }

    /// Removes the first element of which this holds, within ``withLock(_:)``, and returns it.
    package func remove(where isIt: (Element) -> Bool) -> Element? {
        for index in 0..<count.pointee where isIt(elements[index]) {
            let element = elements[index]
            count.pointee -= 1
            for place in index..<count.pointee { elements[place] = elements[place + 1] }
            return element
        }
        return nil
    }

    /// Calls `body` with each element, the last one first, empties the list and closes it for good. For signal handlers too.
    package func close(_ body: (Element) -> Void) {
        lock()
        closed.pointee = true
        for index in (0..<count.pointee).reversed() { body(elements[index]) }
        count.pointee = 0
        isHeld.store(false, ordering: .releasing)
    }

    /// Takes the lock; after some seconds, which a fault within `withLock` alone can bring about, it is taken by force.
    private func lock() {
        for _ in 0..<50_000 {
            if isHeld.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged { return }
            usleep(100)
        }
        isHeld.store(true, ordering: .relaxed)
    }
}
