// What a writer has written.

/// How much a writer has written.
public struct WriteSummary: Sendable, Equatable {
    /// Rows of data; the header row is not one.
    public var rows: Int
    /// Bytes, all told.
    public var bytes: Int

    /// So much has been written.
    public init(rows: Int, bytes: Int) {
        self.rows = rows
        self.bytes = bytes
    }
}
