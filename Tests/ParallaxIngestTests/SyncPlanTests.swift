import ParallaxCore
import ParallaxDigest
import ParallaxIngest
import ParallaxTestSupport
import Synchronization
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct SyncPlanTests {
  @Test func `tells new, changed, renamed, unchanged and removed apart`() async throws {
    try await withTemporaryDirectory { folder in
      let tree = TestTree(folder)
      for name in ["same", "edit", "move", "gone", "touch"] { try tree.write(name, "\(name).jpg") }
      let known = try await tree.plan([]).applied(to: [])
      #expect(known.map(\.id.rawValue).sorted() == ["edit", "gone", "move", "same", "touch"])

      try tree.write("EDIT", "edit.jpg")
      tree.rename("move.jpg", "sub/moved.png")
      tree.remove("gone.jpg")
      try TestFiles.setModified(5_000, of: "\(folder)/touch.jpg")
      try tree.write("same", "copy.jpg")
      let plan = try await tree.plan(known)
      #expect(plan.new.map(\.id) == [ItemID("copy")])
      #expect(plan.changed.map(\.to.id) == [ItemID("edit")])
      #expect(plan.changed.first?.to.hash == Digest.sha256("EDIT"))
      #expect(plan.renamed.map(\.to.id) == [ItemID("move")])
      #expect(plan.renamed.map(\.to.file.relativePath) == ["sub/moved.png"])
      #expect(plan.unchanged.map(\.to.id) == [ItemID("same"), ItemID("touch")])
      #expect(plan.unchanged.last?.to.file.modified == 5_000)
      #expect(plan.removed.map(\.id) == [ItemID("gone")])
      #expect(plan.issues.isEmpty)
      #expect(!plan.isEmpty)

      let after = plan.applied(to: known)
      #expect(try await tree.plan(after).isEmpty)
    }
  }

  @Test(arguments: 0..<25) func `applying a plan makes known what is there`(
    seed: UInt64
  ) async throws {
    try await withTemporaryDirectory { folder in
      var generator = SeededGenerator(seed: seed)
      let tree = TestTree(folder)
      var known: [KnownItem] = []
      for _ in 0..<6 {
        for _ in 0..<Int.random(in: 0...5, using: &generator) { try tree.act(&generator) }
        let plan = try await tree.plan(known)
        for change in plan.changed + plan.renamed + plan.unchanged {
          #expect(change.from.id == change.to.id)
        }
        known = plan.applied(to: known)
        #expect(Set(known.map(\.id)).count == known.count, "an id stands twice")
        let contents = Dictionary(
          uniqueKeysWithValues: known.map { ($0.path, $0.hash) })
        #expect(
          contents
            == tree.files.reduce(into: [:]) {
              $0["\(tree.root)/\($1.key)"] = Digest.sha256($1.value)
            })
        let read = Mutex(0)
        let again = try await tree.plan(known) { progress in
          read.withLock { $0 = max($0, progress.total ?? 0) }
        }
        #expect(again.isEmpty)
        #expect(again.unchanged.count == known.count)
        #expect(read.withLock(\.self) == 0, "files were read although nothing changed")
      }
    }
  }

  @Test func `a time that was set back does not hide a change`() async throws {
    try await withTemporaryDirectory { folder in
      let tree = TestTree(folder)
      for name in ["x.jpg", "y.jpg"] { try tree.write("aaa", name) }
      let known = try await tree.plan([]).applied(to: [])
      try TestFiles.write("bbb", to: "\(folder)/x.jpg")
      try TestFiles.setModified(known[0].modified, of: "\(folder)/x.jpg")
      let plan = try await tree.plan(known)
      #expect(plan.changed.map(\.to.hash) == [Digest.sha256("bbb")])
      #expect(plan.unchanged.map(\.to.id) == [ItemID("y")])
    }
  }

  @Test func `finds lost items of other places among new files, and removes none`() async throws {
    try await withTemporaryDirectory { folder in
      let tree = TestTree(folder)
      for name in ["a.jpg", "b.jpg", "new.jpg"] { try tree.write(name, name) }
      let listing = try await IngestSource.folder(folder).listing()
      let lost = ["a.jpg", "b.jpg", "gone.jpg"].map {
        KnownItem(
          id: ItemID("old/\($0)"), path: "/elsewhere/\($0)", hash: Digest.sha256($0), size: 5,
          modified: 1)
      }
      let plan = try await SyncPlan.make(
        source: listing, known: [], lost: lost, taken: Set(lost.map(\.id)))
      #expect(plan.renamed.map(\.to.id) == [ItemID("old/a.jpg"), ItemID("old/b.jpg")])
      #expect(plan.renamed.map(\.to.file.relativePath) == ["a.jpg", "b.jpg"])
      #expect(plan.new.map(\.id) == [ItemID("new")])
      #expect(plan.removed.isEmpty)
    }
  }

  @Test func `reads files that look the same only when told to`() async throws {
    try await withTemporaryDirectory { folder in
      let tree = TestTree(folder)
      try tree.write("aaa", "x.jpg")
      var known = try await tree.plan([]).applied(to: [])
      try TestFiles.write("bbb", to: "\(folder)/x.jpg")
      try TestFiles.setModified(known[0].modified, of: "\(folder)/x.jpg")
      // As an item from before times of status were kept.
      known[0].changed = nil
      #expect(try await tree.plan(known).isEmpty)
      let listing = try await IngestSource.folder(folder).listing()
      let plan = try await SyncPlan.make(source: listing, known: known, rehash: true)
      #expect(plan.changed.map(\.to.hash) == [Digest.sha256("bbb")])
    }
  }

  @Test func `keeps items whose files or folders could not be read`() async throws {
    try await withTemporaryDirectory { folder in
      let tree = TestTree(folder)
      for name in ["a/x.jpg", "ab/y.jpg", "z.jpg"] { try tree.write(name, name) }
      let known = try await tree.plan([]).applied(to: [])
      var listing = try await IngestSource.folder(folder).listing()
      listing.items.removeAll { $0.file.relativePath.hasPrefix("a") }
      listing.unreadablePaths = ["\(listing.root)/a"]
      tree.remove("z.jpg")
      listing.items[0].file.modified += 1
      let plan = try await SyncPlan.make(source: listing, known: known)
      #expect(plan.unreadable.map(\.id) == [ItemID("z"), ItemID("a/x")])
      #expect(plan.removed.map(\.id) == [ItemID("ab/y")])
      #expect(plan.issues.map(\.code) == [.unreadableFile])
      #expect(plan.issues.first?.reason.hasSuffix("No such file or directory") == true)
    }
  }

  @Test func `lets a manifest's ids say which item is which`() async throws {
    try await withTemporaryDirectory { folder in
      let tree = TestTree(folder)
      for name in ["a", "b", "c"] { try tree.write(name, "\(name).jpg") }
      let manifest = "\(folder)/list.csv"
      try TestFiles.write("id,path\n1,a.jpg\n2,b.jpg\n", to: manifest)
      let source = IngestSource.manifest(manifest)
      let known = try await SyncPlan.make(source: source.listing(), known: []).applied(to: [])
      #expect(known.map(\.id) == [ItemID("1"), ItemID("2")])

      try TestFiles.write("id,path\n1,b.jpg\n2,a.jpg\n3,c.jpg\n", to: manifest)
      let plan = try await SyncPlan.make(
        source: source.listing(), known: known, taken: [ItemID("3")])
      #expect(plan.changed.map(\.to.file.relativePath) == ["b.jpg", "a.jpg"])
      #expect(plan.new.isEmpty && plan.removed.isEmpty)
      #expect(plan.issues.map(\.code) == [.duplicateID])
    }
  }

  @Test func `keeps ids of the rest of the collection free`() async throws {
    try await withTemporaryDirectory { folder in
      let tree = TestTree(folder)
      try tree.write("1", "a.jpg")
      let plan = try await SyncPlan.make(
        source: IngestSource.folder(folder).listing(), known: [], taken: [ItemID("a")])
      #expect(plan.new.map(\.id) == [ItemID("a.jpg")])
    }
  }

  @Test func `reports progress up to the total, at any width`() async throws {
    try await withTemporaryDirectory { folder in
      let tree = TestTree(folder)
      for number in 0..<20 { try tree.write("\(number)", "\(number).jpg") }
      let listing = try await IngestSource.folder(folder).listing()
      for width in [0, 1, 3, 100] {
        let seen = Mutex<[Int]>([])
        let plan = try await SyncPlan.make(source: listing, known: [], width: width) { progress in
          seen.withLock { $0.append(progress.completed) }
        }
        #expect(plan.new.count == 20)
        #expect(seen.withLock(\.self) == Array(0...20))
      }
    }
  }

  @Test(.timeLimit(.minutes(10))) func `stops soon after it is cancelled`() async throws {
    try await withTemporaryDirectory { folder in
      // Sparse files whose reading would take minutes.
      for number in 0..<4 {
        let path = "\(folder)/\(number).jpg"
        try TestFiles.write("x", to: path)
        #expect(truncate(path, 1 << 38) == 0)
      }
      let listing = try await IngestSource.folder(folder).listing()
      let task = Task { try await SyncPlan.make(source: listing, known: []) }
      try await Task.sleep(for: .milliseconds(50))
      task.cancel()
      let result = await task.result
      let error = #expect(throws: ParallaxError.self) { try result.get() }
      #expect(error?.code == .cancelled)
      #expect(error?.message == "cancelled after reading 0 of 4 files")
    }
  }
}

extension SyncPlan {
  /// What a collection knows after the plan was carried out.
  fileprivate func applied(to known: [KnownItem]) -> [KnownItem] {
    var items = Dictionary(uniqueKeysWithValues: known.map { ($0.id, $0) })
    for item in removed { items[item.id] = nil }
    for change in changed + renamed + unchanged {
      #expect(items[change.from.id] == change.from)
      items[change.from.id] = change.to.known
    }
    for item in new {
      #expect(items.updateValue(item.known, forKey: item.id) == nil, "'\(item.id)' stands already")
    }
    return items.values.sorted { $0.id < $1.id }
  }
}

/// A folder of images together with what should be in it.
private final class TestTree {
  let root: String
  private(set) var files: [String: String] = [:]
  private var clock: Int64 = 1_000_000_000_000

  init(_ root: String) { self.root = root }

  func plan(
    _ known: [KnownItem], progress: ProgressHandler? = nil
  ) async throws -> SyncPlan {
    let listing = try await IngestSource.folder(root).listing()
    return try await SyncPlan.make(source: listing, known: known, progress: progress)
  }

  /// Writes a file with a modification time that no other write has.
  func write(_ text: String, _ name: String) throws {
    try TestFiles.write(text, to: "\(root)/\(name)")
    clock += 1
    try TestFiles.setModified(clock, of: "\(root)/\(name)")
    files[name] = text
  }

  func rename(_ old: String, _ new: String) {
    let parts = new.split(separator: "/")
    TestFiles.makeFolder(([root[...]] + parts.dropLast()).joined(separator: "/"))
    #expect(systemRename("\(root)/\(old)", "\(root)/\(new)") == 0)
    files[new] = files.removeValue(forKey: old)
  }

  func remove(_ name: String) {
    unlink("\(root)/\(name)")
    files[name] = nil
  }

  /// One random change: few names and few contents, so that they meet often.
  func act(_ generator: inout SeededGenerator) throws {
    let names = ["a.jpg", "a.png", "b.jpg", "c/a.jpg", "c/b.webp", "a.jpg.png"]
    let name = names.randomElement(using: &generator) ?? "a.jpg"
    let existing = files.keys.sorted().randomElement(using: &generator)
    switch (Int.random(in: 0..<4, using: &generator), existing) {
    case (0, let existing?): remove(existing)
    case (1, let existing?) where files[name] == nil: rename(existing, name)
    case (2, let existing?):
      clock += 1
      try TestFiles.setModified(clock, of: "\(root)/\(existing)")
    default: try write(["one", "two", "six"].randomElement(using: &generator) ?? "", name)
    }
  }
}

private func systemRename(_ old: String, _ new: String) -> Int32 { rename(old, new) }
