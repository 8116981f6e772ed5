import ParallaxCore
import ParallaxStorage
import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

@testable import ParallaxCommands

/// Sources that move, vanish, overlap and change behind one's back.
@MainActor
@Suite struct SourceTests {
  /// Collection `c` with four embedded pictures of `in/`.
  private func withCollection(_ body: (Bench) async throws -> Void) async throws {
    try await Bench.inNewFolder { bench in
      try bench.pictures([
        "1.jpg": "mug-001", "2.jpg": "mug-002", "3.jpg": "mug-003", "sub/4.jpg": "mug-004",
      ])
      await bench.succeed("create collection c ; ingest c \(bench.folder)/in")
      try await body(bench)
    }
  }

  private func count(_ bench: Bench) async -> String {
    let row = await bench.rows("list collections").first ?? ""
    return row.split(separator: ",").dropFirst().first.map(String.init) ?? ""
  }

  @Test func `a moved folder keeps its items and is no source any more`() async throws {
    try await withCollection { bench in
      await bench.succeed("embed c --as base --model mini")
      rename(bench.folder + "/in", bench.folder + "/moved")
      let moved = await bench.succeed("ingest c \(bench.folder)/moved")
      #expect(moved.notes.contains("c: 0 new · 4 renamed"), "\(moved.notes)")
      #expect(moved.notes.contains("is gone and its images were found elsewhere"))
      let sync = await bench.succeed("sync c")
      #expect(sync.notes.contains("c: 0 new · 4 as before"), "\(sync.notes)")
      let embedded = await bench.succeed("embed c --as base --resume")
      #expect(embedded.notes.contains("4 as before"), "\(embedded.notes)")
    }
  }

  @Test func `copies beside the originals are items of their own`() async throws {
    try await withCollection { bench in
      try TestFiles.copy("\(bench.folder)/in/1.jpg", to: "\(bench.folder)/other/1.jpg")
      let outcome = await bench.succeed("ingest c \(bench.folder)/other")
      #expect(outcome.notes.contains("c: 1 new"), "\(outcome.notes)")
      #expect(await count(bench) == "5")
    }
  }

  @Test func `an emptied folder removes nothing until told to`() async throws {
    try await withCollection { bench in
      for name in ["1", "2", "3"] { unlink("\(bench.folder)/in/\(name).jpg") }
      let refused = await bench.run("sync c")
      #expect(refused.code == 1)
      #expect(
        refused.notes.contains("error: 3 of the 4 images of '"), "\(refused.notes)")
      #expect(refused.notes.contains("'sync c --yes' removes them"))
      #expect(await count(bench) == "4")
      let dry = await bench.succeed("sync c --yes --dry-run")
      #expect(dry.notes.contains("c: 0 new · 3 removed · 1 as before"), "\(dry.notes)")
      let done = await bench.succeed("sync c --yes")
      #expect(done.notes.contains("c: 0 new · 3 removed · 1 as before"), "\(done.notes)")
      unlink("\(bench.folder)/in/sub/4.jpg")
      #expect(await bench.run("sync c").code == 1)
      #expect(await count(bench) == "1")
    }
  }

  @Test func `half of a source may go`() async throws {
    try await withCollection { bench in
      for name in ["1", "2"] { unlink("\(bench.folder)/in/\(name).jpg") }
      await bench.succeed("sync c")
      #expect(await count(bench) == "2")
    }
  }

  @Test func `a source that is away keeps its images while the others are read`() async throws {
    try await withCollection { bench in
      // Within the other source's folder, as a drive mounted there.
      try bench.pictures(["drive/5.jpg": "shoe-001", "6.jpg": "shoe-002"])
      await bench.succeed("ingest c \(bench.folder)/in/drive")
      rename(bench.folder + "/in/drive", bench.folder + "/away")
      unlink("\(bench.folder)/in/1.jpg")
      let sync = await bench.run("sync c")
      #expect(sync.code == 1)
      #expect(sync.notes.contains("c: 1 new · 1 removed · 3 as before"), "\(sync.notes)")
      #expect(sync.notes.contains("in/drive': No such file or directory; its 1 image stays"))
      #expect(sync.notes.contains("'sync c --forget "), "\(sync.notes)")
      #expect(await count(bench) == "5")
      let unknown = await bench.run("sync c --forget \(bench.folder)/in/driev")
      #expect(unknown.code == 1)
      #expect(unknown.notes.contains("is not a source of 'c'"), "\(unknown.notes)")
      let dry = await bench.succeed("sync c --forget \(bench.folder)/in/drive --dry-run")
      #expect(dry.notes.contains("1 removed"), "\(dry.notes)")
      let forgotten = await bench.succeed("sync c --forget \(bench.folder)/in/drive")
      #expect(forgotten.notes.contains("is not a source of 'c' any more"), "\(forgotten.notes)")
      #expect(await count(bench) == "4")
      #expect(await bench.succeed("sync c").notes.contains("c: 0 new · 4 as before"))
    }
  }

  @Test func `reading a folder again is one source, and counts are images`() async throws {
    try await withCollection { bench in
      try TestFiles.write(
        "file,n\n1.jpg,1\n2.jpg,2\n3.jpg,3\nsub/4.jpg,4\n", to: bench.folder + "/m.csv")
      try TestFiles.write(
        "file,k\n1.jpg,1\n2.jpg,2\n3.jpg,3\nsub/4.jpg,4\n", to: bench.folder + "/k.csv")
      for line in [
        "ingest c \(bench.folder)/in --meta \(bench.folder)/m.csv",
        "ingest c \(bench.folder)/in",
        "ingest c \(bench.folder)/in --meta \(bench.folder)/m.csv --key file",
        "ingest c \(bench.folder)/in --meta \(bench.folder)/k.csv",
        "ingest c \(bench.folder)/in --glob '[12].jpg'",
      ] {
        let outcome = await bench.succeed(line)
        #expect(!outcome.notes.contains("no file any more"), "\(outcome.notes)")
      }
      let sources = await bench.rows("describe c").filter { $0.hasPrefix("source,") }
      #expect(sources.count == 3, "\(sources)")
      #expect(sources.contains { $0.contains("m.csv") && $0.contains("--key file") })
      unlink("\(bench.folder)/in/3.jpg")
      let told = await bench.succeed("ingest c \(bench.folder)/in")
      #expect(told.notes.contains("1 item has no file any more; 'sync c' removes it"))
      let dry = await bench.succeed("sync c --dry-run")
      #expect(dry.notes.contains("c: 0 new · 1 removed · 3 as before"), "\(dry.notes)")
      let sync = await bench.succeed("sync c")
      #expect(sync.notes.contains("c: 0 new · 1 removed · 3 as before"), "\(sync.notes)")
    }
  }

  @Test func `other bytes under the same size and time are found`() async throws {
    try await withCollection { bench in
      let path = bench.folder + "/in/1.jpg"
      var status = stat()
      stat(path, &status)
      let time = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
      var bytes = try TestFiles.bytes(of: path)
      bytes[bytes.count - 10] ^= 1
      try TestFiles.write(bytes, to: path)
      try TestFiles.setModified(time, of: path)
      let sync = await bench.succeed("sync c")
      #expect(sync.notes.contains("c: 0 new · 1 changed · 3 as before"), "\(sync.notes)")
      let verified = await bench.succeed("sync c --verify")
      #expect(verified.notes.contains("c: 0 new · 4 as before"), "\(verified.notes)")
    }
  }

  @Test func `a source is shown as the command that reads it, and dropped by its path`()
    async throws
  {
    try await withCollection { bench in
      try bench.pictures(["more/5.jpg": "shoe-001"])
      let folder = "\(bench.folder)/in/more"
      try TestFiles.write("file\tn\n5.jpg\t1\n", to: bench.folder + "/my table")
      let command =
        "ingest c \(folder) --meta \"\(bench.folder)/my table\" --glob \"*.{jpg,png}\" --key file "
        + "--delimiter tab --type n=integer --multi n --follow"
      await bench.succeed(command)
      let workspace = bench.session.workspace
      let collection = try workspace.collection(named: "c")
      let source = try #require(try workspace.sources(of: collection).last)
      #expect(source.command(for: collection) == command)
      let table = "ingest c \(bench.folder)/m.csv --path-column p --id-column i --text-column t"
      try TestFiles.write("p,i,t\nin/1.jpg,1,x\n", to: bench.folder + "/m.csv")
      await bench.succeed(table)
      #expect(try workspace.sources(of: collection).last?.command(for: collection) == table)
      let others = await bench.run("drop source c \(folder)/x --yes")
      #expect(others.notes.contains("is not a source of 'c'"), "\(others.notes)")
      #expect(await bench.run("drop source c --yes").code == 2)
      #expect(await bench.run("drop space c@base \(folder) --yes").code == 2)
      #expect(await bench.run("drop source c \(folder)").code == 2)
      let dropped = await bench.succeed("drop source c \(folder) --yes")
      #expect(dropped.notes.contains("dropped source '\(folder)' of 'c' with 0 images"))
      #expect(
        await bench.succeed("drop source c \(bench.folder)/in --yes").notes.contains("with 4"))
      #expect(await count(bench) == "1")
    }
  }

  @Test func `a damaged table stops its own source alone`() async throws {
    try await withCollection { bench in
      try bench.pictures(["more/7.jpg": "shoe-001"])
      rename(bench.folder + "/in/more", bench.folder + "/more")
      try TestFiles.write("file,n\n7.jpg,1\n", to: bench.folder + "/m.csv")
      await bench.succeed("ingest c \(bench.folder)/more --meta \(bench.folder)/m.csv")
      try TestFiles.write("file,n\n7.jpg,\"1\n", to: bench.folder + "/m.csv")
      try bench.pictures(["8.jpg": "shoe-002"])
      let sync = await bench.run("sync c")
      #expect(sync.code == 1)
      #expect(sync.notes.contains("c: 1 new · 4 as before"), "\(sync.notes)")
      #expect(sync.notes.contains("a quote is opened and never closed"), "\(sync.notes)")
    }
  }
}
