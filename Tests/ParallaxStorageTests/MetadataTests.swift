import ParallaxCore
import ParallaxStorage
import ParallaxTestSupport
import Testing

@Suite struct MetadataTests {
  /// What a field holds after each value in turn, set on items a, b, c…
  private func stored(_ values: [Value]) async throws -> (kind: ValueKind?, values: [Value]) {
    var result: (ValueKind?, [Value]) = (nil, [])
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      for (index, value) in values.enumerated() {
        try workspace.apply([.insert(item("\(index)", ["f": value, "other": 1]))], to: photos)
      }
      let fields = try workspace.fieldKinds(in: photos)
      result = (
        fields.first { $0.name == "f" }?.kind,
        fields.contains { $0.name == "f" }
          ? try workspace.metadata(for: ["f"], in: photos)[0] : []
      )
    }
    return result
  }

  @Test(arguments: [
    ([Value.integer(1), .integer(.max), .integer(.min)], ValueKind.integer, nil as [Value]?),
    ([.real(0.1), .real(-.infinity), .real(.leastNonzeroMagnitude)], .real, nil),
    ([.boolean(true), .null, .boolean(false)], .boolean, nil),
    ([.date("2024-05-31"), .date("2023-01-01T00:00:00Z")], .date, nil),
    ([.text(""), .text("ümläut\n'\""), .null], .text, nil),
    ([.integer(3), .real(2.5)], .real, [.integer(3), .real(2.5)]),
    ([.real(2.5), .integer(3)], .real, [.real(2.5), .integer(3)]),
    ([.integer(3), .text("x")], .text, [.text("3"), .text("x")]),
    ([.text("x"), .real(2.5), .boolean(true)], .text, [.text("x"), .text("2.5"), .text("true")]),
    ([.date("2024-05-31"), .text("then")], .text, [.text("2024-05-31"), .text("then")]),
    ([.boolean(true), .integer(2)], .text, [.text("true"), .text("2")]),
    ([.real(.nan), .real(1)], .real, [.null, .real(1)]),
  ])
  func `a field has one kind, which widens`(
    values: [Value], kind: ValueKind, expected: [Value]?
  ) async throws {
    let stored = try await stored(values)
    #expect(stored.kind == kind)
    #expect(stored.values == expected ?? values)
  }

  @Test func `null makes no field and takes a value away`() async throws {
    #expect(try await stored([.null]).kind == nil)
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply([.insert(item("a", ["x": 1, "y": "t"]))], to: photos)
      try workspace.apply([.setMetadata("a", ["x": .null])], to: photos)
      let row = try workspace.row("a", photos).rowID
      #expect(try workspace.metadata(of: [row], in: photos) == [["y": "t"]])
    }
  }

  @Test func `items have their fields in any order, also when they are asked for twice`()
    async throws
  {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      let values = (0..<300).map { index -> [String: Value] in
        var values: [String: Value] = [:]
        if !index.isMultiple(of: 3) { values["n"] = .integer(Int64(index)) }
        if index.isMultiple(of: 5) {
          values["tags"] = .list((0...(index % 4)).map { .text("t\($0)") })
        }
        return values
      }
      try workspace.apply(
        values.enumerated().map { .insert(item("\($0.offset)", $0.element)) }, to: photos)
      var random = SeededGenerator(seed: 7)
      let asked = (0..<500).map { _ in Int.random(in: 0..<300, using: &random) }
      let rows = try asked.map { try workspace.row("\($0)", photos).rowID }
      let found = try workspace.metadata(of: rows, in: photos)
      #expect(found == asked.map { values[$0] })
      let tags = try workspace.metadata(of: rows, in: photos, named: ["tags"])
      #expect(tags == asked.map { values[$0].filter { $0.key == "tags" } })
      #expect(try workspace.metadata(of: [], in: photos).isEmpty)
    }
  }

  @Test func `a summary counts, bounds and finds extremes`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      let items = (0..<1_500).map { index in
        item(
          "\(index)",
          [
            "n": .integer(Int64(index)), "even": .boolean(index.isMultiple(of: 2)),
            "third": index.isMultiple(of: 3) ? .text("t\(index % 7)") : .null,
          ])
      }
      try workspace.apply(items.map(ItemChange.insert), to: photos)
      let fields = try workspace.fields(in: photos)
      #expect(fields.map(\.name) == ["even", "n", "third"])
      #expect(fields.map(\.kind) == [.boolean, .integer, .text])
      #expect(fields.map(\.count) == [1_500, 1_500, 500])
      #expect(fields.map(\.nulls) == [0, 0, 1_000])
      #expect(fields.map(\.distinct) == [2, nil, 7])
      #expect(fields.map(\.minimum) == [false, 0, "t0"])
      #expect(fields.map(\.maximum) == [true, 1_499, "t6"])
    }
  }

  @Test func `columns align with the items and know built-in fields`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply(
        [
          .insert(item("b", ["width": "wide"])),
          .insert(NewItem(id: "a", file: file("a.jpg", width: 64), text: "caption")),
        ], to: photos)
      let columns = try workspace.metadata(
        for: ["id", "width", "item.width", "text", "format"], in: photos)
      #expect(
        columns == [
          ["a", "b"], [.null, "wide"], [64, .null], ["caption", .null], ["jpeg", "jpeg"],
        ])
      let error = parallaxError { try workspace.metadata(for: ["widht"], in: photos) }
      #expect(error?.code == .unknownField)
      #expect(error?.hint == "did you mean 'width'?")
    }
  }

  @Test func `settings are set, replaced and taken away`() async throws {
    try await withWorkspace { workspace in
      #expect(try workspace.setting(named: "show.rows") == nil)
      try workspace.setSetting("show.rows", to: "5")
      try workspace.setSetting("show.rows", to: "6")
      try workspace.setSetting("images", to: "off")
      #expect(try workspace.settings().map(\.name) == ["images", "show.rows"])
      #expect(try workspace.setting(named: "show.rows") == "6")
      try workspace.setSetting("show.rows", to: nil)
      #expect(try workspace.setting(named: "show.rows") == nil)
    }
  }

  @Test func `times are ISO 8601 in UTC`() async throws {
    try await withWorkspace { workspace in
      let created = try workspace.createCollection(named: "photos").created
      let shape = created.map { $0.isNumber ? "0" : $0 }
      #expect(String(shape) == "0000-00-00T00:00:00Z")
      #expect(created > "2024")
    }
  }
}
