// `pinfi compare`.
import Foundation
import Testing

@Suite struct CompareCommandTests {
    private static let rows = "k,w,x\na,p,1\nb,q,2\nc,r,4\n"

    /// Compares two files and says status, standard output and standard error.
    private func compare(
        _ expected: String, _ found: String, _ options: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Ended {
        let folder = try TestFolder(["e.csv": expected, "f.csv": found])
        return try folder.pinfi(["compare", "e.csv", "f.csv"] + options, sourceLocation: sourceLocation)
    }

    @Test func theSame() throws {
        let ended = try compare(Self.rows, Self.rows, ["--key", "k"])
        #expect(ended.status == 0)
        #expect(ended.errors == "f.csv is as expected: 3 rows by k, 6 cells within their tolerances.\n")
        #expect(ended.csv["finding"].prefix(4) == ["rows-matched", "rows-missing", "rows-added", "keys-repeated"])
        let quiet = try compare(Self.rows, Self.rows, ["--key", "k", "--quiet"])
        #expect(quiet.errors == "")
    }

    /// A table that is not the one of the manifest beside it is compared as it stands, with a warning.
    @Test func anEditedTableIsTold() throws {
        let folder = try TestFolder()
        for name in ["e", "f"] {
            mkdir(folder[name], 0o755)
            _ = try folder.data("phase --b 0.7 --d 1.3 --x 0:2:3 --y 0:1:3 -o \(name)/t.csv --manifest \(name)/t.json")
        }
        #expect(try !folder.pinfi("compare e/t.csv f/t.csv").errors.contains("Warning"))
        try folder.write(folder.text("e/t.csv").replacing("\n", with: "\r\n"), to: "e/t.csv")
        let warning =
            "Warning: e/t.csv is not what the manifest beside it says (another hash): it was changed by hand. It is compared "
            + "as it stands.\n"
        for line in ["compare e/t.csv f/t.csv", "compare e f"] {
            let ended = try folder.pinfi(line)
            #expect(ended.status == 0)
            #expect(ended.errors.hasPrefix(warning), "\(ended.errors)")
            #expect(ended.errors.split(separator: "\n").count == 2, "\(ended.errors)")
        }
        #expect(try folder.pinfi("compare e f --quiet").errors == "")
        try folder.write(folder.text("e/t.csv").replacing("aA", with: "aB"), to: "e/t.csv")
        let other = try folder.pinfi("compare e/t.csv f/t.csv")
        #expect(other.status == 1)
        #expect(other.errors.hasPrefix(warning))
    }

    @Test func permutedRowsAreTheSameByKey() throws {
        let found = "x,w,k\n4,r,c\n1,p,a\n2,q,b\n"
        #expect(try compare(Self.rows, found, ["--key", "k"]).status == 0)
        let byPlace = try compare(Self.rows, found)
        #expect(byPlace.status == 1)
        #expect(byPlace.errors.contains("Matched by their place"))
    }

    @Test func whatDiffersIsSaid() throws {
        let ended = try compare(
            Self.rows, "k,w,x,new\nb,Q,2.5,\nc,r,4,\nd,s,5,\n", ["--key", "k", "--default-tolerance", "0.25 absolute"])
        #expect(ended.status == 1)
        #expect(
            ended.errors == """
                Error: f.csv is not as expected.
                The tables differ.
                  expected  e.csv, 3 rows
                  found     f.csv, 3 rows

                Rows: 2 matched, 1 missing, 1 added, 0 keys more than once.
                  missing   k=a (line 2)
                  added     k=d (line 4)
                Columns: 2 compared, 0 missing, 1 added.
                  added     new
                Cells: 2 of 4 differ.
                  w  1 cell, tolerance exact
                  x  1 cell, by up to 2 times the tolerance of 0.25 absolute

                The worst differences, in units of the tolerance:
                  label       w at k=b
                              expected  q (line 3)
                              found     Q (line 2)
                  2           x at k=b
                              expected  2 (line 3)
                              found     2.5 (line 2)


                """)
    }

    @Test(arguments: [
        ("2.0000000000000004", "x=1 ulp", 0), ("2.000000000000001", "x=1 ulp", 1), ("2.5", "x=0.5 absolute", 0),
        ("2.5000000000000004", "x=0.5 absolute", 1), ("2.5", "x=0.25 relative", 0),
        ("2.5000000000000004", "x=0.25 relative", 1), ("2.5", "x=0.1 relative or 0.5 absolute", 0),
        ("2.0", "x=exact", 0), ("2.0000000000000004", "x=exact", 1), ("nan", "x=9 absolute", 1),
        ("", "x=9 absolute", 1),
    ])
    func tolerances(value: String, tolerance: String, status: Int32) throws {
        let found = Self.rows.replacing("q,2", with: "q,\(value)")
        #expect(try compare(Self.rows, found, ["--key", "k", "--tolerance", tolerance]).status == status)
    }

    @Test func aColumnsToleranceComesBeforeTheDefault() throws {
        let found = Self.rows.replacing("q,2", with: "q,2.5")
        let wide = ["--key", "k", "--default-tolerance", "1 absolute"]
        #expect(try compare(Self.rows, found, wide).status == 0)
        #expect(try compare(Self.rows, found, wide + ["--tolerance", "x=exact"]).status == 1)
    }

    @Test func labelsNearABoundary() throws {
        let (expected, found) = ("k,r,margin\n1,a,1e-10\n2,a,1\n", "k,r,margin\n1,b,1e-10\n2,a,1\n")
        #expect(try compare(expected, found).status == 1)
        let near = try compare(expected, found, ["--near-boundary", "1e-9"])
        #expect(near.status == 0)
        #expect(near.errors.contains("1 label beside them near a boundary"))
        #expect(near.output.contains("\nlabels-near-boundary,1,,r,"))
        #expect(try compare(expected, found, ["--near-boundary", "1e-10"]).status == 1)
    }

    @Test func theReportIsTheData() throws {
        let folder = try TestFolder(["e.csv": Self.rows, "f.csv": "k,w,x\na,p,1\n"])
        let ended = try folder.pinfi("compare e.csv f.csv --key k --report r.csv -o o.csv --manifest m.json")
        #expect(ended.status == 1)
        #expect(ended.output == "")
        #expect(try folder.text("r.csv") == folder.text("o.csv"))
        #expect(try folder.csv("r.csv")["finding"].contains("row-missing"))
        let manifest = try #require(JSONText.value(of: Array(folder.text("m.json").utf8)) as? [String: Any])
        let comparable = try #require(manifest["comparable"] as? [String: Any])
        let inputs = try #require(comparable["inputs"] as? [[String: Any]])
        #expect(inputs.map { $0["name"] as? String } == ["e.csv", "f.csv"])
        let json = try folder.pinfi("compare e.csv f.csv --key k --format json --quiet")
        #expect(try json.object()["columns"] is [Any])
    }

    @Test func standardInputIsOneOfThem() throws {
        let folder = try TestFolder(["e.csv": Self.rows])
        #expect(try folder.pinfi("compare e.csv -", input: Self.rows).status == 0)
        #expect(try folder.pinfi("compare - e.csv", input: "k,w,x\n").status == 1)
        let both = try folder.pinfi("compare - -", input: Self.rows)
        #expect(both.status == 64)
        #expect(both.errors.contains("standard input"))
    }

    @Test(arguments: [
        "k,x\r\na,1\r\nb,2\r\n", "\u{FEFF}k,x\na,1\nb,2\n", "k,x\na,1\nb,2", "\"k\",\"x\"\n\"a\",\"1\"\nb,2.0\n\n",
        "x,k\n1,a\n2e0,b\n",
    ])
    func theSameTableInOtherBytes(found: String) throws {
        #expect(try compare("k,x\na,1\nb,2\n", found).status == 0)
    }

    @Test func headersAlone() throws {
        #expect(try compare("k,x\n", "k,x\n").status == 0)
        let added = try compare("k,x\n", "k,x\na,1\n")
        #expect(added.status == 1)
        #expect(added.errors.contains("1 added"))
    }

    @Test func repeatedKeysAreADifference() throws {
        let ended = try compare("k,x\na,1\n", "k,x\na,1\na,1\n", ["--key", "k"])
        #expect(ended.status == 1)
        #expect(ended.errors.contains("repeated  k=a, 1 expected, 2 found"))
    }

    @Test func wordsThatAreNoNumbersAreNone() throws {
        // Between files that nothing is known of, NaN is a word that equals nothing.
        #expect(try compare("k,x\na,nan\n", "k,x\na,nan\n", ["--key", "k"]).status == 1)
        #expect(try compare("k,x\na,inf\n", "k,x\na,inf\n", ["--key", "k"]).status == 0)
    }

    @Test func anEmptyFolderIsNothingToCompare() throws {
        let folder = try TestFolder()
        #expect(try folder.bash("mkdir a b").status == 0)
        let ended = try folder.pinfi("compare a b")
        #expect(ended.status == 66)
        #expect(ended.errors.contains("no CSV file"))
    }

    @Test func foldersFileByFile() throws {
        let folder = try TestFolder()
        let made = try folder.bash(
            """
            mkdir -p a/in b/in
            printf 'k,x\\n1,1\\n' | tee a/t.csv b/t.csv a/in/u.csv > b/in/u.csv; printf 'k\\n' > a/gone.csv
            touch a/figure.svg
            """)
        #expect(made.status == 0)
        let differs = try folder.pinfi("compare a b/ --report r.csv")
        #expect(differs.status == 1)
        #expect(differs.errors.contains("missing       gone.csv"))
        #expect(differs.errors.contains("not compared  figure.svg"))
        #expect(try folder.csv("r.csv")["file"].first == "gone.csv")
        #expect(try folder.bash("cp a/gone.csv b/").status == 0)
        let same = try folder.pinfi("compare a b -o /dev/null")
        #expect(same.status == 0)
        #expect(same.errors.contains("3 files, 2 rows"))
    }

    /// Of pinfi's own tables keys and tolerances are known, with a manifest or without.
    @Test(arguments: [
        ("phase --b 0.7 --d 1.3 --x 0:2:5 --y 0:1.5:4", "alpha_ratio, gamma_ratio"),
        ("phase --b 0.7 --d 1.3 --x 0:2:5 --y 0:1.5:4 --raw", "alpha, gamma"),
        ("flow --b 0.7 --d 1.3 --x 2 --y 0.79", "segment"),
        ("simulate --model role --b 0.7 --d 1.3 --y 0.79 --from x=2,lp=0.5,seller=0.1 --until 1 --every 0.25", "t"),
        ("equilibrium --b 0.7 --d 1.3 --y 0.79 --format csv", "rest_point"),
        ("ensemble --b 0.7 --d 1.3 --vary y=0.5:1.1:2 --x0 0.3:2.5:2 --until 2", "cell"),
        ("sensitivity local --beta 0.7 --delta 1.6 --quantity gamma_max,gamma_min", "quantity, parameter"),
        ("calibrate inverse --beta 0.7 --p 0.2 --theta 1.5 --delta 1.3 --gamma 0.8", "parameter"),
    ])
    func pinfisOwnTables(line: String, keys: String) throws {
        let folder = try TestFolder()
        _ = try folder.data("\(line) -o t.csv --manifest t.json --quiet")
        // In reverse, which only keys undo.
        #expect(try folder.bash("(head -1 t.csv; tail -n +2 t.csv | tac) > r.csv").status == 0)
        for manifest in [true, false] {
            if !manifest { #expect(try folder.bash("rm t.json").status == 0) }
            let ended = try folder.pinfi("compare t.csv r.csv -o /dev/null")
            #expect(ended.status == 0, "\(ended.errors)")
            #expect(ended.errors.contains(" by \(keys),"), "\(ended.errors)")
        }
    }

    /// What a header does not say, the manifest does: the varied parameters of a grid.
    @Test func aSweepIsKnownByItsManifest() throws {
        let folder = try TestFolder()
        _ = try folder.data(
            "sweep --vary beta=0.5:0.9:3 --vary p=0:0.2:2 --theta 1 --delta 1.6 --quantity gamma_max -o s.csv "
                + "--manifest s.json")
        #expect(try folder.bash("(head -1 s.csv; tail -n +2 s.csv | tac) > r.csv").status == 0)
        let ended = try folder.pinfi("compare s.csv r.csv -o /dev/null")
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(ended.errors.contains(" by beta, p,"), "\(ended.errors)")
    }

    @Test func theSameBytesAtAnyNumberOfThreads() throws {
        let folder = try TestFolder()
        let made = try folder.bash(
            """
            seq 1 200000 | awk 'BEGIN{print "k,x,w"} {print $1","$1/7","$1%5}' > e.csv
            seq 200000 -1 1 | awk 'BEGIN{print "k,x,w"} {print $1","$1/7+($1%1000==0)*$1*1e-6","$1%5}' > f.csv
            """)
        #expect(made.status == 0)
        var seen: Set<String> = []
        for threads in [1, 2, 7] {
            let ended = try folder.pinfi(
                [
                    "compare", "e.csv", "f.csv", "--key", "k", "--default-tolerance", "1e-3 absolute", "--threads",
                    "\(threads)",
                ])
            #expect(ended.status == 1)
            seen.insert(ended.output + ended.errors)
        }
        #expect(seen.count == 1)
        #expect(seen.first?.contains("rows-matched,200000,") == true)
    }

    @Test func refuses() throws {
        let folder = try TestFolder([
            "e.csv": Self.rows, "f.csv": Self.rows, "ragged.csv": "k,x\na\n", "empty.csv": "", "twice.csv": "k,k\n",
            "other.csv": "j,x\n",
            "m.json": #"{"comparable": {"data": [{"name": "m.csv"}]}}"#, "m.csv": Self.rows,
        ])
        #expect(try folder.bash("mkdir d; cp e.csv d").status == 0)
        let cases: [(arguments: [String], status: Int32, fragments: [String])] = [
            ([], 64, ["expected"]), (["e.csv"], 64, ["found"]),
            (["e.csv", "no.csv"], 66, ["no.csv"]), (["no", "d"], 66, ["no"]), (["d", "no"], 66, ["no"]),
            (["d", "e.csv"], 64, ["\"d\" is a folder", "\"e.csv\" is a file"]),
            (["e.csv", "d"], 64, ["\"d\" is a folder"]), (["d", "-"], 64, ["folder"]),
            (["e.csv", "ragged.csv"], 65, ["ragged.csv, line 2"]),
            (["empty.csv", "e.csv"], 65, ["empty.csv", "header"]),
            (["e.csv", "twice.csv"], 65, ["twice.csv", "same name"]),
            (["e.csv", "f.csv", "--key", "K"], 64, ["\"K\"", "mean k"]),
            (["e.csv", "other.csv", "--key", "k"], 65, ["other.csv", "\"k\""]),
            (["e.csv", "f.csv", "--key", "k,k"], 64, ["twice"]), (["e.csv", "f.csv", "--key", ""], 64, ["--key"]),
            (["e.csv", "f.csv", "--tolerance", "x"], 64, ["NAME=TOLERANCE"]),
            (["e.csv", "f.csv", "--tolerance", "x=much"], 64, ["1e-9 relative"]),
            (["e.csv", "f.csv", "--tolerance", "x=-1 absolute"], 64, ["at least 0"]),
            (["e.csv", "f.csv", "--tolerance", "x=1 ulp", "--tolerance", "x=2 ulp"], 64, ["twice"]),
            (["e.csv", "f.csv", "--tolerance", "y=1 ulp"], 64, ["\"y\"", "k, w, x"]),
            (["e.csv", "f.csv", "--key", "k", "--tolerance", "k=1 ulp"], 64, ["key"]),
            (["e.csv", "f.csv", "--default-tolerance", "nan relative"], 64, ["1e-9 relative"]),
            (["e.csv", "f.csv", "--near-boundary", "1e-9"], 64, ["margin or band_margin"]),
            (["e.csv", "f.csv", "--near-boundary", "-1"], 64, ["distance from a boundary"]),
            (["e.csv", "f.csv", "-o", "f.csv"], 64, ["--output", "FOUND"]),
            (["e.csv", "f.csv", "--report", "e.csv"], 64, ["--report", "EXPECTED"]),
            (["e.csv", "f.csv", "--report", "r.csv", "-o", "r.csv"], 64, ["--report", "--output"]),
            (["m.csv", "f.csv", "--manifest", "m.json"], 64, ["--manifest", "manifest of EXPECTED"]),
            (["d", "d", "-o", "d/e.csv"], 64, ["--output"]),
            (["e.csv", "f.csv", "--report", "no/r.csv"], 73, ["no/r.csv"]),
        ]
        for (arguments, status, fragments) in cases {
            let ended = try folder.pinfi(["compare"] + arguments)
            #expect(ended.status == status, "\(arguments): \(ended.errors)")
            for fragment in fragments {
                #expect(ended.errors.contains(fragment), "\(arguments): \(ended.errors)")
            }
        }
        #expect(try folder.text("e.csv") == Self.rows)
    }
}
