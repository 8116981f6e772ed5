import ParallaxCore
import ParallaxIngest
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Reading sources again, and forgetting them.
@Suite struct SyncTests {
  /// Pictures 1 to 4 in `in`, read.
  private func withCollection(_ body: (IngestBench) async throws -> Void) async throws {
    try await IngestBench.inNewFolder { bench in
      try bench.pictures([
        "in/1.jpg": "mug-001", "in/2.jpg": "mug-002", "in/3.jpg": "mug-003",
        "in/4.jpg": "mug-004",
      ])
      try await bench.ingest("in")
      try await body(bench)
    }
  }

  @Test func `files come, go, change and get other names`() async throws {
    try await withCollection { bench in
      unlink("\(bench.folder)/in/1.jpg")
      rename("\(bench.folder)/in/2.jpg", "\(bench.folder)/in/sub.jpg")
      try bench.pictures(["in/3.jpg": "shoe-001", "in/5.jpg": "shoe-002"])
      var terms = IngestTerms()
      terms.isDryRun = true
      let told = try await bench.ingest("in", terms)
      #expect(told.missing == ["\(bench.folder)/in/1.jpg"])
      let outcome = try await bench.sync()
      #expect(outcome.counts == [1, 1, 1, 1, 1])
      #expect(outcome.failures.isEmpty && outcome.warnings.isEmpty)
      #expect(try bench.ids == ["2", "3", "4", "5"])
      #expect(try await bench.sync { $0.verifies = true }.counts == [0, 0, 0, 0, 4])
    }
  }

  @Test func `most of a source is not removed unless that is meant`() async throws {
    try await withCollection { bench in
      for name in ["1", "2", "3"] { unlink("\(bench.folder)/in/\(name).jpg") }
      let refused = try await bench.sync()
      #expect(refused.failures.map(\.code) == [.sourceEmptied])
      #expect(try bench.ids.count == 4)
      #expect(try await bench.sync { $0.removesMost = true }.counts == [0, 0, 0, 3, 1])
      unlink("\(bench.folder)/in/4.jpg")
      let empty = try await bench.sync()
      #expect(empty.failures.first?.message.hasPrefix("none of the 1 images of") == true)
    }
  }

  @Test func `a source that is away stops neither the others nor its images`() async throws {
    try await withCollection { bench in
      try bench.pictures(["more/5.jpg": "shoe-001", "in/6.jpg": "shoe-002"])
      try bench.write("file,n\n5.jpg,1\n", to: "more.csv")
      try await bench.ingest("more") { $0.metadata = "\(bench.folder)/more.csv" }
      rename("\(bench.folder)/more", "\(bench.folder)/away")
      let outcome = try await bench.sync()
      #expect(outcome.counts == [1, 0, 0, 0, 4])
      #expect(outcome.failures.map(\.code) == [.unreadableFile])
      #expect(outcome.failures.first?.message.hasSuffix("its 1 image stays") == true)
      #expect(try bench.ids == ["1", "2", "3", "4", "5", "6"])
      rename("\(bench.folder)/away", "\(bench.folder)/more")
      #expect(try await bench.sync().failures.isEmpty)
      // Nor does one whose table cannot be read.
      unlink("\(bench.folder)/more.csv")
      #expect(try await bench.sync().failures.map(\.code) == [.unreadableFile])
    }
  }

  @Test func `forgetting takes the images that no other source holds`() async throws {
    try await withCollection { bench in
      try bench.pictures(["in/sub/5.jpg": "shoe-001"])
      try await bench.ingest("in/sub")
      try await bench.ingest("in/[12].jpg")
      let unknown = await parallaxError {
        _ = try await bench.sync { $0.forgotten = "\(bench.folder)/im" }
      }
      #expect(unknown?.parameter?.name == "forget")
      #expect(unknown?.hint == "did you mean '\(bench.folder)/in'?")
      let rehearsal = try await bench.sync {
        $0.forgotten = "\(bench.folder)/in"
        $0.ingest.isDryRun = true
      }
      // Both sources of that path go, and what lies in the other stays.
      #expect(rehearsal.removed.count == 4)
      #expect(try bench.sources.count == 3)
      let outcome = try await bench.sync { $0.forgotten = "\(bench.folder)/sub/../in" }
      #expect(outcome.removed.count == 4)
      #expect(outcome.notes == ["'\(bench.folder)/in' is not a source of 'c' any more"])
      #expect(try bench.ids == ["5"])
      #expect(try bench.sources.map(\.path) == ["\(bench.folder)/in/sub"])
    }
  }

  @Test func `dropping a source reads and changes nothing else`() async throws {
    try await withCollection { bench in
      try bench.pictures(["more/5.jpg": "shoe-001"])
      try await bench.ingest("more")
      try bench.pictures(["in/6.jpg": "shoe-002"])
      unlink("\(bench.folder)/in/1.jpg")
      let path = try bench.bench.sourcePath("\(bench.folder)/more", of: bench.collection)
      #expect(try await bench.bench.dropSource(path, of: bench.collection) == 1)
      #expect(try bench.ids == ["1", "2", "3", "4"])
      #expect(try bench.sources.map(\.path) == ["\(bench.folder)/in"])
      // One that is gone, with a table beside its images.
      try bench.pictures(["list/7.jpg": "shoe-003"])
      try bench.write("file\n7.jpg\n", to: "list/list.csv")
      try await bench.ingest("list/list.csv")
      rename("\(bench.folder)/list", "\(bench.folder)/gone")
      let table = "\(bench.folder)/list/list.csv"
      #expect(try bench.bench.sourcePath(table, of: bench.collection) == table)
      #expect(try await bench.bench.dropSource(table, of: bench.collection) == 1)
      let error = await parallaxError {
        _ = try bench.bench.sourcePath(table, of: bench.collection)
      }
      #expect(error?.parameter?.name == "PATH")
      #expect(error?.hint?.contains("\(bench.folder)/in") == true)
    }
  }

  @Test func `a collection without a source says so`() async throws {
    try await IngestBench.inNewFolder { bench in
      let error = await parallaxError { _ = try await bench.sync() }
      #expect(error?.code == .noSource)
      #expect(error?.hint == "'ingest c FOLDER' reads one")
    }
  }

  @Test func `a line that nobody can read is said and can be dropped`() async throws {
    try await withCollection { bench in
      let line = ItemSource(.line, path: "ingest c --moon")
      try bench.bench.workspace.addSource(line, to: bench.collection)
      let outcome = try await bench.sync()
      #expect(outcome.counts == [0, 0, 0, 0, 4])
      #expect(
        outcome.failures.map(\.message) == [
          "an earlier version stored the source 'ingest c --moon', which cannot be read"
        ])
      let path = try bench.bench.sourcePath(line.path, of: bench.collection)
      #expect(try await bench.bench.dropSource(path, of: bench.collection) == 0)
      #expect(try await bench.sync().failures.isEmpty)
    }
  }

  @Test func `reading again replaces a source, unless it had a table`() async throws {
    try await withCollection { bench in
      try bench.write("file,n\n1.jpg,1\n2.jpg,2\n3.jpg,3\n4.jpg,4\n", to: "m.csv")
      try bench.write("file,n\n1.jpg,1\n2.jpg,2\n3.jpg,3\n4.jpg,4\n", to: "k.csv")
      let (m, k) = ("\(bench.folder)/m.csv", "\(bench.folder)/k.csv")
      try await bench.ingest("in") { $0.metadata = m }
      #expect(try bench.sources.map(\.metadata) == [m])
      try await bench.ingest("in")
      try await bench.ingest("in") {
        $0.metadata = m
        $0.key = "file"
      }
      #expect(try bench.sources.map(\.key) == ["file"])
      try await bench.ingest("in") { $0.metadata = k }
      try await bench.ingest("in") { $0.followsLinks = true }
      #expect(try bench.sources.map(\.metadata) == [m, k, nil])
      // The same images through two tables are read once and counted once.
      #expect(try await bench.sync().counts == [0, 0, 0, 0, 4])
    }
  }

  @Test func `a folder that moved is no source any more`() async throws {
    try await withCollection { bench in
      rename("\(bench.folder)/in", "\(bench.folder)/moved")
      let outcome = try await bench.ingest("moved")
      #expect(outcome.counts == [0, 0, 4, 0, 0])
      #expect(outcome.notes.first?.contains("is gone and its images were found elsewhere") == true)
      #expect(try bench.sources.map(\.path) == ["\(bench.folder)/moved"])
    }
  }

  @Test func `a source without an image is said`() async throws {
    try await IngestBench.inNewFolder { bench in
      TestFiles.makeFolder("\(bench.folder)/empty")
      let outcome = try await bench.ingest("empty") { $0.pattern = "*.jpg" }
      #expect(outcome.warnings == ["no image in '\(bench.folder)/empty' (glob *.jpg)"])
      try bench.write("file\n", to: "list.csv")
      let listed = try await bench.ingest("list.csv")
      #expect(listed.warnings.contains("'\(bench.folder)/list.csv' lists no image that is there"))
    }
  }
}
