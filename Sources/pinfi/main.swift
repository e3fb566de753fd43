import Foundation
import PinFiCommands

exit(runCommandLine())
