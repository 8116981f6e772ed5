/// What people type who come from other programs.
enum ForeignVerb {
  /// - Parameter written: the first word of a line, as it stands in the source.
  static func hint(for written: String) -> String? {
    let word = written.lowercased()
    if sql.contains(word) {
      return "there is no SQL here: 'query' searches, --where holds conditions ('help where')"
    }
    if let meant = programs[word] ?? called(word) { return "here it is '\(meant)'" }
    if let advice = filters[word] { return advice }
    if let quote = word.first, quote == "\"" || quote == "'" {
      return "'query --text \(written)' asks by a text"
    }
    if let advice = pathHint(for: written) { return advice }
    guard let mark = word.first, mark == "." || mark == "\\" || mark == ":" || mark == "/" else {
      return nil
    }
    let rest = String(word.dropFirst())
    if let meant = commands[rest] ?? programs[rest] { return "here it is '\(meant)'" }
    return "commands have no '\(mark)' in front: 'help' lists them"
  }

  /// What a function of Python's prompt is here.
  private static func called(_ word: String) -> String? {
    word.hasSuffix("()") ? commands[String(word.dropLast(2))] : nil
  }

  private static let sql: Set = [
    "select", "insert", "update", "delete", "alter", "from", "with", "where", "pragma", "explain;",
    "begin", "commit", "rollback",
  ]

  /// What a path is good for, by its ending.
  private static func pathHint(for written: String) -> String? {
    let isBelow = ["./", "../", "~/"].contains { written.hasPrefix($0) }
    let isFromRoot = written.hasPrefix("/") && written.dropFirst().contains("/")
    let inner = written.dropFirst(written.hasPrefix("/") ? 1 : 0)
    guard isBelow || isFromRoot || inner.contains("/") || images.contains(ending(of: written))
    else { return nil }
    switch ending(of: written) {
    case "plx", "md": return "'run \(written)' runs it"
    case "parallax": return "'parallax \(written)' in a shell opens that workspace"
    case "csv", "tsv", "jsonl":
      return "'ingest COLLECTION FOLDER --meta \(written)' reads it as metadata"
    case let ending where images.contains(ending):
      return "'query --image \(written)' asks by an image"
    default: return "'ingest COLLECTION \(written)' takes in the images of a folder"
    }
  }

  private static func ending(of path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    return name.contains(".") ? name.split(separator: ".").last?.lowercased() ?? "" : ""
  }

  private static let images: Set = [
    "jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "heic", "avif",
  ]

  /// What a shell's pipe is used for.
  private static let filters = [
    "less": "'set pager on' shows what is long page by page",
    "more": "'set pager on' shows what is long page by page",
    "grep": "'filter --where' keeps the rows that a condition fits ('help where')",
    "head": "'show RESULT --rows N' shows the first rows",
    "tail": "'show RESULT --rows N' shows the first rows",
    "wc": "the line under a table counts its rows; 'describe RESULT' too",
    "sort": "the order of a result is its ranks; 'export --to FILE.csv' takes it to other programs",
    "tee": "'export --to FILE' writes a result to a file",
    "cat": "'show RESULT' shows a result",
  ]

  /// With a mark in front, as sqlite3, psql and vi have them.
  private static let commands = [
    "help": "help", "h": "help", "?": "help", "quit": "quit", "exit": "quit", "q": "quit",
    "q!": "quit", "wq": "quit", "qa": "quit", "e": "edit", "edit": "edit",
    "mode": "set mode csv", "tables": "list collections", "schema": "list fields COLLECTION",
    "d": "list collections", "dt": "list collections", "l": "list collections", "read": "run FILE",
    "i": "run FILE", "output": "export --to FILE", "once": "export --to FILE",
    "o": "export --to FILE",
    "import": "ingest COLLECTION PATH", "x": "set mode line", "timing": "describe _",
    "open": "parallax WORKSPACE", "c": "parallax WORKSPACE", "show": "show settings",
    "shell": "!COMMAND", "s": "history",
  ]

  private static let programs = [
    "man": "help", "bye": "quit", "fc": "edit", "logout": "quit", "open": "parallax WORKSPACE",
    "dir": "list collections",
    "cd": "!pwd", "print": "show", "save": "export --to FILE", "source": "run FILE",
    "unset": "reset SETTING", "rm": "drop", "delete": "drop", "remove": "drop",
  ]
}
