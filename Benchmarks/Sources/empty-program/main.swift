// A program that does next to nothing and links what pinfi links: what the start of a process costs by itself.
import Foundation
import NumericalMethods
import Reporting

print(NumericalLibraries.gslVersion, NumericalLibraries.openBLASVersion, URL(filePath: "/").path)
