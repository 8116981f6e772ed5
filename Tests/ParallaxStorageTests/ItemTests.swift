import ParallaxCore
import ParallaxDigest
import ParallaxStorage
import ParallaxTestSupport
import Testing

@Suite struct ItemTests {
  @Test func `collections are listed, found, described and dropped`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos", description: "night set")
      _ = try workspace.createCollection(named: "art")
      try workspace.apply([.insert(item("a")), .insert(item("b"))], to: photos)
      let space = try workspace.createSpace(named: "base", in: photos, spec: spec())
      try workspace.append("a", [1, 2, 3, 4], to: space)
      let listed = try workspace.collectionSummaries()
      #expect(listed.map(\.collection.name) == ["art", "photos"])
      #expect(listed.map(\.collection) == (try workspace.collections()))
      #expect(listed[1].itemCount == 2)
      #expect(listed[1].spaces == [space])
      #expect(listed[1].collection == photos)
      #expect(photos.description == "night set")
      #expect(listed.map(\.bytes) == [0, 16])
      #expect(photos.created.count == 20)
      try workspace.dropCollection(named: "photos")
      #expect(try workspace.collections().map(\.name) == ["art"])
      let error = parallaxError { try workspace.collection(named: "arts") }
      #expect(error?.hint == "did you mean 'art'?")
    }
  }

  @Test func `a collection dropped and made again shares nothing with the old one`() async throws {
    try await withWorkspace { workspace in
      let old = try workspace.createCollection(named: "photos")
      try workspace.apply([.insert(item("a", ["year": 2020]))], to: old)
      let space = try workspace.createSpace(named: "base", in: old, spec: spec())
      try workspace.append("a", [1, 2, 3, 4], to: space)
      let oldRow = try workspace.row("a", old).rowID
      try workspace.dropCollection(named: "photos")
      let new = try workspace.createCollection(named: "photos")
      try workspace.apply([.insert(item("a"))], to: new)
      #expect(try workspace.row("a", new).rowID > oldRow)
      #expect(try workspace.fields(in: new).isEmpty)
      #expect(try workspace.spaces(in: new).isEmpty)
    }
  }

  @Test func `items come back as given, ordered by the bytes of their ids`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      let ids = ["b", "a/z", "Z", "é", "a", "猫", "a b", "10", "9", "\u{1F408}"]
      let full = NewItem(
        id: "full", file: file("full.jpg", width: 640), text: "a 'quoted' caption; DROP TABLE item")
      try workspace.apply((ids.map { item($0) } + [full]).map(ItemChange.insert), to: photos)
      let items = try workspace.items(in: photos)
      #expect(items.map(\.id) == (ids + ["full"]).map { ItemID($0) }.sorted())
      let stored = try workspace.row("full", photos)
      #expect(stored.path == "full.jpg")
      #expect(stored.hash == Digest.sha256("full.jpg"))
      #expect((stored.size, stored.modified) == (8, 1_700_000_000_000_000_000))
      #expect((stored.width, stored.height) == (640, 1280))
      #expect(stored.format == "jpeg")
      #expect(stored.text == "a 'quoted' caption; DROP TABLE item")
      #expect(try workspace.item("none", in: photos) == nil)
    }
  }

  @Test func `every kind of change is made and counted`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply(["a", "b", "c"].map { .insert(item($0, ["n": 1])) }, to: photos)
      let kept = try workspace.row("b", photos)
      let counts = try workspace.apply(
        [
          .insert(item("d")), .update("a", file("a.jpg", content: "new")),
          .rename(from: "b", to: "e", path: "sub/e.jpg"), .remove("c"),
          .setMetadata("d", ["n": 5]), .setText("e", "moved"),
        ], to: photos)
      #expect(
        counts == ChangeCounts(inserted: 1, updated: 1, renamed: 1, removed: 1, annotated: 2))
      #expect(try workspace.items(in: photos).map(\.id.rawValue) == ["a", "d", "e"])
      #expect(try workspace.row("a", photos).hash == Digest.sha256("new"))
      let moved = try workspace.row("e", photos)
      #expect(moved.rowID == kept.rowID)
      #expect(moved.path == "sub/e.jpg")
      #expect(moved.text == "moved")
      #expect(try workspace.metadata(for: ["n"], in: photos) == [[1, 5, 1]])
    }
  }

  @Test func `items exchange names, and a freed name is taken in the same call`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply(["a", "b", "c"].map { .insert(item($0)) }, to: photos)
      let (a, b) = (try workspace.row("a", photos), try workspace.row("b", photos))
      try workspace.apply(
        [
          .insert(item("c", content: "another")), .rename(from: "a", to: "b", path: "b.jpg"),
          .rename(from: "b", to: "a", path: "a.jpg"), .remove("c"),
        ], to: photos)
      #expect(try workspace.row("a", photos).rowID == b.rowID)
      #expect(try workspace.row("b", photos).rowID == a.rowID)
      #expect(try workspace.row("c", photos).hash == Digest.sha256("another"))
    }
  }

  @Test(arguments: [
    ItemChange.insert(item("a")), .remove("x"), .update("x", file("x.jpg")),
    .rename(from: "x", to: "y", path: ""), .rename(from: "b", to: "a", path: ""),
    .setMetadata("x", [:]), .setText("x", nil), .insert(item("")), .insert(item("a\0b")),
    .insert(item("z", ["": 1])),
  ])
  func `one impossible change undoes the whole call`(_ change: ItemChange) async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply(["a", "b", "c"].map { .insert(item($0)) }, to: photos)
      let before = try workspace.items(in: photos)
      let error = parallaxError {
        try workspace.apply([.insert(item("new")), .remove("c"), change], to: photos)
      }
      let codes: [ParallaxError.Code] = [.unknownName, .alreadyExists, .invalidValue]
      #expect(error.map { codes.contains($0.code) } == true)
      #expect(try workspace.items(in: photos) == before)
    }
  }

  @Test(arguments: ["", "a b", "1st", "a@b", "-x", "a/b", String(repeating: "a", count: 65)])
  func `a name that cannot be typed bare is refused`(_ name: String) async throws {
    try await withWorkspace { workspace in
      let error = parallaxError { try workspace.createCollection(named: name) }
      #expect(error?.code == .invalidValue)
      _ = try workspace.createCollection(named: "写真-2024_a.b")
    }
  }
}
