internal import ParallaxCore

/// What a terminal says when it is asked what it can draw, and the keys that were typed meanwhile.
package struct TerminalAnswer: Sendable, Hashable {
  /// Asks whether kitty's graphics are known, how many pixels a cell has, and for the device attributes
  /// (DA1). Every terminal answers the last, after the others.
  package static let question =
    "\u{1B}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u{1B}\\\u{1B}[16t\u{1B}[c"

  var drawsKitty = false
  var drawsSixel = false
  var cell: ImageTransform.Size?
  /// Whether the last part of the answer is there.
  package private(set) var isComplete = false
  /// All that is no answer, in order; the beginning of one that has no end is among it.
  package private(set) var typed: [UInt8] = []

  /// - Parameter bytes: what came from the terminal.
  package init(_ bytes: [UInt8] = []) {
    var rest = bytes[...]
    while let first = rest.first {
      if first == Self.escape, let length = read(rest) {
        rest = rest.dropFirst(length)
      } else {
        typed.append(first)
        rest = rest.dropFirst()
      }
    }
  }

  private static let escape: UInt8 = 0x1B

  /// Takes the part of an answer that some bytes begin with.
  ///
  /// - Returns: how many bytes it has; `nil` where it is none.
  private mutating func read(_ bytes: ArraySlice<UInt8>) -> Int? {
    if bytes.starts(with: Array("\u{1B}_G".utf8)) { return readGraphics(bytes) }
    guard bytes.starts(with: Array("\u{1B}[".utf8)) else { return nil }
    let parameters = bytes.dropFirst(2).prefix { (0x30...0x3F).contains($0) }
    guard let final = bytes.dropFirst(2 + parameters.count).first else { return nil }
    let isPrivate = parameters.first == UInt8(ascii: "?")
    let numbers = parameters.dropFirst(isPrivate ? 1 : 0)
      .split(separator: UInt8(ascii: ";")).map { Int(String(decoding: $0, as: UTF8.self)) }
    switch (final, isPrivate) {
    case (UInt8(ascii: "c"), true):
      // The first number is the terminal's class, the others are what it can do.
      drawsSixel = numbers.dropFirst().contains(4)
      isComplete = true
    case (UInt8(ascii: "t"), false):
      guard numbers.count == 3, numbers[0] == 6, let height = numbers[1], let width = numbers[2]
      else { return nil }
      if (1...256).contains(width), (1...256).contains(height) {
        cell = .init(width: width, height: height)
      }
    default: return nil
    }
    return 2 + parameters.count + 1
  }

  private mutating func readGraphics(_ bytes: ArraySlice<UInt8>) -> Int? {
    let content = bytes.dropFirst(3).prefix { $0 != Self.escape }
    guard bytes.dropFirst(3 + content.count).starts(with: [Self.escape, UInt8(ascii: "\\")]) else {
      return nil
    }
    drawsKitty = String(decoding: content, as: UTF8.self) == "i=31;OK"
    return 3 + content.count + 2
  }
}
