import ParallaxCore
import ParallaxDigest
import ParallaxImaging
import ParallaxProviders
import ParallaxStorage
import ParallaxSystem
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxWorkbench

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// What the pictures of a collection show, and copies of them, by real workers.
@Suite struct FingerprintJobTests {
  @Test func `what is missing is made once and kept`() async throws {
    try await IngestBench.inNewFolder { bench in
      try bench.pictures(["in/1.jpg": "mug-001", "in/2.jpg": "mug-002", "in/copy.jpg": "mug-001"])
      _ = try await bench.ingest("in")
      let seen = Mutex<[Progress]>([])
      let first = try await bench.bench.fingerprints(of: bench.collection) {
        if case .progress(let progress) = $0 { seen.withLock { $0.append(progress) } }
      }
      #expect(first.items.map(\.id.rawValue) == ["1", "2", "copy"])
      #expect(first.made == 2 && first.byContent.count == 2 && first.failures.isEmpty)
      #expect(
        seen.withLock { $0 }
          == [Progress("fingerprinting", completed: 2, total: 2, unit: "images")])
      let hashes = first.byContent.values.map(\.hash)
      #expect(hashes[0].distance(to: hashes[1]) > 0)
      #expect(first.byContent.values.allSatisfy { $0.width == 256 && $0.spread > 10 })

      try bench.pictures(["in/3.jpg": "mug-003"])
      _ = try await bench.ingest("in")
      let second = try await bench.bench.fingerprints(of: bench.collection) { _ in }
      #expect(second.made == 1 && second.byContent.count == 3)
      #expect(first.byContent.allSatisfy { second.byContent[$0.key] == $0.value })
      #expect(try bench.bench.workspace.check(progress: nil).isEmpty)
    }
  }

  @Test func `a broken picture is named and left out, a copy of it stands in`() async throws {
    try await IngestBench.inNewFolder { bench in
      try bench.pictures([
        "in/a.jpg": "mug-001", "in/b.jpg": "mug-002", "in/copy.jpg": "mug-002",
      ])
      _ = try await bench.ingest("in")
      try bench.write("no picture any more", to: "in/a.jpg")
      unlink("\(bench.folder)/in/b.jpg")
      let found = try await bench.bench.fingerprints(of: bench.collection) { _ in }
      #expect(found.made == 1 && found.failures.map(\.item.id.rawValue) == ["a"])
      let error = try #require(found.failures.first?.error)
      #expect(error.code == .changedFile)
      #expect(
        error.message
          == "'a' changed since ingest; run 'sync \(bench.collection.name)'")
      // The reason is not kept: the file may be mended.
      try bench.pictures(["in/a.jpg": "mug-001"])
      #expect(try await bench.bench.fingerprints(of: bench.collection) { _ in }.failures.isEmpty)
    }
  }

  @Test func `a job that is cancelled says how much is kept`() async throws {
    try await IngestBench.inNewFolder { bench in
      try bench.pictures(["in/1.jpg": "mug-001"])
      _ = try await bench.ingest("in")
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return try await bench.bench.fingerprints(of: bench.collection) { _ in }
      }
      let error = await #expect(throws: ParallaxError.self) { try await task.value }
      #expect(error?.code == .cancelled)
      #expect(
        error?.message
          == "cancelled after the fingerprints of 0 of 1 image; finished batches are kept: the same "
          + "command continues")
    }
  }

  private static func sources(_ bench: IngestBench) throws -> [ChangeSource] {
    try bench.bench.workspace.items(in: bench.collection).map {
      ChangeSource(name: $0.id.rawValue, path: $0.path, hash: $0.hash)
    }
  }

  @Test func `copies are files until they were used`() async throws {
    try await IngestBench.inNewFolder { bench in
      try bench.pictures(["in/1.jpg": "mug-001", "in/2.jpg": "mug-002"])
      _ = try await bench.ingest("in")
      var sources = try Self.sources(bench)
      sources[1].hash = Digest.sha256("other bytes")
      let change = try #require(PictureChangeRegistry.change(withID: "crop-center-50"))
      let workbench = bench.bench
      let folder = try await workbench.withCopies(of: sources, changedBy: change) { copies in
        #expect(copies.count == 2)
        #expect(throws: ParallaxError.self) { try copies[1].get() }
        let copy = try copies[0].get()
        #expect(copy.name == "1 (crop-center-50)")
        guard case .image(let path, let hash) = copy.parts[0] else {
          throw ParallaxError(.internalError, "a copy is no image")
        }
        #expect(try Digest.sha256(fileAt: path) == hash)
        let properties = try await workbench.models.providers.decoder.probe(path)
        #expect(properties.width == 181 && properties.height == 181)
        let folder = PathText.folder(of: path)
        #expect(FileStatus(at: folder)?.permissions == 0o700)
        return folder
      }
      #expect(FileStatus(at: folder) == nil)
    }
  }

  @Test func `copies go however their use ends`() async throws {
    try await IngestBench.inNewFolder { bench in
      try bench.pictures(["in/1.jpg": "mug-001"])
      _ = try await bench.ingest("in")
      let sources = try Self.sources(bench)
      let change = try #require(PictureChangeRegistry.all.first)
      let workbench = bench.bench
      let folder = Mutex("")
      let task = Task {
        try await workbench.withCopies(of: sources, changedBy: change) { copies in
          guard case .image(let path, _) = try copies[0].get().parts[0] else { return }
          folder.withLock { $0 = PathText.folder(of: path) }
          withUnsafeCurrentTask { $0?.cancel() }
          try Task.checkCancellation()
        }
      }
      await #expect(throws: CancellationError.self) { try await task.value }
      let path = folder.withLock { $0 }
      #expect(!path.isEmpty && FileStatus(at: path) == nil)
    }
  }
}
