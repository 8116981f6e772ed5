import ParallaxCore

/// Turns the text of a pattern into instructions.
struct GlobCompiler {
  /// Deeper braces are refused: nobody needs them, and each level is a level of recursion.
  private static let maximumDepth = 32

  private let pattern: String
  private let characters: [Character]
  private var position = 0
  private var program: [GlobInstruction] = []

  init(_ pattern: String) {
    self.pattern = pattern
    var rest = pattern[...]
    while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
    characters = Array(rest)
  }

  mutating func compile() throws -> [GlobInstruction] {
    guard !characters.isEmpty else { throw fault("a pattern needs at least one character") }
    guard characters[0] != "/" else {
      throw fault(
        "a pattern is relative to the folder; '\(pattern)' begins with '/'",
        hint: "write '**/' to search at every depth")
    }
    try compileSequence(depth: 0)
    program.append(.end)
    return program
  }

  /// Compiles up to the end, or inside braces up to their `,` or `}`.
  private mutating func compileSequence(depth: Int) throws {
    while position < characters.count {
      let character = characters[position]
      if depth > 0, character == "," || character == "}" { return }
      position += 1
      switch character {
      case "*": compileStars()
      case "?": program.append(.anyInPart)
      case "[": try compileSet()
      case "{": try compileAlternatives(depth: depth + 1)
      case "\\": program.append(.character(try escaped().asciiLowercased))
      default: program.append(.character(character.asciiLowercased))
      }
    }
  }

  private mutating func compileStars() {
    var count = 1
    while position < characters.count, characters[position] == "*" {
      count += 1
      position += 1
    }
    guard count == 2 else { return appendStar(of: .anyInPart) }
    let isFolders = position < characters.count && characters[position] == "/"
    if isFolders { position += 1 }
    // Where the two stars do not make a whole part of the path, they are one star.
    let fork = reserve()
    program.append(.partStart)
    if isFolders { appendFolders() } else { appendEverything() }
    let leave = reserve()
    program[fork] = .split(fork + 1, program.count)
    appendStar(of: .anyInPart)
    if isFolders { program.append(.character("/")) }
    program[leave] = .jump(program.count)
  }

  private mutating func appendStar(of instruction: GlobInstruction) {
    let start = program.count
    program += [.split(start + 1, start + 3), instruction, .jump(start)]
  }

  private mutating func appendFolders() {
    let start = reserve()
    appendStar(of: .anyInPart)
    program += [.character("/"), .jump(start)]
    program[start] = .split(start + 1, program.count)
  }

  private mutating func appendEverything() {
    appendStar(of: .any)
    program.append(.partEnd)
  }

  private mutating func compileAlternatives(depth: Int) throws {
    guard depth <= Self.maximumDepth else {
      throw fault("braces in a pattern nest at most \(Self.maximumDepth) deep")
    }
    var leaves: [Int] = []
    while true {
      let fork = reserve()
      try compileSequence(depth: depth)
      guard position < characters.count else {
        throw fault("'{' has no '}' in the pattern '\(pattern)'", hint: "write '\\{' for a brace")
      }
      let isLast = characters[position] == "}"
      position += 1
      if isLast {
        program[fork] = .jump(fork + 1)
        for leave in leaves { program[leave] = .jump(program.count) }
        return
      }
      leaves.append(reserve())
      program[fork] = .split(fork + 1, program.count)
    }
  }

  private mutating func compileSet() throws {
    var members: [ClosedRange<Character>] = []
    let isNegated = take("!") || take("^")
    var isFirst = true
    while position < characters.count {
      if !isFirst, take("]") {
        return program.append(.set(members: members, isNegated: isNegated))
      }
      isFirst = false
      members.append(try setMember())
    }
    throw fault("'[' has no ']' in the pattern '\(pattern)'", hint: "write '\\[' for a bracket")
  }

  /// A character or, with a `-` that is not the last in the set, a range.
  private mutating func setMember() throws -> ClosedRange<Character> {
    let lower = try setCharacter()
    guard position + 1 < characters.count, characters[position] == "-",
      characters[position + 1] != "]"
    else { return lower...lower }
    position += 1
    let upper = try setCharacter()
    guard lower <= upper else {
      throw fault("the range '\(lower)-\(upper)' in the pattern '\(pattern)' runs backwards")
    }
    return lower...upper
  }

  private mutating func setCharacter() throws -> Character {
    guard position < characters.count else { return "]" }
    let character = characters[position]
    position += 1
    guard character != "[" || position >= characters.count || characters[position] != ":" else {
      throw fault(
        "classes such as '[:alpha:]' are not supported in patterns", hint: "write '[a-z]'")
    }
    return character == "\\" ? try escaped() : character
  }

  private mutating func escaped() throws -> Character {
    guard position < characters.count else {
      throw fault("the pattern '\(pattern)' ends with '\\'", hint: "write '\\\\' for a backslash")
    }
    position += 1
    return characters[position - 1]
  }

  private mutating func take(_ character: Character) -> Bool {
    guard position < characters.count, characters[position] == character else { return false }
    position += 1
    return true
  }

  /// Makes room for an instruction whose target is not known yet.
  private mutating func reserve() -> Int {
    program.append(.end)
    return program.count - 1
  }

  private func fault(_ message: String, hint: String? = nil) -> ParallaxError {
    ParallaxError(.invalidValue, message, hint: hint)
  }
}
