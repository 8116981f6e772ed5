import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A folder that changes under a collection.
@Suite struct SyncTests {
  /// A collection of five embedded pictures in `in/`.
  private func prepare(_ shell: Shell) async throws {
    for number in 1...5 { try picture("mug-00\(number)", as: "\(number).jpg", in: shell) }
    try await shell.succeed(
      "create collection c ; ingest c in ; embed c --as base --model mini")
  }

  private func picture(_ tile: String, as name: String, in shell: Shell) throws {
    try TestFiles.copy("\(Shell.tiles)/images/\(tile).jpg", to: "\(shell.folder)/in/\(name)")
  }

  @Test func `new, changed, renamed and removed files are told apart`() async throws {
    try await Shell.inNewFolder { shell in
      try await prepare(shell)
      try picture("car-001", as: "6.jpg", in: shell)
      try picture("car-002", as: "2.jpg", in: shell)
      rename(shell.folder + "/in/3.jpg", shell.folder + "/in/three.jpg")
      unlink(shell.folder + "/in/4.jpg")

      let dry = try await shell.succeed("sync c --dry-run")
      let outcome = try await shell.succeed("sync c")
      for words in ["1 new", "1 changed", "1 renamed", "1 removed"] {
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
        #expect(dry.errors.contains(words), "\(dry.errors)")
      }
      // The renamed file keeps its vector; the new and the changed one lack theirs.
      #expect(try await shell.vectorCount(of: "c@base") == 3)
      let embedded = try await shell.succeed("embed c --as base --resume")
      #expect(embedded.errors.contains("2 embedded"))
      let found = try await shell.rows(
        "query c --image \(Shell.tiles)/images/mug-003.jpg --top 1 --columns score,path")
      #expect(found.first?.first == "1.0" && found.first?.last?.hasSuffix("three.jpg") == true)
      #expect(try await shell.succeed("sync c").errors.contains("c: 0 new · 5 as before"))
    }
  }

  @Test func `a touched file is no change and keeps its vector`() async throws {
    try await Shell.inNewFolder { shell in
      try await prepare(shell)
      try TestFiles.setModified(1_000_000_000, of: shell.folder + "/in/2.jpg")
      #expect(try await shell.succeed("sync c").errors.contains("c: 0 new · 5 as before"))
      #expect(try await shell.vectorCount(of: "c@base") == 5)
    }
  }

  @Test func `metadata follows its file, also where a value is gone`() async throws {
    try await Shell.inNewFolder { shell in
      for name in ["1", "2"] { try picture("mug-001", as: "\(name).jpg", in: shell) }
      let path = shell.folder + "/m.csv"
      try TestFiles.write("id,weight,note\n1,10,old\n2,20,kept\n", to: path)
      try await shell.succeed("create collection c ; ingest c in --meta m.csv ; embed c")
      let ask = "query c --like 1 --columns id,weight,note"
      #expect(try await shell.rows(ask) == [["1", "10", "old"], ["2", "20", "kept"]])
      try TestFiles.write("id,weight,note\n1,11,\n2,20.5,kept\n", to: path)
      try await shell.succeed("sync c")
      #expect(try await shell.rows(ask) == [["1", "11", ""], ["2", "20.5", "kept"]])
    }
  }

  @Test func `files are never written to`() async throws {
    try await Shell.inNewFolder { shell in
      try await prepare(shell)
      let before = try TestFiles.bytes(of: shell.folder + "/in/1.jpg")
      chmod(shell.folder + "/in", 0o555)
      defer { chmod(shell.folder + "/in", 0o755) }
      try await shell.succeed("sync c ; embed c --as again ; drop collection c --yes")
      #expect(try TestFiles.bytes(of: shell.folder + "/in/1.jpg") == before)
    }
  }

  @Test func `what cannot be read is named with its reason, and the rest goes on`() async throws {
    try await Shell.inNewFolder { shell in
      try picture("mug-001", as: "good.jpg", in: shell)
      let whole = try TestFiles.bytes(of: shell.folder + "/in/good.jpg")
      try TestFiles.write(whole.prefix(whole.count / 3), to: shell.folder + "/in/cut.jpg")
      try TestFiles.write("not a picture", to: shell.folder + "/in/text.png")
      try TestFiles.write([], to: shell.folder + "/in/empty.jpg")
      try TestFiles.write([0, 5, 22, 7, 0, 2], to: shell.folder + "/in/._good.jpg")
      let outcome = try await shell.run(
        "create collection c ; ingest c in ; embed c --as base", options: ["--mode", "csv"])
      #expect(outcome.code == 0)
      #expect(
        outcome.errors.contains("warning: an image cannot be read and was left out: 'text.png'"))
      #expect(outcome.errors.contains("warning: empty.jpg: the file is empty"))
      let list = try await shell.run(
        "create collection e ; ingest e in ; show _", options: ["--mode", "csv"])
      #expect(outcome.output.contains("cut,"), "the cut picture fails when it is decoded")
      for name in ["text.png", "empty.jpg", "._good.jpg"] {
        #expect(list.output.contains("\n\(name),"), "\(name) is not in \(list.output)")
      }
      #expect(try await shell.vectorCount(of: "c@base") == 1)
      let strict = try await shell.run(
        "create collection d ; ingest d in", options: ["--strict"])
      #expect(strict.code == 1)
    }
  }
}
