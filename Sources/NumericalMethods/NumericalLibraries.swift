import CGSL
import COpenBLAS
import CVectorKernels

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

    /// The processor for which the kernels of OpenBLAS were written that this process uses: "Haswell" for example.
    ///
    /// OpenBLAS chooses them when it is loaded. A release older than the processor does not know it and may take its oldest
    /// ones: Debian's 0.3.21 takes those for Prescott, of 2004, on some processors with AVX-512, and is three to five times
    /// slower in dense linear algebra than it could be. The last digits of its results depend on the kernels.
    public static var openBLASKernel: String {
        openblas_get_corename().map { String(cString: $0) } ?? "unknown"
    }

    /// Newer kernels of OpenBLAS that this processor could run, as the variable OPENBLAS_CORETYPE names them; nil where
    /// those in use are not much older than the processor.
    public static var newerOpenBLASKernel: String? {
        // Without AVX2.
        let old: Set = [
            "Katmai", "Coppermine", "Northwood", "Prescott", "Banias", "Atom", "Core2", "Penryn", "Dunnington", "Nehalem",
            "Sandybridge", "Athlon", "Opteron", "Opteron_SSE3", "Barcelona", "Bobcat", "Bulldozer", "Piledriver",
            "Steamroller",
        ]
        guard old.contains(openBLASKernel) else { return nil }
        return switch pinfi_processor_level() {
        case 4: "SkylakeX"
        case 3: "Haswell"
        default: nil
        }
    }

    /// Sets the number of threads that OpenBLAS uses in this process.
    ///
    /// The setting is global to the process, so a library never calls this; a program does, once, when it starts.
    public static func setOpenBLASThreads(_ count: Int) {
        openblas_set_num_threads(Int32(clamping: max(count, 1)))
    }
}
