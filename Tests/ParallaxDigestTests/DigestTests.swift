import ParallaxCore
import ParallaxDigest
import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct DigestTests {
  /// FIPS 180-4 examples and the NIST long-message test.
  static let vectors: [(text: String, hash: String)] = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
        + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ]

  @Test(arguments: vectors.indices) func `gives NIST's SHA-256`(index: Int) {
    let (text, hash) = Self.vectors[index]
    #expect(Digest.sha256(text).hexadecimal == hash)
    #expect(Digest.sha256(Array(text.utf8)).hexadecimal == hash)
    #expect(Digest.sha256(text.utf8.lazy.map { $0 }).hexadecimal == hash)
  }

  @Test(arguments: [0, 1, 63, 64, 65, 1000]) func `hashes the same in pieces`(piece: Int) {
    let bytes = Array(0..<200).map(UInt8.init)
    var hasher = SHA256()
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = rest.prefix(max(piece, 1))
      part.withUnsafeBytes { hasher.update($0) }
      rest = rest.dropFirst(part.count)
    }
    #expect(hasher.finalize() == Digest.sha256(bytes))
  }

  @Test(arguments: [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20])
  func `hashes a file as its bytes`(size: Int) async throws {
    try await withTemporaryDirectory { folder in
      var generator = SeededGenerator(seed: UInt64(size))
      let bytes = (0..<size).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      try TestFiles.write(bytes, to: "\(folder)/x.bin")
      let path = "\(folder)/x.bin"
      #expect(try Digest.sha256(fileAt: path) == Digest.sha256(bytes))
      #expect(try await Digest.sha256Cooperatively(fileAt: path) == Digest.sha256(bytes))
    }
  }

  @Test(.timeLimit(.minutes(10))) func `refuses what is no readable file`() async throws {
    try await withTemporaryDirectory { folder in
      mkfifo("\(folder)/pipe", 0o644)
      symlink("loop", "\(folder)/loop")
      for (name, reason) in [
        ("none", "No such file or directory"), (".", "it is a folder, not a file"),
        ("pipe", "it is a FIFO, not a file"), ("loop", "Too many levels of symbolic links"),
      ] {
        let path = "\(folder)/\(name)"
        let error = #expect(throws: ParallaxError.self) { try Digest.sha256(fileAt: path) }
        #expect(error?.code == .unreadableFile)
        #expect(error?.message == "cannot read '\(path)': \(reason)")
      }
    }
  }

  @Test func `stops when the task is cancelled`() async throws {
    try await withTemporaryDirectory { folder in
      try TestFiles.write("abc", to: "\(folder)/x")
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return try Digest.sha256(fileAt: "\(folder)/x")
      }
      let result = await task.result
      let error = #expect(throws: ParallaxError.self) { try result.get() }
      #expect(error?.code == .cancelled)
    }
  }

  /// Values as published with other implementations of XXH3 (seed 0).
  @Test(arguments: [
    ("", 0x2D06_8005_38D3_94C2 as UInt64), ("a", 0xE6C6_32B6_1E96_4E1F),
    ("abc", 0x78AF_5F94_892F_3950),
  ])
  func `gives XXH3's checksum`(text: String, checksum: UInt64) {
    #expect(Array(text.utf8).withUnsafeBytes { Digest.checksum($0) } == checksum)
  }

  @Test(arguments: [0, 1, 100, 1_000, 100_000])
  func `a checksum of pieces is that of the whole`(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var checksum = Checksum()
    for start in stride(from: 0, to: count, by: 77) {
      bytes[start..<min(start + 77, count)].withUnsafeBytes { checksum.update($0) }
    }
    let value = checksum.value
    #expect(value == bytes.withUnsafeBytes { Digest.checksum($0) })
  }

  @Test func `notices each flipped bit`() {
    var bytes = (0..<100).map { UInt8($0 * 7 & 255) }
    let checksum = bytes.withUnsafeBytes { Digest.checksum($0) }
    for index in bytes.indices {
      for bit in 0..<8 {
        bytes[index] ^= 1 << bit
        #expect(bytes.withUnsafeBytes { Digest.checksum($0) } != checksum)
        bytes[index] ^= 1 << bit
      }
    }
  }
}
