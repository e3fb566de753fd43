import Foundation

/// The folder of data that tests read and the package does not contain: `../shared` beside the package, or where the
/// environment variable PINFI_SHARED says.
///
/// Tests that need it are skipped, visibly, where it is missing, but where PINFI_SHARED is set they fail:
///
///     @Test(.enabled(if: SharedData.isRequired || SharedData.url("data/file.csv") != nil, "no ../shared/data/file.csv"))
///     func usesIt() throws { let url = try #require(SharedData.url("data/file.csv")) … }
public enum SharedData {
    /// Whether PINFI_SHARED is set, so that a missing file is a failure.
    public static var isRequired: Bool { folder != nil }

    /// The file `name` of the folder, such as "data/figure4_boundary.csv"; nil where there is none.
    ///
    /// - Parameter file: from whose folder upwards a folder `shared` is looked for, if PINFI_SHARED is not set.
    public static func url(_ name: String, from file: String = #filePath) -> URL? {
        if let folder { return existing(URL(fileURLWithPath: folder).appendingPathComponent(name)) }
        var place = URL(fileURLWithPath: file)
        while place.pathComponents.count > 1 {
            place.deleteLastPathComponent()
            if let found = existing(place.appendingPathComponent("shared").appendingPathComponent(name)) {
                return found
            }
        }
        return nil
    }

    private static var folder: String? {
        let value = ProcessInfo.processInfo.environment["PINFI_SHARED"]
        return value?.isEmpty == false ? value : nil
    }

    private static func existing(_ url: URL) -> URL? { FileManager.default.fileExists(atPath: url.path) ? url : nil }
}
