internal import ParallaxHTTP
internal import ParallaxProviders

/// Decides which lines a person typed may be kept: none that holds a key.
///
/// The keys this process was given are known by their value. Others are recognised by how they look:
/// by the beginnings of well-known services, or as words that nobody would type.
package struct HistoryFilter: Sendable {
  /// Shorter values are words that people type for other reasons.
  private static let leastSecret = 8
  private let redactor: Redactor

  /// - Parameter environment: whose keys are known.
  package init(environment: [String: String]) {
    redactor = Redactor(
      KnownSecrets.all(in: environment).filter { $0.revealed().count >= Self.leastSecret })
  }

  /// Whether an entry is worth keeping and harmless to keep.
  package func keeps(_ entry: String, after previous: String?) -> Bool {
    guard let first = entry.first, !first.isWhitespace, entry != previous else { return false }
    return !holdsKey(entry)
  }

  func holdsKey(_ text: String) -> Bool {
    redactor.finds(in: text) || KeyShape.isFound(in: text)
  }
}

/// What keys look like.
private enum KeyShape {
  /// Beginnings that nothing else has, wherever in a word they stand.
  private static let unmistakable = [
    "AIza", "ya29.", "jina_", "AQ.", "hf_", "eyJ", "github_pat_", "ghp_", "AKIA", "nvapi-", "xoxb-",
    "glpat-",
  ]
  /// Beginnings that words end with as well: they count at the front only.
  private static let ambiguous = ["sk-", "pa-", "pk-", "co-", "r8_"]
  private static let leastRest = 12
  /// Words that a key stands behind.
  private static let announcing: Set = [
    "key", "apikey", "token", "secret", "password", "passwd", "pwd", "bearer", "authorization",
    "credential", "credentials",
  ]

  static func isFound(in text: String) -> Bool {
    if text.contains("-----BEGIN") || text.contains("PRIVATE KEY") { return true }
    let runs = text.split { !isKeyCharacter($0) && $0 != "/" }
    if runs.contains(where: looksLikeBase64) { return true }
    let words = text.split { !isKeyCharacter($0) && $0 != "." }
    var sinceAnnounced = Int.max
    for word in words {
      if beginsLikeKey(word)
        || word.split(whereSeparator: { ".-_".contains($0) }).contains(where: looksRandom)
      {
        return true
      }
      let isAnnounced = sinceAnnounced < 3
      if isAnnounced, isOpaque(word) { return true }
      let announces = word.lowercased().split { "-_.".contains($0) }.contains {
        announcing.contains(String($0))
      }
      sinceAnnounced = announces ? 0 : sinceAnnounced == .max ? .max : sinceAnnounced + 1
    }
    return false
  }

  /// A line of base64, such as the middle of a PEM file; no path has a plus in it.
  private static func looksLikeBase64(_ run: Substring) -> Bool {
    run.count >= 40 && run.contains("+") && looksRandom(run)
  }

  private static func isKeyCharacter(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "-_+~".contains(character))
  }

  private static func beginsLikeKey(_ word: Substring) -> Bool {
    for beginning in unmistakable {
      guard let range = word.firstRange(of: beginning) else { continue }
      if word[range.upperBound...].count >= leastRest { return true }
    }
    // An option may be glued to it: -psk-…
    var start = word
    if word.hasPrefix("-"), word.dropFirst(2).count > leastRest { start = word.dropFirst(2) }
    return [word, start].contains { word in
      ambiguous.contains {
        word.hasPrefix($0) && word.count >= leastRest + $0.count && word.contains(where: \.isNumber)
      }
    }
  }

  /// A long word with digits throughout, behind one that announces a key.
  private static func isOpaque(_ word: Substring) -> Bool {
    word.count >= 16 && word.count(where: \.isNumber) >= 4 && word.contains(where: \.isLetter)
  }

  /// Capitals, small letters and digits mixed as no name mixes them.
  private static func looksRandom(_ word: Substring) -> Bool {
    let kinds = word.compactMap { character -> Int? in
      character.isNumber ? 0 : character.isUppercase ? 1 : character.isLowercase ? 2 : nil
    }
    guard kinds.count >= 20, kinds.contains(1), kinds.contains(2) else { return false }
    let digitGroups = zip([1] + kinds, kinds).count { $0 != 0 && $1 == 0 }
    if digitGroups >= (kinds.count < 32 ? 3 : 2) { return true }
    let changes = Double(zip(kinds, kinds.dropFirst()).count { $0 != $1 }) / Double(kinds.count)
    // Words of a name have letters in a row.
    let longestWord = kinds.split { $0 != 2 }.map(\.count).max() ?? 0
    return changes >= 0.45 || (changes >= 0.35 && longestWord <= 4)
  }
}
