// The machine that the program runs on.
import Glibc
import Parallelism

extension Manifest.Host {
    /// The machine that the program runs on.
    public static var current: Manifest.Host {
        var names = utsname()
        guard uname(&names) == 0 else {
            return Manifest.Host(system: "unknown", architecture: "unknown", processors: availableProcessors)
        }
        // Each is an array of characters that ends with a NUL, which Swift sees as a tuple.
        func text<Field>(_ field: Field) -> String {
            withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        }
        return Manifest.Host(
            system: text(names.sysname) + " " + text(names.release), architecture: text(names.machine),
            processors: availableProcessors)
    }
}
