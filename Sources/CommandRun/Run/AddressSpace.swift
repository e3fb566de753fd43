import Glibc

/// The address space that the process may have (`ulimit -v`).
package enum AddressSpace {
    /// What a run takes at least, in bytes, beside what is loaded: OpenBLAS's buffer, for which it would ask for ever,
    /// and room for tables.
    private static let least = 192 << 20

    /// Refuses a limit that leaves less than a run takes.
    package static func check() throws {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max else {
            return
        }
        let place = mmap(nil, least, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard place == MAP_FAILED else {
            munmap(place, least)
            return
        }
        throw CommandFailure(
            .numerics,
            "the limit of address space, \(limit.rlim_cur >> 10) kB, leaves too little to work with; raise it by "
                + "\(least >> 10) kB at least (ulimit -v).")
    }
}
