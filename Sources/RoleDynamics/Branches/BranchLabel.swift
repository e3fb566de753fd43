import NumericalMethods

/// What a point of a branch is: the labels of AUTO-07p where it has one, because scripts and readers know them.
public enum BranchLabel: String, CaseIterable, Sendable {
    /// The end of the branch, with a reason.
    case end = "EP"
    /// A value of the parameter that was asked for.
    case requested = "UZ"
    /// The branch could not be followed further, with a reason.
    case gaveUp = "MX"
    /// A fold, of rest points or of cycles: the parameter turns.
    case fold = "LP"
    /// Another branch crosses.
    case branchPoint = "BP"
    /// A pair ±iω: a family of cycles begins or ends.
    case hopf = "HB"
    /// A pair ±μ of real eigenvalues, where nothing happens.
    case neutralSaddle = "NS"
    /// A multiplier −1.
    case periodDoubling = "PD"
    /// A pair of multipliers on the unit circle.
    case torus = "TR"
    /// l₁ = 0 on a Hopf curve.
    case bautin = "GH"
    /// A second eigenvalue 0.
    case bogdanovTakens = "BT"
    /// An eigenvalue 0 beside a pair ±iω.
    case zeroHopf = "ZH"
    /// The quadratic coefficient is 0 on a curve of folds.
    case cusp = "CP"
    /// A turning point of a curve in one of its parameters.
    case turningPoint = "TP"
    /// The branch leaves its face, or a share reaches 0.
    case bound = "BD"
    /// A rest point at a kink of the field changes its stability.
    case kink = "KINK"

    /// The event in a word, which tells what the label leaves open.
    public func event(onCycle: Bool) -> String {
        switch self {
        case .end: "end"
        case .requested: "requested"
        case .gaveUp: "given-up"
        case .fold: onCycle ? "fold-of-cycles" : "fold"
        case .branchPoint: "branch-point"
        case .hopf: "hopf"
        case .neutralSaddle: "neutral-saddle"
        case .periodDoubling: "period-doubling"
        case .torus: "torus"
        case .bautin: "generalised-hopf"
        case .bogdanovTakens: "bogdanov-takens"
        case .zeroHopf: "zero-hopf"
        case .cusp: "cusp"
        case .turningPoint: "turning-point"
        case .bound: "bound"
        case .kink: "kink"
        }
    }

    /// AUTO-07p's number; nil for what AUTO has none for.
    public func autoType(onCycle: Bool) -> Int? {
        switch self {
        case .end: 9
        case .requested: -4
        case .gaveUp: -9
        case .fold: onCycle ? 5 : 2
        case .branchPoint: onCycle ? 6 : 1
        case .hopf: 3
        case .periodDoubling: 7
        case .torus: 8
        case .bautin: -32
        case .bogdanovTakens: -21
        case .zeroHopf: -13
        case .cusp: -22
        case .neutralSaddle, .turningPoint, .bound, .kink: nil
        }
    }
}

/// Whether the cycles born at a Hopf point are stable where the rest of the spectrum is.
public enum Criticality: String, CaseIterable, Sendable {
    /// l₁ < 0: stable cycles.
    case supercritical
    /// l₁ > 0: unstable cycles, beside a rest point that is stable.
    case subcritical
    /// |l₁| is below its error.
    case degenerate

    init(_ form: HopfNormalForm) {
        self =
            abs(form.firstLyapunov) <= form.firstLyapunovError
            ? .degenerate : form.firstLyapunov < 0 ? .supercritical : .subcritical
    }
}
