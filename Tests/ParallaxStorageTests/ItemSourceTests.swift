import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxStorage

/// Where items come from, and what became of the lines that said so before.
@Suite struct ItemSourceTests {
  private static let full = ItemSource(
    .manifest, path: "/data/list of all.csv", glob: "*.jpg", followsLinks: true,
    metadata: "/data/m.csv", key: "file", pathColumn: "p", idColumn: "i", textColumn: "t",
    delimiter: ";", kinds: ["year": .integer, "a=b": .text], lists: ["caption", "year"])

  @Test func `sources come back as given, in their order`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      let other = try workspace.createCollection(named: "other")
      let (a, b) = (ItemSource(.folder, path: "/a"), ItemSource(.folder, path: "/b", glob: "*.png"))
      for source in [a, Self.full, b] { try workspace.addSource(source, to: photos) }
      try workspace.addSource(a, to: other)
      #expect(try workspace.sources(of: photos) == [a, Self.full, b])
      // The same again changes nothing; another takes the place of those it replaces.
      try workspace.addSource(a, to: photos)
      #expect(try workspace.sources(of: photos) == [a, Self.full, b])
      let c = ItemSource(.folder, path: "/c")
      try workspace.addSource(c, to: photos, inPlaceOf: [b, Self.full])
      #expect(try workspace.sources(of: photos) == [a, c])
      try workspace.addSource(b, to: photos)
      try workspace.removeSources([c, Self.full], of: photos)
      #expect(try workspace.sources(of: photos) == [a, b])
      #expect(try workspace.sources(of: other) == [a])
      try workspace.dropCollection(named: "photos")
      let again = try workspace.createCollection(named: "photos")
      #expect(try workspace.sources(of: again).isEmpty)
      #expect(try workspace.check() == [])
    }
  }

  @Test func `a source that is no folder of files stays one`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      let sources = [
        ItemSource(.manifest, .addresses, path: "/list.csv"),
        ItemSource(.folder, .bucket, path: "s3://b/p", glob: "*.jpg"),
        ItemSource(.folder, .archives, path: "/shards"), ItemSource(.folder, path: "/shards"),
      ]
      for source in sources { try workspace.addSource(source, to: photos) }
      #expect(try workspace.sources(of: photos) == sources)
      try workspace.removeSources([sources[2]], of: photos)
      #expect(try workspace.sources(of: photos) == sources.filter { $0.origin != .archives })
      #expect(try workspace.check() == [])
    }
  }

  @Test func `what was learnt of far pictures is kept until no item has them`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      let kept = file("https://h/1.jpg")
      try workspace.apply([.insert(NewItem(id: "1", file: kept))], to: photos)
      func picture(_ state: FileState, tag: String?) -> FarPicture {
        FarPicture(
          path: state.path, tag: tag, modified: 5, size: state.size, hash: state.hash, width: 3,
          height: 4, format: "jpeg")
      }
      let gone = file("s3://b/2.jpg")
      let small = Thumbnail(jpeg: [1, 2], width: 1, height: 2)
      try workspace.keep(
        [picture(kept, tag: nil), picture(gone, tag: "x")],
        thumbnails: [kept.hash: small, gone.hash: small])
      try workspace.keep([picture(kept, tag: "y")], thumbnails: [kept.hash: small])
      #expect(try workspace.farPicture(at: kept.path) == picture(kept, tag: "y"))
      #expect(try workspace.thumbnail(of: gone.hash) == small)
      try workspace.forgetUnusedFarPictures()
      #expect(try workspace.farPicture(at: gone.path) == nil)
      #expect(try workspace.thumbnail(of: gone.hash) == nil)
      #expect(try workspace.thumbnail(of: kept.hash) == small)
      #expect(try workspace.check() == [])
    }
  }

  /// Lines of earlier versions, and what they mean.
  static let lines: [(line: String, source: ItemSource?)] = [
    ("ingest photos /a/b", ItemSource(.folder, path: "/a/b")),
    ("ingest 'photos' '/a b/it'\"'\"'s'", ItemSource(.folder, path: "/a b/it's")),
    (
      "ingest photos /a --meta '/a/\"m\".csv' --glob \"**/*.{jpg,png}\" --key \"my key\" --follow",
      ItemSource(
        .folder, path: "/a", glob: "**/*.{jpg,png}", followsLinks: true, metadata: "/a/\"m\".csv",
        key: "my key")
    ),
    (
      "ingest photos /list --path-column p --id-column i --text-column \"\\u{202E}t\\n\\t\\\\\\\"\\$\"",
      ItemSource(
        .manifest, path: "/list", pathColumn: "p", idColumn: "i", textColumn: "\u{202E}t\n\t\\\"$")
    ),
    (
      "ingest photos /a.tar.csv --delimiter tab --type year=integer --type \"a=b=text\" "
        + "--multi \"a,b\" --multi year",
      ItemSource(
        .manifest, path: "/a.tar.csv", delimiter: "\t", kinds: ["year": .integer, "a=b": .text],
        lists: ["a,b", "year"])
    ),
    (
      "ingest photos /a.csv --delimiter \";\"",
      ItemSource(.manifest, path: "/a.csv", delimiter: ";")
    ),
    ("ingest photos /a.csv --glob *.jpg", ItemSource(.folder, path: "/a.csv", glob: "*.jpg")),
    ("ingest photos /猫/e\u{301}.csv", ItemSource(.manifest, path: "/猫/e\u{301}.csv")),
    // What means nothing beside the rest was stored, too.
    ("ingest photos /a --key filename", ItemSource(.folder, path: "/a", key: "filename")),
    ("ingest photos", nil), ("ingest photos relative", nil), ("import photos /a", nil),
    ("ingest photos /a --key", nil), ("ingest photos /a --colour red", nil),
    ("ingest photos /a extra", nil), ("ingest photos /a --type year=number", nil),
    ("ingest photos /a --type =text", nil), ("ingest photos '/a", nil),
    ("ingest photos \"/a", nil), ("ingest photos \"/a\\x\"", nil), ("ingest photos \"/$a\"", nil),
    ("ingest photos $a", nil), ("ingest photos \"/\\u{FFFFFFFF}\"", nil),
    ("ingest photos /a | show", nil), ("\"ingest\" photos /a", nil),
    ("ingest photos /a \"--follow\"", nil),
  ]

  @Test(arguments: lines)
  func `a line of an earlier version is read`(line: String, source: ItemSource?) {
    #expect(EarlierSources.source(line) == source)
  }

  @Test(arguments: 1...6)
  func `sources of earlier versions become values, and nothing is lost`(version: Int) async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/old.parallax"
      try TestFiles.write("path\n", to: "\(folder)/list")
      do {
        let connection = try Connection(path: path, access: .create)
        try Schema(path: path, mode: .readWrite, migrations: Array(Migration.all.prefix(version)))
          .prepare(connection)
        try connection.runScript(
          """
          INSERT INTO collection (id, name, created) VALUES (1, 'photos', '2024-05-31T00:00:00Z'),
            (2, 'art', '2024-05-31T00:00:00Z');
          INSERT INTO setting (name, value) VALUES ('budget', '2'), ('sources.7', 'ingest x /a'),
            ('sources.1', 'ingest photos /b --multi caption
          ingest photos --moon
          ingest photos \(folder)'), ('sources.2', 'ingest art \(folder)/list');
          """)
      }
      let workspace = try Workspace(path: path)
      defer { workspace.close() }
      #expect(
        try workspace.sources(of: workspace.collection(named: "photos")) == [
          ItemSource(.folder, path: "/b", lists: ["caption"]),
          ItemSource(.line, path: "ingest photos --moon"),
          ItemSource(.folder, path: folder),
        ])
      // What is there tells what it is.
      #expect(
        try workspace.sources(of: workspace.collection(named: "art")) == [
          ItemSource(.manifest, path: "\(folder)/list")
        ])
      #expect(try workspace.settings().map(\.name) == ["budget"])
      #expect(try workspace.check() == [])
    }
  }
}
