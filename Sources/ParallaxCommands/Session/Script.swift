internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxSystem
internal import ParallaxWorkbench

/// Commands in a container: a script, or the blocks of a notebook.
struct Script: Sendable {
  /// Commands that are parsed together.
  struct Piece: Sendable {
    let source: SourceText
    /// What the commands are expected to fail with; `nil` where they must succeed.
    var exitCode: Int32?
  }

  /// As errors show it.
  let name: String
  let pieces: [Piece]
  /// What the pieces were taken from; `nil` for a script.
  private(set) var notebook: Notebook?

  init(pieces: [Piece], named name: String) { (self.name, self.pieces) = (name, pieces) }

  /// Commands alone.
  init(_ text: String, name: String) {
    self.init(pieces: [Piece(source: SourceText(text, name: name, firstLine: 1))], named: name)
  }

  init(_ notebook: Notebook) {
    name = notebook.name
    pieces = notebook.steps.map { Piece(source: $0.source, exitCode: $0.expected?.exitCode) }
    self.notebook = notebook
  }

  /// The script or notebook at `path`, by its ending.
  ///
  /// - Parameter kinds: `any` for a path from the program's own arguments, which may be a pipe of the
  ///   shell's, such as `/dev/stdin` or `<(…)`.
  /// - Throws: `unreadable-file`, also for bytes that are not UTF-8; `bad-notebook`; `cancelled`.
  init(at path: String, _ kinds: InputFile.Kinds = .regular) throws {
    try Self.checkEnding(of: path)
    let text = try Self.text(at: path, kinds)
    if Self.isNotebook(path) {
      self.init(try Notebook(text, name: path))
    } else {
      self.init(text, name: path)
    }
  }

  /// The variables that it brings along.
  var parameters: [String: String] {
    Dictionary(
      (notebook?.frontMatter.params ?? []).map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
  }

  /// The collections and spaces that must be there before it runs.
  var needs: [SpaceReference] { (notebook?.frontMatter.needs ?? []).map { SpaceReference($0) } }
}

/// Reading.
extension Script {
  static let sizeLimit = 64 << 20

  static func isNotebook(_ path: String) -> Bool {
    [".md", ".markdown"].contains(where: path.lowercased().hasSuffix)
  }

  /// - Throws: `unsupported` for a notebook of another kind.
  static func checkEnding(of path: String) throws {
    guard path.lowercased().hasSuffix(".ipynb") else { return }
    throw ParallaxError(
      .unsupported, "a notebook is a page of Markdown; got '\(path)'",
      hint: "'help notebooks' shows one")
  }

  /// - Throws: `unreadable-file`, also for bytes that are not UTF-8; `cancelled`.
  static func text(at path: String, _ kinds: InputFile.Kinds = .regular) throws -> String {
    try text(of: InputFile(path, kinds).contents(atMost: sizeLimit), named: path)
  }

  /// The whole standard input.
  ///
  /// - Throws: `unreadable-file`, also for bytes that are not UTF-8; `cancelled`.
  static func standardInput() throws -> String {
    try text(of: InputFile.standardInput(atMost: sizeLimit), named: "standard input")
  }

  static func text(of bytes: [UInt8], named name: String) throws -> String {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let content = bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes
    guard let text = String(validating: content, as: UTF8.self) else {
      let line = content.prefix(validCount(of: content)).count { $0 == UInt8(ascii: "\n") } + 1
      throw ParallaxError(
        .unreadableFile, "'\(name)' is not UTF-8 text: line \(line) holds other bytes",
        hint: "convert it: iconv -f WINDOWS-1252 -t UTF-8 '\(name)'")
    }
    return text
  }

  /// Bytes before the first that is not part of UTF-8.
  private static func validCount(of bytes: [UInt8]) -> Int {
    var decoder = UTF8()
    var input = bytes.makeIterator()
    var count = 0
    while case .scalarValue(let scalar) = decoder.decode(&input) { count += scalar.utf8.count }
    return count
  }
}
