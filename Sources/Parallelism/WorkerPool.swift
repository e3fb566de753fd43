import Glibc

/// The threads that help a caller with its work, made when they are first wanted and kept.
///
/// A caller always works itself and waits only for helpers that have begun: where the system gives no thread (a limit of
/// processes, or of memory) the work is done all the same, on those that there are. Dispatch would try for ever.
final class WorkerPool: @unchecked Sendable {
    static let shared = WorkerPool()

    /// Work that a caller does, and others may join.
    private final class Offer {
        let work: () -> Void
        /// How many more may join.
        var places: Int
        /// How many have joined and not yet ended.
        var joined = 0

        init(places: Int, work: @escaping () -> Void) {
            self.places = places
            self.work = work
        }
    }

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let offered = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let ended = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let mostThreads = availableProcessors - 1
    private var offers: [Offer] = []
    private var threads = 0
    private var idle = 0

    private init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(offered, nil)
        pthread_cond_init(ended, nil)
    }

    /// Calls `work` on the calling thread and, at the same time, on up to `helpers` others; returns when all have ended.
    func run(helpers: Int, _ work: () -> Void) {
        withoutActuallyEscaping(work) { work in
            let offer = Offer(places: helpers, work: work)
            pthread_mutex_lock(mutex)
            offers.append(offer)
            var wanted = helpers - idle
            while wanted > 0, threads < mostThreads, startThread() {
                threads += 1
                wanted -= 1
            }
            for _ in 0..<min(helpers, idle) { pthread_cond_signal(offered) }
            pthread_mutex_unlock(mutex)

            work()

            pthread_mutex_lock(mutex)
            offers.removeAll { $0 === offer }
            while offer.joined > 0 { pthread_cond_wait(ended, mutex) }
            pthread_mutex_unlock(mutex)
        }
    }

    /// Starts a helper, which waits for the lock first; false where the system gives no thread.
    private func startThread() -> Bool {
        var attributes = pthread_attr_t()
        guard pthread_attr_init(&attributes) == 0 else { return false }
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, 8 << 20)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        // Signals from outside are the main thread's.
        var all = sigset_t()
        var old = sigset_t()
        sigfillset(&all)
        for number in [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV] { sigdelset(&all, number) }
        pthread_sigmask(SIG_BLOCK, &all, &old)
        defer { pthread_sigmask(SIG_SETMASK, &old, nil) }
        var thread = pthread_t()
        let code = pthread_create(
            &thread, &attributes,
            { _ in
                WorkerPool.giveFaultsAStack()
                WorkerPool.shared.help()
                return nil
            }, nil)
        return code == 0
    }

    /// Gives the handlers of faults a stack of their own, as the main thread's have: this thread's may be what has run out.
    private static func giveFaultsAStack() {
        let size = 1 << 16
        var stack = stack_t(
            ss_sp: UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16), ss_flags: 0, ss_size: size)
        sigaltstack(&stack, nil)
    }

    /// A helper's life.
    private func help() {
        pthread_mutex_lock(mutex)
        while true {
            guard let offer = offers.first(where: { $0.places > 0 }) else {
                idle += 1
                pthread_cond_wait(offered, mutex)
                idle -= 1
                continue
            }
            offer.places -= 1
            offer.joined += 1
            pthread_mutex_unlock(mutex)
            offer.work()
            pthread_mutex_lock(mutex)
            offer.joined -= 1
            if offer.joined == 0 { pthread_cond_broadcast(ended) }
        }
    }
}
