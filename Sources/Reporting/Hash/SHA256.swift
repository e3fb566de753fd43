import CCrypto

/// The SHA-256 (FIPS 180-4) of bytes that come in pieces, computed by OpenSSL's libcrypto.
///
/// libcrypto is initialised by the first hash of a process, so a run that wants none pays nothing for it.
///
/// Sendable: the context belongs to this value alone, which cannot be copied.
struct SHA256: ~Copyable, @unchecked Sendable {
    /// Nil where libcrypto gave no context: it is out of memory, or its configuration allows no SHA-256.
    private let context: OpaquePointer?

    /// The hash of no bytes yet.
    init() { context = pinfi_sha256_begin() }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds bytes to what is hashed.
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let context, let start = bytes.baseAddress else { return }
        EVP_DigestUpdate(context, start, bytes.count)
    }

    /// The hash of all bytes so far, 64 hexadecimal digits; more bytes may follow. Nil where libcrypto cannot hash.
    var hexadecimal: String? {
        guard let context, let copy = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(copy) }
        var digest = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        guard EVP_MD_CTX_copy_ex(copy, context) == 1, EVP_DigestFinal_ex(copy, &digest, &count) == 1, count == 32 else {
            return nil
        }
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
