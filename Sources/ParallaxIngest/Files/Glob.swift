import ParallaxCore

/// A pattern of relative paths, as shells write them: `**/*.{jpg,png}`.
///
/// | written | stands for |
/// |---|---|
/// | `*` | any characters but `/`, none included |
/// | `**` | as a whole part of the path: any number of folders, none included (`**/x`), or everything below (`x/**`); elsewhere the same as `*` |
/// | `?` | one character but `/` |
/// | `[a-z]`, `[!a-z]`, `[^a-z]` | one character in, or not in, the set, never `/`; a `]` written first is a member |
/// | `{jpg,png}` | one of the alternatives, which may hold patterns and further braces |
/// | `\` | the next character as it is |
///
/// A pattern matches the whole path: `*.jpg` finds files at the top only, `**/*.jpg` at
/// any depth. ASCII letters match in both cases, so `jpg` finds `JPG`. Characters are
/// what a reader sees: a composed `é` equals a decomposed one.
package struct Glob: Sendable, Hashable {
  package let pattern: String
  private let program: [GlobInstruction]

  /// - Throws: `invalid-value` when the pattern is empty or absolute, or a bracket, a brace or a
  ///   final `\` is not completed.
  package init(_ pattern: String) throws {
    self.pattern = pattern
    var compiler = GlobCompiler(pattern)
    program = try compiler.compile()
  }

  /// Whether the whole of `relativePath` matches. O(path × pattern), whatever the pattern.
  package func matches(_ relativePath: String) -> Bool {
    let path = Self.characters(of: relativePath)
    var current = GlobThreads(capacity: program.count)
    var next = GlobThreads(capacity: program.count)
    current.add(0, of: program, at: 0, in: path)
    for position in path.indices {
      for state in current.states where program[state].consumes(path[position]) {
        next.add(state + 1, of: program, at: position + 1, in: path)
      }
      if next.states.isEmpty { return false }
      swap(&current, &next)
      next.removeAll()
    }
    return current.contains(program.count - 1)
  }

  /// The characters with ASCII letters in lower case; a path in plain ASCII needs no search for
  /// the boundaries between them.
  private static func characters(of path: String) -> [Character] {
    guard path.utf8.allSatisfy({ $0 < 0x80 && $0 != 0x0D }) else {
      return path.map(\.asciiLowercased)
    }
    return path.utf8.map { lowercasedASCII[Int($0)] }
  }

  private static let lowercasedASCII = (0..<0x80).map {
    Character(Unicode.Scalar(UInt8($0))).asciiLowercased
  }
}

/// A step of a compiled pattern: a machine that is in many states at once, so that no pattern
/// makes matching slow, as backtracking would.
enum GlobInstruction: Sendable, Hashable {
  case character(Character)
  case anyInPart
  case any
  case set(members: [ClosedRange<Character>], isNegated: Bool)
  /// Goes on at both places.
  case split(Int, Int)
  case jump(Int)
  case partStart
  case partEnd
  case end

  /// Whether the instruction takes `character`, which is in lower case.
  func consumes(_ character: Character) -> Bool {
    switch self {
    case .character(let expected): character == expected
    case .anyInPart: character != "/"
    case .any: true
    case .set(let members, let isNegated):
      character != "/"
        && members.contains {
          $0.contains(character) || $0.contains(character.asciiUppercased)
        } != isNegated
    case .split, .jump, .partStart, .partEnd, .end: false
    }
  }
}

/// The states a pattern is in, each once, in order of arrival.
private struct GlobThreads {
  private(set) var states: [Int] = []
  private var isMember: [Bool]

  init(capacity: Int) { isMember = Array(repeating: false, count: capacity) }

  func contains(_ state: Int) -> Bool { isMember[state] }

  mutating func removeAll() {
    for index in isMember.indices { isMember[index] = false }
    states.removeAll(keepingCapacity: true)
  }

  /// Adds `state` and all states reached from it without taking a character.
  mutating func add(
    _ state: Int, of program: [GlobInstruction], at position: Int, in path: [Character]
  ) {
    var pending = [state]
    while let state = pending.popLast() {
      guard !isMember[state] else { continue }
      isMember[state] = true
      switch program[state] {
      case .split(let first, let second): pending += [second, first]
      case .jump(let target): pending.append(target)
      case .partStart:
        if position == 0 || path[position - 1] == "/" { pending.append(state + 1) }
      case .partEnd:
        if position == path.count || path[position] == "/" { pending.append(state + 1) }
      case .character, .anyInPart, .any, .set, .end: states.append(state)
      }
    }
  }
}

extension Character {
  /// The lower-case form of an ASCII letter; every other character as it is.
  var asciiLowercased: Character { shiftedASCII(from: "A"..."Z", by: 32) }

  /// The upper-case form of an ASCII letter; every other character as it is.
  var asciiUppercased: Character { shiftedASCII(from: "a"..."z", by: -32) }

  private func shiftedASCII(from letters: ClosedRange<Character>, by offset: Int) -> Character {
    guard let code = asciiValue, letters.contains(self) else { return self }
    return Character(UnicodeScalar(UInt8(Int(code) + offset)))
  }
}
