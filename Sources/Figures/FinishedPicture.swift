// What a picture lacks when gnuplot has drawn it.

import Foundation

extension FigureFormat {
    /// A picture as it is kept: the same bytes every time, and its text as it was meant.
    ///
    /// - A PDF tells when it was made. The date is overwritten in place, so that nothing in the file moves: by the moment
    ///   that the environment variable SOURCE_DATE_EPOCH names, else by the first of 1970.
    /// - An SVG says that blanks count, without which some viewers drop those beside italics, and which fonts will do
    ///   where the first one is missing.
    func finished(_ picture: Data, environment: [String: String] = ProcessInfo.processInfo.environment) -> Data {
        switch self {
        case .png: picture
        case .pdf: Self.dated(picture, environment["SOURCE_DATE_EPOCH"].flatMap(Int64.init) ?? 0)
        case .svg: Self.withFonts(picture)
        }
    }

    private static func dated(_ picture: Data, _ seconds: Int64) -> Data {
        var picture = picture
        // The years of four digits.
        let seconds = min(max(seconds, 0), 253_402_300_799)
        let calendar = Calendar(identifier: .gregorian)
        let date = calendar.dateComponents(in: .gmt, from: Date(timeIntervalSince1970: Double(seconds)))
        let parts = [date.month, date.day, date.hour, date.minute, date.second].map { part in
            ((part ?? 0) < 10 ? "0" : "") + String(part ?? 0)
        }
        let year = String(date.year ?? 1970)
        let digits = Data((String(repeating: "0", count: max(4 - year.count, 0)) + year + parts.joined()).utf8)
        let mark = Data("/CreationDate (D:".utf8)
        var start = picture.startIndex
        while let found = picture.range(of: mark, in: start..<picture.endIndex) {
            let place = found.upperBound..<min(found.upperBound + digits.count, picture.endIndex)
            let isDate = picture[place].allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            if isDate, place.count == digits.count { picture.replaceSubrange(place, with: digits) }
            start = found.upperBound
        }
        return picture
    }

    private static func withFonts(_ picture: Data) -> Data {
        let text = String(decoding: picture, as: UTF8.self)
        guard let root = text.range(of: "<svg") else { return picture }
        // Outside of attributes a quote is a letter, and < is none: no text of a figure looks like this.
        let rest = text[root.upperBound...].replacing(/font-family="([^"<]*)"/) { match in
            "font-family=\"\(match.1), Arial, Helvetica, sans-serif\""
        }
        return Data((text[..<root.upperBound] + " xml:space=\"preserve\"" + rest).utf8)
    }
}
