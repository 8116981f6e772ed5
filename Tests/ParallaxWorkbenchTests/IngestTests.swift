import ParallaxCore
import ParallaxIngest
import ParallaxStorage
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxWorkbench

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Reading sources into a collection, without a command line.
@Suite struct IngestTests {
  @Test func `a folder comes in, and again it is as it was`() async throws {
    try await IngestBench.inNewFolder { bench in
      try bench.pictures(["in/1.jpg": "mug-001", "in/sub/2.jpg": "mug-002"])
      try bench.write("no picture", to: "in/broken.jpg")
      var terms = IngestTerms()
      terms.isDryRun = true
      let rehearsal = try await bench.ingest("in", terms)
      #expect(rehearsal.counts == [2, 0, 0, 0, 0])
      #expect(try bench.ids.isEmpty)
      #expect(try bench.sources.isEmpty)

      let seen = Mutex<Set<String>>([])
      let outcome = try await bench.bench.ingest(bench.options("in"), into: bench.collection) {
        if case .progress(let progress) = $0 { seen.withLock { _ = $0.insert(progress.unit) } }
      }
      #expect(outcome.counts == [2, 0, 0, 0, 0])
      #expect(outcome.unreadable.count == 1)
      #expect(outcome.problems.map(\.severity) == ["error"])
      #expect(outcome.warnings.first?.hasPrefix("an image cannot be read and was left out") == true)
      #expect(seen.withLock { $0.isSuperset(of: ["images", "changes"]) })
      #expect(try bench.ids == ["1", "sub/2"])
      let item = try bench.bench.workspace.items(in: bench.collection)[0]
      #expect(item.format == "jpeg" && item.width != nil && item.changed != nil)
      #expect(try bench.sources == [ItemSource(.folder, path: "\(bench.folder)/in")])

      unlink("\(bench.folder)/in/broken.jpg")
      #expect(try await bench.ingest("in").counts == [0, 0, 0, 0, 2])
      #expect(try bench.sources.count == 1)
    }
  }

  @Test func `a table gives images their metadata and texts`() async throws {
    try await IngestBench.inNewFolder { bench in
      try bench.pictures(["in/1.jpg": "mug-001", "in/2.jpg": "mug-002"])
      try bench.write("file;year;words\n1.jpg;2020;red\n2.jpg;n/a;blue\n", to: "list.txt")
      try bench.write("path,name,kept,text\nin/1.jpg,one,5,first\nin/2.jpg,two,6,\n", to: "m.csv")
      let outcome = try await bench.ingest("in") {
        $0.metadata = "\(bench.folder)/list.txt"
        $0.key = "file"
        $0.kinds = [("year", .integer)]
        $0.lists = ["words"]
        $0.delimiter = ";"
      }
      #expect(outcome.counts[0] == 2)
      let workspace = bench.bench.workspace
      let fields = try workspace.fields(in: bench.collection)
      #expect(fields.map(\.name) == ["year", "words"])
      #expect(fields.map(\.kind) == [.integer, .text])
      #expect(fields.map(\.isList) == [false, true])
      let source = try #require(try bench.sources.first)
      #expect(source.metadata == "\(bench.folder)/list.txt")
      #expect((source.key, source.delimiter) == ("file", ";"))
      #expect((source.kinds, source.lists) == (["year": .integer], ["words"]))

      // A manifest describes its own images.
      let listed = try await bench.ingest("m.csv") {
        $0.columns = ManifestColumns(path: "path", id: "name", text: "text")
      }
      #expect(listed.counts[0] == 2)
      #expect(try bench.ids == ["1", "2", "one", "two"])
      #expect(try workspace.items(in: bench.collection).map(\.text) == [nil, nil, "first", nil])
      #expect(try bench.sources.map(\.kind) == [.folder, .manifest])
    }
  }

  /// Tables beside pictures 1.jpg and 2.jpg, and what is said of them.
  private static let tables: [(table: String, sentence: String)] = [
    (
      "file,caption\n1.jpg,x\n1.jpg,y\n2.jpg,z\n",
      "1 of 3 rows of m.csv were not used: their image has a row already (from line 3 on; "
        + "--multi caption keeps them)"
    ),
    (
      "file,n\n1.jpg,1\n2.jpg,2\nno.jpg,3\nnor.jpg,4\n",
      "2 of 4 rows of m.csv were not used: they name no image (first 'no.jpg', line 4)"
    ),
    (
      "file,n\nno.jpg,1\n",
      "no row of m.csv matches an image: keys look like 'no.jpg', images like '1.jpg'"
    ),
    ("file,n\n1.jpg,1\n", "1 of 2 images have no row in m.csv (first '2')"),
    (
      "file,n\n,1\n1.jpg,2\n2.jpg,3\n",
      "1 of 3 rows of m.csv were not used: their key is empty (first line 2)"
    ),
    (
      "file,n\n1.jpg,1,2\n2.jpg\n",
      "m.csv, line 2: the row has 3 cells; the header has 2 (and 1 more of this kind)"
    ),
  ]

  @Test(arguments: tables)
  func `what a table leaves out is said in one sentence and listed`(
    table: String, sentence: String
  ) async throws {
    try await IngestBench.inNewFolder { bench in
      try bench.pictures(["in/1.jpg": "mug-001", "in/2.jpg": "mug-002"])
      try bench.write(table, to: "m.csv")
      let outcome = try await bench.ingest("in") {
        $0.metadata = "\(bench.folder)/m.csv"
        $0.key = "file"
      }
      #expect(outcome.warnings == [sentence])
      #expect(!outcome.problems.isEmpty)
    }
  }

  @Test func `values that do not fit a kind chosen later are counted`() async throws {
    try await IngestBench.inNewFolder { bench in
      try bench.pictures(["in/1.jpg": "mug-001", "in/2.jpg": "mug-002"])
      try bench.write("file,n\n1.jpg,x\n2.jpg,y\n", to: "m.csv")
      try await bench.ingest("in") { $0.metadata = "\(bench.folder)/m.csv" }
      try bench.write("file,n\n1.jpg,1\n", to: "k.csv")
      let outcome = try await bench.ingest("in") {
        $0.metadata = "\(bench.folder)/k.csv"
        $0.kinds = [("n", .integer)]
      }
      #expect(
        outcome.warnings.contains(
          "2 values of 'n' from before do not fit its new kind: they keep their texts and count as "
            + "empty in --where"), "\(outcome.warnings)")
    }
  }

  @Test func `strict refuses before the first source is applied`() async throws {
    try await IngestBench.inNewFolder { bench in
      try bench.pictures(["a/1.jpg": "mug-001", "b/2.jpg": "mug-002"])
      try await bench.ingest("a")
      try await bench.ingest("b")
      try bench.pictures(["a/3.jpg": "mug-003"])
      try bench.write("no picture", to: "b/broken.jpg")
      let error = await parallaxError { _ = try await bench.sync { $0.ingest.isStrict = true } }
      #expect(error?.code == .strictWarning)
      #expect(error?.hint == "nothing was changed")
      #expect(try bench.ids == ["1", "2"])
      #expect(try await bench.sync().counts == [1, 0, 0, 0, 2])
    }
  }

  @Test func `two collections are read at the same time`() async throws {
    try await IngestBench.inNewFolder { bench in
      let names = ["mug-001", "mug-002", "mug-003", "mug-004"]
      for name in names { try bench.pictures(["in/\(name).jpg": name]) }
      let other = try bench.bench.workspace.createCollection(named: "d")
      async let first = bench.ingest("in")
      async let second = bench.bench.ingest(bench.options("in"), into: other) { _ in }
      #expect(try await [first.counts, second.counts] == [[4, 0, 0, 0, 0], [4, 0, 0, 0, 0]])
      #expect(try bench.ids == names)
      #expect(try bench.bench.workspace.items(in: other).map(\.id.rawValue) == names)
    }
  }

  @Test func `a cancelled ingest keeps what was committed`() async throws {
    try await IngestBench.inNewFolder { bench in
      try bench.pictures(["in/1.jpg": "mug-001"])
      let task = Task {
        while !Task.isCancelled { await Task.yield() }
        return try await bench.ingest("in")
      }
      task.cancel()
      await #expect(throws: (any Error).self) { try await task.value }
      #expect(try bench.ids.isEmpty)
      #expect(try await bench.ingest("in").counts[0] == 1)
    }
  }

  // MARK: What is asked

  /// What is asked in a folder with pictures in `in`, a table `m.csv` and a text `in/notes`, and which
  /// parameter an error names.
  private static let mistakes:
    [(change: @Sendable (inout IngestOptions) -> Void, parameter: String)] = [
      ({ $0.path += "/gone" }, "PATH"), ({ $0.path += "/gone/*.jpg" }, "PATH"),
      ({ $0.path += "/in/[" }, "PATH"), ({ $0.metadata = "/no/such.csv" }, "meta"),
      (
        {
          $0.path += "/in/*.jpg"
          $0.pattern = "*.png"
        }, "glob"
      ),
      (
        {
          $0.path += "/m.csv"
          $0.pattern = "*.jpg"
        }, "glob"
      ),
      (
        {
          $0.path += "/m.csv"
          $0.followsLinks = true
        }, "follow"
      ),
      (
        {
          $0.path += "/in"
          $0.key = "file"
        }, "key"
      ),
      (
        {
          $0.path += "/in"
          $0.kinds = [("year", .integer)]
        }, "type"
      ),
      (
        {
          $0.path += "/in"
          $0.lists = ["caption"]
        }, "multi"
      ),
      (
        {
          $0.path += "/in"
          $0.delimiter = ";"
        }, "delimiter"
      ),
      (
        {
          $0.path += "/in"
          $0.columns.path = "file"
        }, "path-column"
      ),
      (
        {
          $0.path += "/in"
          $0.columns.id = "file"
        }, "id-column"
      ),
      (
        {
          $0.path += "/in"
          $0.columns.text = "file"
        }, "text-column"
      ),
    ]

  @Test(arguments: mistakes.indices)
  func `an error names what is at fault`(index: Int) async throws {
    let (change, parameter) = Self.mistakes[index]
    try await withTemporaryDirectory { folder in
      try TestFiles.write("file,n\n1.jpg,1\n", to: "\(folder)/m.csv")
      try TestFiles.write("x", to: "\(folder)/in/notes")
      var options = IngestOptions(path: folder)
      change(&options)
      let error = #expect(throws: ParallaxError.self) { try options.source() }
      #expect(error?.parameter?.name == parameter, "\(String(describing: error))")
    }
  }

  @Test func `columns are sought in the table that is meant`() async throws {
    try await withTemporaryDirectory { folder in
      try TestFiles.write("file,n\n1.jpg,1\n", to: "\(folder)/m.csv")
      TestFiles.makeFolder("\(folder)/in")
      var described = IngestOptions(path: "\(folder)/in")
      described.metadata = "\(folder)/m.csv"
      (described.key, described.kinds, described.lists) = ("file", [("n", .integer)], ["n"])
      try described.checkColumns()
      described.lists = ["n", "m"]
      var error = #expect(throws: ParallaxError.self) { try described.checkColumns() }
      #expect(error?.parameter == .init(name: "multi", index: 1))
      var manifest = IngestOptions(path: "\(folder)/m.csv")
      manifest.columns = ManifestColumns(path: "file", id: "n")
      try manifest.checkColumns()
      manifest.columns.text = "caption"
      error = #expect(throws: ParallaxError.self) { try manifest.checkColumns() }
      #expect(error?.parameter?.name == "text-column")
    }
  }

  @Test func `a path means a folder, a table, a pattern or one image`() async throws {
    try await withTemporaryDirectory { folder in
      for name in ["in/a[1].jpg", "in/sub/b.jpg", "list.csv", "table"] {
        try TestFiles.write("x", to: "\(folder)/\(name)")
      }
      symlink("in", "\(folder)/link")
      func source(_ path: String) throws -> ItemSource {
        try IngestOptions(path: "\(folder)/\(path)").source()
      }
      #expect(try source("in/../in") == ItemSource(.folder, path: "\(folder)/in"))
      #expect(try source("link") == ItemSource(.folder, path: "\(folder)/in"))
      #expect(try source("list.csv") == ItemSource(.manifest, path: "\(folder)/list.csv"))
      #expect(try source("table").kind == .manifest)
      #expect(
        try source("in/**/*.jpg") == ItemSource(.folder, path: "\(folder)/in", glob: "**/*.jpg"))
      #expect(
        try source("in/a[1].jpg")
          == ItemSource(.folder, path: "\(folder)/in", glob: "a\\[1\\].jpg"))
      #expect(IngestOptions.fileOrFolder(of: "\(folder)/in/*.jpg") == "\(folder)/in")
      #expect(IngestOptions.fileOrFolder(of: "\(folder)/in/a[1].jpg") == "\(folder)/in/a[1].jpg")
      #expect(IngestOptions.fileOrFolder(of: "*.jpg") == ".")
      #expect(IngestOptions.fileOrFolder(of: "/*.jpg") == "/")
    }
  }
}
