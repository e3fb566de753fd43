import Reporting

/// A column of times, all of which have one form.
package struct TimeColumn {
    package let index: Int
    /// How the times are written; nil before the first.
    package private(set) var form: Instant.Form?

    package init(index: Int) { self.index = index }

    /// When a row begins; a gap, and a time in another form than those before it, are refused.
    package mutating func time(of row: CSVRow) throws(InputError) -> Instant {
        guard let (time, ownForm) = try row.time(at: index) else {
            throw row.fault(at: index, problem: "the time is missing")
        }
        if let form, form != ownForm {
            throw row.fault(
                at: index,
                problem:
                    "this is \(ownForm.title), and the times before it are \(form.title); allowed: one form for all times"
            )
        }
        form = ownForm
        return time
    }
}
