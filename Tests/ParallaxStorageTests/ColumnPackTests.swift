import ParallaxConditions
import ParallaxCore
import ParallaxSystem
import ParallaxTestSupport
import Testing

@testable import ParallaxStorage

/// Columns as bytes: what comes back, what is refused, and that no old state is served.
@Suite struct ColumnPackTests {
  private static func unpacked(_ bytes: [UInt8]) -> WhereColumn? {
    let memory = LargeMemory(count: bytes.count)
    bytes.withUnsafeBytes { memory.bytes.copyMemory(from: $0) }
    return ColumnPack.column(in: memory, count: bytes.count)
  }

  /// What a column says of each cell.
  private static func cells(_ column: WhereColumn) -> [String?] {
    (0..<column.count).map { cell in
      guard column.known.isEmpty || column.known[cell >> 6] & 1 << UInt64(cell & 63) != 0 else {
        return nil
      }
      return switch column.cells {
      case .integers(let values): "\(values[cell])"
      case .reals(let values): "\(values[cell])"
      case .texts(let texts): texts.withCells { String(decoding: $0(cell), as: UTF8.self) }
      }
    }
  }

  private static let examples: [WhereColumn] = [
    WhereColumn([.integer(1), .null, .integer(.min), .integer(.max)], .integer),
    WhereColumn([.boolean(true), .boolean(false), .null], .boolean),
    WhereColumn([.real(-0.5), .integer(7), .null], .real),
    WhereColumn([.text("a"), .text(""), .null, .text("a"), .text("猫")], .text),
    WhereColumn([], .text), WhereColumn([], .real),
    WhereColumn((0..<200).map { $0 % 3 == 0 ? .null : .text("\($0 % 7)") }, .text),
  ]

  @Test(arguments: examples.indices)
  func `a column comes back as it was packed`(_ example: Int) throws {
    var column = Self.examples[example]
    for owners in [nil, Array(repeating: 3, count: column.count)] {
      column.owners = owners
      let back = try #require(Self.unpacked(ColumnPack.packed(column)))
      #expect(Self.cells(back) == Self.cells(column))
      #expect(back.known == column.known && back.owners == column.owners)
    }
  }

  @Test func `texts that hardly repeat are kept one a cell`() throws {
    let texts = (0..<70_000).map { "text \($0 % 66_000)" }
    var builder = TextCellsBuilder()
    for text in texts {
      var text = text
      text.withUTF8 { builder.append($0) }
    }
    builder.skip(to: texts.count + 2)
    let cells = builder.cells
    #expect(cells.codes == nil && cells.count == texts.count + 2)
    cells.withCells { cell in
      for (place, text) in (texts + ["", ""]).enumerated() where place % 997 == 0 || place > 65_000
      {
        #expect(cell(place).elementsEqual(text.utf8))
      }
    }
  }

  @Test func `bytes that nothing wrote are refused or read within bounds`() {
    var random = SeededGenerator(seed: 5)
    for example in Self.examples {
      let bytes = ColumnPack.packed(example)
      for count in 0..<bytes.count { #expect(Self.unpacked(Array(bytes[..<count])) == nil) }
      for _ in 0..<400 {
        var changed = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          changed[Int.random(in: 0..<changed.count, using: &random)] =
            [0, 1, 0x7F, 0x80, 0xFF]
            .randomElement(using: &random) ?? 0
        }
        if let column = Self.unpacked(changed) { _ = Self.cells(column) }
      }
    }
  }

  /// Changes what the rows hold and leaves the seals: whoever reads the rows sees it.
  private static func tamper(_ path: String) throws {
    let connection = try Connection(path: path, access: .write)
    try connection.run("UPDATE metadata SET value = 5 WHERE typeof(value) = 'integer'")
  }

  @Test func `a pack is read instead of the rows, by every process`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply([.insert(item("a", ["year": 1])), .insert(item("b"))], to: photos)
      try workspace.packColumns(of: photos, from: 1)
      try Self.tamper(workspace.path)
      let reader = try Workspace(path: workspace.path, mode: .readOnly)
      defer { reader.close() }
      #expect(try reader.ids(in: photos, matching: "year = 1") == ["a"])
    }
  }

  @Test func `a pack of another state is not used`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply(
        [.insert(item("a", ["year": 1, "tag": "x"])), .insert(item("b")), .insert(item("c"))],
        to: photos)
      func check(_ expected: [String], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let reader = try Workspace(path: workspace.path, mode: .readOnly)
        defer { reader.close() }
        for side in [workspace, reader] {
          let found = try side.ids(in: photos, matching: "year = 1 or width = 640")
          #expect(found == expected, sourceLocation: sourceLocation)
        }
      }
      try check(["a"])
      try workspace.packColumns(of: photos, from: 1)
      try check(["a"])
      try workspace.apply([.setMetadata("b", ["year": 1])], to: photos)
      try check(["a", "b"])
      try workspace.packColumns(of: photos, from: 1)
      try workspace.apply([.remove("a"), .insert(item("d", ["year": 1]))], to: photos)
      try check(["b", "d"])
      try workspace.packColumns(of: photos, from: 1)
      try workspace.apply([.update("c", file("c.jpg", width: 640))], to: photos)
      try check(["b", "c", "d"])
      // Another kind: the same numbers are texts now.
      try workspace.packColumns(of: photos, from: 1)
      try workspace.declare(
        [FieldDeclaration(name: "year", kind: .text, isFixed: true)], in: photos)
      #expect(try workspace.ids(in: photos, matching: "year = '1'") == ["b", "d"])
      #expect(try workspace.check().isEmpty)
    }
  }

  @Test func `a damaged pack is found, and the rows are read instead`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply([.insert(item("a", ["year": 1])), .insert(item("b"))], to: photos)
      try workspace.packColumns(of: photos, from: 1)
      let connection = try Connection(path: workspace.path, access: .write)
      try connection.run("UPDATE column_pack SET cells = zeroblob(length(cells))")
      let reader = try Workspace(path: workspace.path, mode: .readOnly)
      defer { reader.close() }
      #expect(try reader.ids(in: photos, matching: "year = 1") == ["a"])
      let faults = try workspace.check()
      #expect(faults.map(\.part) == ["the packed columns of 'photos'"])
      // What is packed again is whole.
      workspace.forgetColumns(of: photos)
      try workspace.packColumns(of: photos, from: 1)
      #expect(try workspace.check().isEmpty)
    }
  }

  @Test func `a pack of more keys than the file could hold is not believed`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply([.insert(item("a", ["year": 1])), .insert(item("b"))], to: photos)
      try workspace.packColumns(of: photos, from: 1)
      let keys: [Int64] = [1, 2_000_000_000]
      let cells = ColumnPack.packed(WhereColumn(cells: .integers(CellArray(keys)), known: []))
      let connection = try Connection(path: workspace.path, access: .write)
      try connection.run(
        "UPDATE column_pack SET cells = ?, checksum = ? WHERE subject = ?",
        [
          .blob(cells), .integer(cells.withUnsafeBytes { ColumnPack.checksum($0) }),
          .text(WhereColumnCache.Subject.keys.name),
        ])
      #expect(try connection.integer("SELECT changes()") == 1)
      let reader = try Workspace(path: workspace.path, mode: .readOnly)
      defer { reader.close() }
      #expect(try reader.ids(in: photos, matching: "year = 1") == ["a"])
    }
  }

  @Test func `the columns of a collection go with it, and their memory when it is given back`()
    async throws
  {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply([.insert(item("a", ["year": 1]))], to: photos)
      #expect(try workspace.ids(in: photos, matching: "year = 1") == ["a"])
      #expect(workspace.columnBytes(of: photos) > 0)
      workspace.forgetColumns(of: photos)
      #expect(workspace.columnBytes(of: photos) == 0)
      try workspace.packColumns(of: photos, from: 1)
      try workspace.dropCollection(named: "photos")
      #expect(try workspace.read { try $0.integer("SELECT count(*) FROM column_pack") } == 0)
    }
  }
}
