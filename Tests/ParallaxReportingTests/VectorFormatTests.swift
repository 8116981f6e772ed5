import ParallaxCore
import ParallaxSystem
import ParallaxTestSupport
import Testing

@testable import ParallaxReporting

/// Files of vectors for other tools.
@Suite struct VectorFormatTests {
  /// The numbers of `make_vectors.py`.
  private static let rows: [[Float]] = [
    [0.6, 0.8, 0, -0.0], [1e-38, -1.5, 65_504, 6e-8], [0x1p-24, -0x1p-14, 1 / 3, 2_048],
  ]

  private static func set(_ ids: [String], _ rows: [[Float]] = rows) -> VectorSet {
    let matrix = VectorMatrix(rowCount: rows.count, dimension: 4) { values in
      for (place, number) in rows.joined().enumerated() { values[place] = number }
    }
    return VectorSet(
      ids: ids.map { ItemID($0) }, matrix: matrix,
      columns: [.init("id", .text), .init("a\tb", .text), .init("n", .integer)],
      rows: ids.map { [.text($0), .text("say \"x\"\t\n猫🐈\\"), .null] })
  }

  /// What is written, by the end of the name.
  private static func written(
    _ format: any VectorFormat.Type, _ set: VectorSet, to name: String
  ) async throws -> [String: [UInt8]] {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/\(name)"
      try FileWriter().write(format.files(of: set, at: path), replace: false)
      let paths = [path] + format.besides(path)
      return Dictionary(
        uniqueKeysWithValues: try paths.map {
          (String($0.dropFirst(folder.count + 1)), try TestFiles.bytes(of: $0))
        })
    }
  }

  @Test func `an array has the bytes that NumPy writes`() async throws {
    let files = try await Self.written(
      NPYVectors.self, Self.set(["a b", "\"q\"", "猫/🐈"]), to: "v.npy")
    let fixture =
      "\(TestData.packageRoot)/Tests/ParallaxIngestTests/Fixtures/vectors/f4.npy"
    #expect(try files["v.npy"] == TestFiles.bytes(of: fixture))
    #expect(files["v.ids.txt"] == Array("a b\n\"q\"\n猫/🐈\n".utf8))
    let none = try await Self.written(NPYVectors.self, Self.set([], []), to: "v.npy")
    #expect(none["v.npy"]?.count == 128 && none["v.ids.txt"] == [])
  }

  @Test func `an id that is no line is refused`() async {
    for id in ["a\nb", "a\r", ""] {
      let error = await #expect(throws: ParallaxError.self) {
        try await Self.written(NPYVectors.self, Self.set(["a", id, "b"]), to: "v.npy")
      }
      #expect(error?.code == .unsupported)
    }
  }

  @Test func `the Projector gets numbers without a header and metadata with one`() async throws {
    var set = Self.set(["a", "b", "c"])
    let files = try await Self.written(ProjectorVectors.self, set, to: "v.TSV")
    let numbers = String(decoding: files["v.TSV"] ?? [], as: UTF8.self)
    #expect(numbers.hasPrefix("0.6\t0.8\t0.0\t-0.0\n1e-38\t-1.5\t65504.0\t6e-08\n"), "\(numbers)")
    let metadata = String(decoding: files["v.metadata.tsv"] ?? [], as: UTF8.self)
    #expect(
      metadata.hasPrefix("id\ta\\tb\tn\na\tsay \"x\"\\t\\n猫🐈\\\\\t\nb\t"), "\(metadata)")
    set.columns = [set.columns[0]]
    set.rows = set.rows.map { [$0[0]] }
    let single = try await Self.written(ProjectorVectors.self, set, to: "v.tsv")["v.metadata.tsv"]
    #expect(single == Array("a\nb\nc\n".utf8))
  }

  @Test func `an ending chooses one form, and each ending is another's`() {
    for format in VectorFormatRegistry.all {
      #expect(VectorFormatRegistry.format(forPath: "x.\(format.fileExtension)")?.id == format.id)
      #expect(VectorFormatRegistry.endings.contains(".\(format.fileExtension)"))
      #expect(!format.summary.isEmpty)
    }
    #expect(
      Set(VectorFormatRegistry.all.map { $0.fileExtension }).count == VectorFormatRegistry.all.count
    )
    #expect(VectorFormatRegistry.format(forPath: "x.csv") == nil)
  }
}
