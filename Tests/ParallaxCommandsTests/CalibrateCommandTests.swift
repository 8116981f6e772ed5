import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// What `calibrate` finds, keeps and hands to `gate`.
@MainActor @Suite struct CalibrateCommandTests {
  /// Half of the bundled pictures in `t@base`, the other half in a folder.
  private static func halves(_ body: (Bench, String) async throws -> Void) async throws {
    try await Bench.inNewFolder { bench in
      let tiles = TestFiles.names(in: "\(Bench.tiles)/images", endingWith: ".jpg")
        .sorted()
      for (place, name) in tiles.enumerated() {
        let half = place % 2 == 0 ? "in" : "new"
        try TestFiles.copy("\(Bench.tiles)/images/\(name)", to: "\(bench.folder)/\(half)/\(name)")
      }
      await bench.succeed(
        "create collection t ; ingest t \(bench.folder)/in ; embed t --as base --model mini")
      try await body(bench, "\(bench.folder)/new")
    }
  }

  @Test func `a calibrated gate keeps its promise on pictures it has not seen`() async throws {
    try await Self.halves { bench, new in
      let outcome = await bench.succeed(
        "set mode csv ; calibrate t@base --false-alarms 0.05 --changes jpeg-50,flip --sample 6")
      let rows = outcome.output.split(separator: "\n").map(String.init)
      #expect(
        rows[0] == "pairs,change,tried,error,low,high,review_error,review_low,review_high,strength")
      #expect(rows[1].hasPrefix("\"distinct, nearest\",,185,0"), "\(rows[1])")
      // No picture is in two of these pairs.
      #expect(rows[2].hasPrefix("\"distinct, at random\",,92,"), "\(rows[2])")
      #expect(rows[3].hasPrefix("all copies,,12,"), "\(rows[3])")
      #expect(rows.count == 6 && rows[5].hasPrefix("copies,flip,6,"))
      #expect(outcome.notes.contains("at most 5 % are rejected and 50 % looked at"))

      // None of the other half is a duplicate, but for those drawn alike.
      let gated = await bench.succeed("set mode csv ; gate t@base \(new) --k 1")
      let decisions = gated.output.split(separator: "\n").dropFirst()
      #expect(decisions.count == 184)
      let rejected = decisions.count { $0.contains(",reject,") }
      #expect(Double(rejected) / 184 <= 0.05, "\(rejected)")
      #expect(gated.notes.contains("calibrated on "), "\(gated.notes)")
      // Half of what it was calibrated on is rejected for its bytes.
      let own = await bench.rows("gate t@base \(bench.folder)/in --k 1")
      #expect(
        own.count == 185 && own.allSatisfy { $0.contains(",reject,") && $0.contains(",true,false") }
      )

      await Self.secondSign(bench, new)
      try await Self.keeps(bench, new)
    }
  }

  /// Thresholds for a second sign are others, and are kept beside.
  private static func secondSign(_ bench: Bench, _ new: String) async {
    let outcome = await bench.succeed(
      "set mode csv ; calibrate t@base --false-alarms 0.05 --changes jpeg-90,flip --sample 4 --also-hash --hash-bits 8"
    )
    let rows = outcome.output.split(separator: "\n").map(String.init)
    #expect(rows.count == 6 && rows[4].hasPrefix("copies,jpeg-90,4,"), "\(rows)")
    // Drawings are so alike that little is rejected, but every such copy is looked at.
    #expect(rows[4].split(separator: ",")[6] == "0.0", "\(rows)")
    #expect(rows[5].hasPrefix("copies,flip,4,"), "\(rows)")
    let kept = await bench.rows("calibrations")
    #expect(kept.count == 2, "\(kept)")
    let gated = await bench.rows("gate t@base \(new) --also-hash --hash-bits 8 --k 1")
    let rejected = gated.count { $0.contains(",reject,") }
    #expect(gated.count == 184 && Double(rejected) / 184 <= 0.05, "\(rejected)")
    await bench.succeed("calibrations t@base --curve --also-hash --hash-bits 8")
  }

  /// The thresholds outlive what they were made from, and serve no other identity.
  private static func keeps(_ bench: Bench, _ new: String) async throws {
    let kept = await bench.rows("calibrations")
    #expect(kept.count == 2 && kept.allSatisfy { $0.hasPrefix("t,base,") }, "\(kept)")
    let curve = await bench.rows("calibrations t@base --curve --per-kind")
    let both = await bench.rows("calibrations t@base --curve")
    #expect(both.count * 2 == curve.count && curve.starts(with: both))
    let alarms = curve.filter { $0.hasPrefix("false alarms,") }
    #expect(curve.count == alarms.count * 4 && alarms.count > 20)
    #expect(curve.contains { $0.hasPrefix("flip,1.0") || $0.hasPrefix("flip,1,") })
    let described = await bench.rows("describe t@base")
    #expect(described.contains { $0.hasPrefix("calibrated,") }, "\(described)")

    await bench.succeed(
      "sync t ; drop space t@base --yes ; embed t --as other --model mini ; gate t@other \(new)/bowl-002.jpg"
    )
    #expect(await bench.rows("calibrations").first?.hasPrefix("t,other,") == true)
    await bench.succeed("drop space t@other --yes ; embed t --as base --model mini --dim 64")
    let refused = await bench.run("gate t@base \(new)")
    #expect(refused.code == 1)
    for words in ["is for another identity", "dimension '64', not '256'", "'t@base' of "] {
      #expect(refused.notes.contains(words), "\(refused.notes)")
    }
    let byHand = await bench.succeed("gate t@base \(new)/bowl-002.jpg --max-score 0.9")
    #expect(byHand.notes.contains("are for another identity and not used"), "\(byHand.notes)")
    #expect(await bench.rows("calibrations t@base").isEmpty)
    await bench.succeed("drop space t@base --yes ; embed t --as base --model mini")
    let ids = TestFiles.names(in: "\(bench.folder)/in", endingWith: ".jpg").sorted().map {
      String($0.dropLast(4))
    }
    try TestFiles.write(
      "left,right,same\n\(ids[0]),\(ids[1]),duplicate\n\(ids[0]),\(ids[9]),distinct\n"
        + "\(ids[0]),none,distinct\n", to: "\(bench.folder)/labels.csv")
    let again = await bench.succeed(
      "calibrate t@base --false-alarms 0.1 --review-alarms 0.1 --changes jpeg-90 --sample 1 "
        + "--pairs \(bench.folder)/labels.csv")
    #expect(again.notes.contains("replaces the calibration of "), "\(again.notes)")
    #expect(again.notes.contains("1 pair of ") && again.notes.contains("has no 'none'"))
    for kind in ["judged duplicates", "judged distinct"] {
      #expect(again.output.contains("\(kind),,1,"), "\(again.output)")
    }
    #expect(await bench.rows("calibrations").count == 2)
    let dropped = await bench.succeed("drop collection t --yes")
    #expect(dropped.notes.contains(" with 2 calibrations"), "\(dropped.notes)")
  }

  @Test func `few pictures promise little`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let outcome = await bench.run("calibrate c@base --false-alarms 0.01")
      #expect(outcome.code == 1)
      #expect(outcome.notes.contains("about 597 are needed"), "\(outcome.notes)")
      #expect(await bench.rows("calibrations").isEmpty)
      for line in [
        "calibrate c@base", "calibrate c@base --false-alarms 0",
        "calibrate c@base --false-alarms 0.1 --review-alarms 0.05",
        "calibrate c@base --false-alarms 0.1 --changes nothing", "calibrations --curve",
        "calibrate c@base --false-alarms 0.1 --pairs \(bench.folder)/none.csv",
      ] {
        #expect(await bench.run(line).code == 2, "\(line)")
      }
      #expect(await bench.run("calibrations c@base --curve").code == 1)
    }
  }
}
