import Glibc

/// The SHA-256, in hexadecimal, of a regular file as it is now.
///
/// - Throws: ``InputError/cannotRead(path:reason:)``, also for what is no regular file, which may have no end.
public func sha256(ofFile path: String) throws(InputError) -> String {
    let input = try InputBytes(path: path, hashing: true)
    guard input.identity != nil else { throw .cannotRead(path: input.name, reason: "it is no regular file") }
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let result: Result<Int, InputError> = part.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return .success(0) }
            do throws(InputError) { return .success(try input.read(into: start, capacity: buffer.count)) } catch {
                return .failure(error)
            }
        }
        if try result.get() == 0 { break }
    }
    guard let hash = input.sha256 else { throw .cannotRead(path: input.name, reason: "libcrypto cannot hash it") }
    return hash
}
