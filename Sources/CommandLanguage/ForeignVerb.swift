/// What people type who come from other programs.
enum ForeignVerb {
  /// - Parameter written: the first word of a line, as it stands in the source.
  static func hint(for written: String) -> String? {
    let word = written.lowercased()
    if sql.contains(word) {
      return "there is no SQL here: 'query' searches, --where holds conditions ('help where')"
    }
    if let meant = programs[word] { return "write '\(meant)'" }
    guard let mark = word.first, mark == "." || mark == "\\" || mark == ":" || mark == "/" else {
      return nil
    }
    let rest = String(word.dropFirst())
    if let meant = programs[rest] ?? commands[rest] { return "write '\(meant)'" }
    return "commands have no '\(mark)' in front: 'help' lists them"
  }

  private static let sql: Set = [
    "select", "insert", "update", "delete", "alter", "from", "with", "where", "pragma", "explain;",
  ]

  /// With a mark in front, as sqlite3 and psql have them.
  private static let commands = [
    "help": "help", "h": "help", "?": "help", "quit": "quit", "exit": "quit", "q": "quit",
    "mode": "set mode csv", "tables": "list collections", "schema": "list fields COLLECTION",
    "d": "list collections", "dt": "list collections", "l": "list collections", "read": "run FILE",
    "i": "run FILE", "output": "export --to FILE", "once": "export --to FILE",
    "o": "export --to FILE",
    "import": "ingest COLLECTION PATH", "x": "set mode line", "timing": "describe _",
    "open": "parallax WORKSPACE", "c": "parallax WORKSPACE", "show": "show settings",
    "shell": "!COMMAND", "s": "history",
  ]

  private static let programs = [
    "man": "help", "bye": "quit", "logout": "quit", "open": "parallax WORKSPACE",
    "dir": "list collections",
    "cd": "!pwd", "print": "show", "save": "export --to FILE", "source": "run FILE",
    "unset": "reset SETTING", "rm": "drop", "delete": "drop", "remove": "drop",
  ]
}
