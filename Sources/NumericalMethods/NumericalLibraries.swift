import CGSL
import COpenBLAS

/// The numerical libraries that this process has loaded, and the one setting of theirs that is global to it.
public enum NumericalLibraries {
    /// The version of the GNU Scientific Library in use, "2.7.1" for example.
    public static var gslVersion: String { String(cString: pinfi_gsl_version()) }

    /// The version of OpenBLAS in use, "0.3.21" for example.
    ///
    /// OpenBLAS tells it as the second word of its configuration ("OpenBLAS 0.3.21 DYNAMIC_ARCH …"); where that
    /// form is not met the whole configuration is returned.
    public static var openBLASVersion: String {
        guard let pointer = openblas_get_config() else { return "unknown" }
        let configuration = String(cString: pointer)
        let words = configuration.split(separator: " ")
        return words.count > 1 && words[0] == "OpenBLAS" ? String(words[1]) : configuration
    }

    /// Sets the number of threads that OpenBLAS uses in this process.
    ///
    /// The setting is global to the process, so a library never calls this; a program does, once, when it starts.
    public static func setOpenBLASThreads(_ count: Int) {
        openblas_set_num_threads(Int32(clamping: max(count, 1)))
    }
}
