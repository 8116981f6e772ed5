import ParallaxCore
import ParallaxImaging
import ParallaxProviders
import ParallaxTestSupport
import ParallaxText
import Testing

@testable import ParallaxCommands

#if canImport(FoundationEssentials)
  import FoundationEssentials
  import Glibc
#else
  import Foundation
#endif

/// `show --images`.
@MainActor @Suite struct PictureCommandTests {
  private static let question = "r = query c@base --text 'a mug' --top 3"

  @Test func `elsewhere than on a terminal the table stays, and one sentence says so`() async throws
  {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let plain = await bench.succeed("\(Self.question) ; show r --rows 2")
      let outcome = await bench.succeed("set strict on ; show r --rows 2 --images")
      #expect(plain.output.hasSuffix(outcome.output) && !outcome.output.isEmpty)
      #expect(
        outcome.notes.contains("no pictures are drawn: results do not go to a terminal\n"))
      #expect(!outcome.output.contains("\u{1B}"))
    }
  }

  @Test func `on a terminal a setting, a format or the terminal may say no`() async throws {
    try await Bench.inNewFolder(isTerminal: true) { bench in
      try await bench.prepare()
      await bench.succeed(Self.question)
      for (line, reason) in [
        ("show r --images", "the terminal is 'dumb'"),
        ("show r --images --mode csv", "and this is 'csv'"),
        ("set images off ; show r --images", "'images' is off"),
        ("set images blocks ; show r --images", "NO_COLOR or --color switched off"),
      ] {
        let outcome = await bench.succeed(line)
        #expect(outcome.notes.contains("no pictures are drawn: "), "\(outcome.notes)")
        #expect(outcome.notes.contains(reason), "\(outcome.notes)")
        #expect(outcome.output.contains("score") && !outcome.output.contains("\u{1B}"))
      }
    }
  }

  @Test func `what has no pictures is refused`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      for line in ["show settings --images", "show variables --images"] {
        let outcome = await bench.run(line)
        #expect(outcome.code == 2 && outcome.notes.contains("--images goes with a result"))
      }
      await bench.succeed("p = power --sd 1 --questions 9")
      let power = await bench.run("show p --images")
      #expect(power.code != 0 && power.notes.contains("'p' is not a list of images"))
      let unknown = await bench.run("set images sixels")
      #expect(unknown.notes.contains("did you mean 'sixel'?"), "\(unknown.notes)")
    }
  }

  @Test func `kitty is sent the pixels that the decoder gives`() async throws {
    try await Bench.inNewFolder(isTerminal: true) { bench in
      try await bench.prepare()
      await bench.succeed("\(Self.question) ; set images kitty")
      let outcome = await bench.succeed("show r --images --rows 2 --columns rank,id")
      #expect(outcome.notes.contains("2 of 3 rows shown: 'show _ --rows 3 --images' shows all"))
      #expect(outcome.output.contains("rank = 1"))
      let sent = pictures(in: outcome.output)
      #expect(sent.count == 2)
      let decoder = Bench.providers.decoder
      let ids = await bench.rows("show r --columns id")
      for (id, file) in zip(ids, sent) {
        let path = "\(bench.folder)/sent.png"
        try TestFiles.write(file, to: path)
        let shown = try await decoder.decode(path, ImageTransform(resize: .none))
        let stored = try await decoder.decode(
          "\(bench.folder)/in/\(id).jpg", ImageTransform(resize: .fit(width: 250, height: 240)))
        #expect(shown.properties.format == "png" && shown.pixels == stored.pixels)
      }
    }
  }

  @Test func `a run shows its questions, each with its own pictures`() async throws {
    try await Bench.inNewFolder(isTerminal: true) { bench in
      try await bench.prepare()
      try TestFiles.write("id,text\nq1,a mug\nq2,bricks\n", to: bench.folder + "/q.csv")
      await bench.succeed(
        "set images iterm2 ; q = query c@base --queries \(bench.folder)/q.csv --top 2")
      for line in ["show q --images", "filter q --top 2 | show --images"] {
        let outcome = await bench.succeed(line)
        let parts = outcome.output.split(separator: "\n\nq2\n")
        #expect(parts.count == 2 && parts[0].hasPrefix("q1\n"))
        for part in parts { #expect(part.split(separator: "\u{1B}]1337;File=").count == 3) }
      }
    }
  }

  @Test func `a picture that is gone says why in its place, and hostile names drive nothing`()
    async throws
  {
    try await Bench.inNewFolder(isTerminal: true) { bench in
      let hostile = HostileTextTests.hostile.replacing("/", with: "")
      try bench.pictures([
        "a.jpg": "mug-001", "b.jpg": "shoe-001", "c.jpg": "brick-001", "\(hostile).jpg": "mug-002",
      ])
      await bench.succeed(
        "create collection c ; ingest c \(bench.folder)/in ; embed c --as base --model mini")
      await bench.succeed("r = query c@base --text mug ; set images iterm2")
      unlink("\(bench.folder)/in/b.jpg")
      try TestFiles.write("another file", to: "\(bench.folder)/in/c.jpg")
      let outcome = await bench.succeed("show r --images")
      #expect(outcome.output.split(separator: "\u{1B}]1337;File=").count == 3)
      let words = outcome.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(words.contains("no picture: "))
      #expect(outcome.notes.contains("2 pictures cannot be shown: "), "\(outcome.notes)")
      let rest = outcome.output
        .replacing(/\u{1B}\]1337;[^\u{7}]*\u{7}/, with: "")
        .replacing(/\u{1B}(\[\d+[ABG]|[78])/, with: "")
      let raw = rest.unicodeScalars.filter {
        TerminalText.needsEscape($0) && !["\n", "\r"].contains($0)
      }
      #expect(raw.isEmpty, "\(raw.map(\.value))")
      #expect(rest.contains(#"\u{1B}"#))
      let strict = await bench.run("set strict on ; show r --images")
      #expect(strict.code == 1)
      await bench.succeed("set strict off ; drop collection c --yes")
      let gone = await bench.succeed("show r --images --rows 1")
      #expect(gone.notes.contains("is no longer in 'c'"), "\(gone.notes)")
    }
  }

  /// The files that kitty was sent, decoded by other code than ours.
  private func pictures(in output: String) -> [[UInt8]] {
    var files: [[UInt8]] = []
    var payload = ""
    for piece in output.split(separator: "\u{1B}_G").dropFirst() {
      let parts = piece.split(separator: "\u{1B}\\")[0].split(separator: ";", maxSplits: 1)
      payload += parts[1]
      guard parts[0].hasSuffix("m=0") else { continue }
      files.append(Data(base64Encoded: payload).map(Array.init) ?? [])
      payload = ""
    }
    return files
  }
}
