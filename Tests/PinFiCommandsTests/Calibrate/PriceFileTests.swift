// Price files as people have them, each by the command that the documentation gives for its layout.
import Foundation
import TestSupport
import Testing

@Suite struct PriceFileTests {
    /// What a history is: when it is known, and the best reward.
    private static func history(_ file: String, _ options: [String]) throws -> Ended {
        let folder = try TestFolder(["prices.csv": file])
        return try folder.pinfi(["calibrate", "history", "--input", "prices.csv", "--delta", "9999"] + options)
    }

    private static let german = """
        Datum von;Preis [€/MWh]
        27.10.2024 01:00;5,00
        27.10.2024 02:00;-3,41
        27.10.2024 02:00;1.234,50
        27.10.2024 03:00;7,25
        27.10.2024 04:00;-

        """
    private static let germanOptions = [
        "--decimal", ",", "--missing", "-", "--time", "Datum von", "--time-format", "%d.%m.%Y %H:%M", "--timezone",
        "Europe/Berlin", "--column", "beta=Preis [€/MWh]",
    ]

    @Test func semicolonsDecimalCommasAndLocalTime() throws {
        let run = try Self.history(Self.german, Self.germanOptions + ["--on-error", "keep"])
        #expect(run.status == 0, "\(run.errors)")
        // 01:00 to 02:00, the second 02:00 to 03:00, 03:00 to 04:00; the hour below zero is left out.
        #expect(try run.csv.number("duration") == 3 * 3600)
        #expect(try run.csv.number("share_left_out") == 0.25)
        #expect(try run.csv.number("gamma_best_low") == 1234.5)
        #expect(run.errors.contains("fields separated by semicolons"))
        #expect(run.errors.contains("25 % of the time is left out"))
        #expect(run.errors.contains("times of an hour that came twice"))
        let stopped = try Self.history(Self.german, Self.germanOptions)
        #expect(stopped.status == 65)
        #expect(
            stopped.errors.contains("--on-error keep leaves its time out, --carry-forward leaves the price before it"))
        let carried = try Self.history(Self.german, Self.germanOptions + ["--carry-forward"])
        #expect(try carried.csv.number("duration") == 3 * 3600)
        #expect(try carried.csv.number("share_left_out") == 0)
    }

    @Test func complaintsNameTheOptionThatHelps() throws {
        let format = try Self.history(Self.german, ["--time", "Datum von", "--column", "beta=Preis [€/MWh]"])
        #expect(format.errors.contains("give --time-format \"%d.%m.%Y %H:%M\""))
        let decimal = try Self.history(
            Self.german, ["--time", "Datum von", "--time-format", "%d.%m.%Y %H:%M", "--column", "beta=Preis [€/MWh]"])
        #expect(decimal.errors.contains("--decimal , reads a decimal comma"))
        let delimiter = try Self.history("a;b\n1;2\n1;2;3\n", ["--time", "a", "--column", "beta=b"])
        #expect(delimiter.errors.contains("fields are separated by semicolons; --delimiter says otherwise"))
        let order = try Self.history("time,beta\n01/02/2026,1\n", [])
        #expect(order.errors.contains("\"%d/%m/%Y\" or --time-format \"%m/%d/%Y\""))
        let zone = try Self.history("time,beta\n0,1\n", ["--timezone", "Europe/Berlim"])
        #expect(zone.status == 64)
        #expect(zone.errors.contains("did you mean Europe/Berlin?"))
        let missing = try Self.history(
            "time,beta\n2024-03-31T02:30,1\n", ["--timezone", "Europe/Berlin"])
        #expect(missing.errors.contains("never showed 02:30:00 on 2024-03-31"))
    }

    private static let regions = """
        Timestamp,Region,SpotPrice
        2026-02-27 21:02:32+00:00,eu,0.0047
        2026-02-27 21:02:32+00:00,us,0.0035
        2026-02-27 20:02:32+00:00,eu,0.0050
        2026-02-27 18:02:32+00:00,us,0.0040

        """
    private static let regionOptions = ["--time", "Timestamp", "--column", "beta=SpotPrice"]

    @Test func severalSeriesInOneFile() throws {
        let mixed = try Self.history(Self.regions, Self.regionOptions)
        #expect(mixed.status == 65)
        #expect(
            mixed.errors.contains(
                "prices.csv, line 3: 2026-02-27T21:02:32Z stands in line 2 as well, with 0.0047 where this line has 0.0035"
            ))
        for option in ["--where", "--group-by", "--aggregate"] { #expect(mixed.errors.contains(option)) }
        let one = try Self.history(Self.regions, Self.regionOptions + ["--where", "Region=us"])
        #expect(try one.csv.number("duration") == 3 * 3600)
        #expect(try one.csv.number("gamma_best_low") == 0.004)
        #expect(one.errors == "")
        let all = try Self.history(Self.regions, Self.regionOptions + ["--group-by", "Region"])
        #expect(all.csv["Region"] == ["eu", "us"])
        #expect(all.csv.numbers("gamma_best_low") == [0.005, 0.004])
        #expect(all.csv["status"] == ["ok", "ok"])
        let none = try Self.history(Self.regions, Self.regionOptions + ["--where", "Region=asia"])
        #expect(none.status == 65)
        #expect(none.errors.contains("no row has Region=asia; in the column \"Region\" stand \"eu\", \"us\""))
    }

    @Test func offersAreMadeOnePrice() throws {
        let offers = """
            timestamp,dph_total,num_gpus
            2026-01-21T14:15:44.387Z,2.84,8
            2026-01-21T14:15:44.387Z,0.31,1
            2026-01-21T15:15:44.387Z,0.5,1

            """
        func best(_ aggregation: String) throws -> Double {
            let run = try Self.history(
                offers, ["--time", "timestamp", "--column", "beta=dph_total/num_gpus", "--aggregate", aggregation])
            #expect(run.status == 0, "\(run.errors)")
            return try run.csv.number("gamma_best_low")
        }
        #expect(try best("min") == 0.31)
        #expect(try best("last") == 0.31)
        #expect(try best("mean") == (2.84 / 8 + 0.31) / 2)
        #expect(try best("median") == (2.84 / 8) / 2 + 0.31 / 2)
    }

    /// The other layouts, each with the options of the documentation; what is found of the time and the price.
    @Test(
        arguments: [
            (
                "time,price\n2024-10-27T02:00,84\n2024-10-27T02:00,79\n2024-10-27T03:00,80\n",
                ["--timezone", "Europe/Berlin", "--column", "beta=price"], 7200, 84
            ),
            (
                "date,hour,eur\n2024-03-31,23,80.0\n2024-03-31,24,88.0\n2024-03-31,25,88.0\n",
                ["--time", "date+hour", "--column", "beta=eur"], 7200, 88
            ),
            (
                "SETTLEMENTDATE,RRP\n\"2026/08/01 00:05:00\",\"12.5\"\n\"2026/08/01 00:10:00\",\"12.5\"\n",
                ["--time", "SETTLEMENTDATE", "--column", "beta=RRP"], 300, 12.5
            ),
            (
                "ms,usd\n1.54495E+12,3\n1.54496E+12,NA\n1.54497E+12,4\n",
                ["--time", "ms", "--column", "beta=usd", "--missing", "NA,NULL", "--carry-forward"], 20_000, 3
            ),
            (
                "01jan2022 00:00:00,95.1\n01JAN2022 01:00:00,95.1\n",
                [
                    "--header", "when,price", "--time", "when", "--time-format", "%d%b%Y %H:%M:%S", "--column",
                    "beta=price",
                ], 3600, 95.1
            ),
            (
                "Prices of a year\ntime\tprice\n20240101T000000Z\t2\n20240101T010000Z\t2\n",
                ["--skip-lines", "1", "--column", "beta=price/1000*500"], 3600, 1
            ),
        ] as [(String, [String], Double, Double)])
    func layouts(_ file: String, _ options: [String], _ duration: Double, _ best: Double) throws {
        let run = try Self.history(file, options)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try run.csv.number("duration") == duration)
        #expect(try run.csv.number("gamma_best_low") == best)
    }

    @Test func gapsAndPeriods() throws {
        let text = "time,beta\n0,1\n3600,2\n90000,3\n93600,3\n"
        let gap = try Self.history(text, ["--max-gap", "2h"])
        #expect(try gap.csv.number("duration") == 7200)
        #expect(gap.errors.contains("92.3 % of the time is left out"))
        let period = try Self.history(text, ["--from", "1800", "--until", "7200"])
        #expect(try period.csv.number("duration") == 5400)
        #expect(try period.csv.number("share_left_out") == 0)
        #expect(try Self.history(text, ["--from", "1e6"]).status == 64)
        #expect(
            try Self.history(text, ["--from", "5", "--until", "5"]).errors.contains("--from must be before --until"))
    }

    /// The same options wherever a CSV file is an input.
    @Test func boundsCompareAndEmpiricalReadTheSameFiles() throws {
        let folder = try TestFolder([
            "german.csv": "Preis;Zone\n\"1,5\";a\n2,5;b\n", "plain.csv": "Preis,Zone\n1.5,a\n2.5,b\n",
            "times.csv": "when;Preis\n0;1,5\n10;2,5\n40;9\n",
        ])
        let bounds = try folder.pinfi(
            "bounds --input german.csv --decimal , --column beta=Preis*2 --delta 9 --where Zone=b --columns Preis,gamma_min"
        )
        #expect(bounds.output == "Preis,gamma_min\n\"2,5\",5\n")
        let same = try folder.pinfi("compare german.csv german.csv --decimal , --key Zone")
        #expect(same.status == 0, "\(same.errors)")
        let robust = try folder.pinfi([
            "calibrate", "robust", "--vary", "beta=empirical(times.csv:Preis/2:when)", "--delta", "9", "--decimal", ",",
            "--samples", "64",
        ])
        #expect(robust.status == 0, "\(robust.errors)")
        // 0.75 for a quarter of the time, 1.25 for the rest.
        #expect(try robust.csv.number("gamma_best_low") == 1.25)
        let idle = try folder.pinfi("calibrate robust --vary beta=uniform(1,2) --delta 9 --decimal , --samples 64")
        #expect(idle.status == 64)
        #expect(idle.errors.contains("--decimal says something of the files of empirical"))
        #expect(try folder.pinfi("bounds --beta 1 --delta 2 --decimal ,").status == 64)
    }

    // MARK: - Real files

    static let power = "data/power_day_ahead_2024_hourly.csv"
    static let cloud = "data/cloud_spot_2026_three_regions.csv"
    static let areThere = SharedData.url(power) != nil && SharedData.url(cloud) != nil

    /// The power market as downloaded: all 8784 hours of the year, those below zero left out, the two clock changes in their places.
    @Test(.enabled(if: SharedData.isRequired || areThere, "the shared data is not there"))
    func aRealPowerMarket() throws {
        let url = try #require(SharedData.url(Self.power), "PINFI_SHARED is set, so the file must be there")
        let folder = try TestFolder()
        let column = "Deutschland/Luxemburg [€/MWh] Originalauflösungen"
        let run = try folder.pinfi([
            "calibrate", "history", "--input", url.path, "--decimal", ",", "--missing", "-", "--time", "Datum von",
            "--time-format", "%d.%m.%Y %H:%M", "--timezone", "Europe/Berlin", "--column", "beta=\(column)", "--delta",
            "150",
            "--on-error", "keep", "--until", "2025-01-01T00:00",
        ])
        #expect(run.status == 0, "\(run.errors)")
        let lines = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
        let prices = lines.compactMap { line in
            Double(
                line.split(separator: ";")[2].replacingOccurrences(of: ".", with: "").replacingOccurrences(
                    of: ",", with: "."))
        }
        #expect(prices.count == 8784)
        let positive = prices.filter { $0 > 0 }
        #expect(try run.csv.number("duration") == Double(positive.count) * 3600)
        #expect(try run.csv.number("share_left_out") == Double(prices.count - positive.count) / 8784)
        // Every hour lasts one: counting is enough.
        let low = try run.csv.number("gamma_best_low")
        let models = positive.map { PlainModel(beta: $0, delta: 150) }
        let balanced = models.filter { $0.beta <= 150 && $0.beta <= low && low <= $0.sellerPayoff($0.alphaG) }
        #expect(isClose(try run.csv.number("share_balanced"), Double(balanced.count) / Double(positive.count), 1e-12))
    }

    @Test(.enabled(if: SharedData.isRequired || areThere, "the shared data is not there"))
    func aRealCloudMarketRegionByRegion() throws {
        let url = try #require(SharedData.url(Self.cloud), "PINFI_SHARED is set, so the file must be there")
        let folder = try TestFolder()
        let line = [
            "calibrate", "history", "--input", url.path, "--time", "Timestamp", "--column", "beta=SpotPrice", "--delta",
            "0.0104", "--aggregate", "median",
        ]
        let all = try folder.pinfi(line + ["--group-by", "Region"])
        #expect(all.status == 0, "\(all.errors)")
        #expect(all.csv["Region"].count == 3)
        for (place, region) in all.csv["Region"].enumerated() {
            let one = try folder.pinfi(line + ["--where", "Region=\(region)"])
            for column in ["gamma_best_low", "share_balanced", "duration"] {
                #expect(try one.csv.cell(column) == all.csv[column][place])
            }
        }
    }
}
