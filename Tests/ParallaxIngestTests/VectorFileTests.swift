import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxIngest

/// Files that NumPy wrote (`Fixtures/vectors/make_vectors.py`), and what NumPy reads from them.
@Suite struct VectorFileTests {
  private static func matrix(_ name: String) throws -> NPYMatrix {
    try NPYMatrix(TestFiles.bytes(of: Goldens.path("vectors/\(name)")), of: name)
  }

  private static func failure(_ bytes: [UInt8]) -> ParallaxError? {
    #expect(throws: ParallaxError.self) { try NPYMatrix(bytes, of: "x.npy") }
  }

  @Test func `numbers are those that NumPy reads, bit by bit`() throws {
    let lines = try Goldens.plainRows("vectors/expected.tsv")
    for line in lines {
      let matrix = try Self.matrix(line[0])
      let row = try #require(Int(line[1]))
      let expected = line[2].split(separator: " ").map { UInt64($0, radix: 16) }
      let read = matrix.row(row)
      for (number, bits) in zip(read, expected) {
        // NaNs have several forms.
        let isSame = number.isNaN ? Double(bitPattern: bits ?? 0).isNaN : number.bitPattern == bits
        #expect(isSame, "\(line[0]), row \(row): \(read)")
      }
      #expect(read.count == expected.count && matrix.dimension == expected.count)
      #expect(matrix.isColumnMajor == line[0].contains("columns"))
      #expect(matrix.isDouble == line[0].hasPrefix("f8"))
    }
    #expect(Set(lines.map { $0[0] }).count == 8)
  }

  @Test(arguments: [
    ("wrong-empty.npy", "'x.npy' holds no vector"),
    ("wrong-1d.npy", "holds an array of 1 axis; vectors are one of 2, [n, d]"),
    ("wrong-3d.npy", "holds an array of 3 axes"),
    ("wrong-int.npy", "holds numbers of type '<i8'; those of vectors are f2, f4 or f8"),
    ("wrong-structure.npy", "holds numbers of type a structure"),
    ("wrong.npz", "is a ZIP file, such as NumPy's .npz"),
    ("make_vectors.py", "'x.npy' is no .npy file"),
  ])
  func `what holds no vectors is refused`(file: String, message: String) throws {
    let bytes = try TestFiles.bytes(of: Goldens.path("vectors/\(file)"))
    let error = try #require(Self.failure(bytes))
    #expect(error.message.contains(message), "\(error)")
  }

  @Test func `a file that is cut or goes on is refused at every length`() throws {
    let whole = try TestFiles.bytes(of: Goldens.path("vectors/f4.npy"))
    for count in 0..<whole.count { #expect(Self.failure(Array(whole[..<count])) != nil) }
    #expect(Self.failure(whole + [0])?.message.contains("goes on for 1 bytes") == true)
  }

  @Test func `no damaged byte of a header stops the program`() throws {
    let whole = try TestFiles.bytes(of: Goldens.path("vectors/f4.npy"))
    for place in 0..<128 {
      for byte in [UInt8](arrayLiteral: 0, 0x27, 0x28, 0x2C, 0x39, 0x5B, 0x7D, 0x80, 0xFF) {
        var bytes = whole
        bytes[place] = byte
        guard let matrix = try? NPYMatrix(bytes, of: "x.npy") else { continue }
        #expect(matrix.row(matrix.rowCount - 1).count == matrix.dimension)
      }
    }
  }

  @Test func `sizes that no memory holds are refused`() throws {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 8), }\n"
    let bytes =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
    #expect(Self.failure(bytes)?.message.contains("ends too early") == true)
  }

  @Test func `ids are the lines as they are`() throws {
    func ids(_ text: String) throws -> [String] {
      try IDList(Array(text.utf8), of: "ids.txt").ids.map(\.rawValue)
    }
    #expect(try ids("a b\n\"c\"\r\n猫/🐈\n d ") == ["a b", "\"c\"", "猫/🐈", " d "])
    #expect(try ids("\u{FEFF}a\nb\n") == ["a", "b"])
    #expect(try ids("") == [])
  }

  @Test(arguments: [
    ("a\nb\na\n", "line 3: 'a' stands in line 1 already"), ("a\n\nb", "line 2: an id is missing"),
    ("a\n\n", "line 2: an id is missing"), ("\n", "line 1: an id is missing"),
  ])
  func `ids that say nothing or stand twice are refused`(text: String, message: String) {
    let error = #expect(throws: ParallaxError.self) { try IDList(Array(text.utf8), of: "ids.txt") }
    #expect(
      error?.message.contains("'ids.txt', \(message)") == true, "\(String(describing: error))")
    #expect(throws: ParallaxError.self) { try IDList([0x61, 0x0A, 0xFF], of: "ids.txt") }
  }
}
