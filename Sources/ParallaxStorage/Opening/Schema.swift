internal import ParallaxCore

/// Decides whether a file is a workspace this program can use, and brings it up to date.
struct Schema {
  /// `PRLX`, in the header of every workspace.
  static let applicationID: Int64 = 0x5052_4C58

  let path: String
  let mode: Workspace.Mode
  /// Whether the file goes when the program ends: after a power cut it is of no use.
  var isTemporary = false
  var migrations = Migration.all

  /// - Throws: `not-a-workspace`, `newer-workspace`, `read-only`; SQLite's own errors.
  func prepare(_ connection: borrowing Connection) throws {
    let version = try identify(connection)
    let latest = migrations.count
    guard version <= latest else {
      throw ParallaxError(
        .newerWorkspace,
        """
        '\(path)' was written by a newer parallax (schema \(version); this one reads up to \
        \(latest)); update parallax or open a copy made by this version
        """)
    }
    if mode == .readWrite {
      if isTemporary { try connection.run("PRAGMA synchronous = OFF") }
      if version == 0 { try connection.runScript(Self.newFileSettings) }
      try connection.run("PRAGMA journal_mode = WAL")
    }
    try connection.runScript(Self.connectionSettings)
    // A batch that was paid for survives a power cut too.
    if !isTemporary { try connection.run("PRAGMA synchronous = FULL") }
    guard version < latest else {
      if mode == .readWrite { try Seals.keep(connection) }
      return
    }
    guard mode == .readWrite else {
      throw ParallaxError(
        .readOnly, "'\(path)' has schema \(version) and reading it takes schema \(latest)",
        hint: "open it once for writing, which brings it up to date")
    }
    try migrate(connection, from: version)
    try Seals.keep(connection)
  }

  /// Vacuuming in steps gives the room of a dropped space back to the disk.
  private static let newFileSettings = """
    PRAGMA page_size = 8192;
    PRAGMA auto_vacuum = INCREMENTAL;
    """

  /// `secure_delete = FAST`: dropping a space must not write its size in zeros.
  private static let connectionSettings = """
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = FAST;
    PRAGMA trusted_schema = OFF;
    """

  /// The file's schema, zero for a new one.
  private func identify(_ connection: borrowing Connection) throws -> Int {
    let owner = try connection.integer("PRAGMA application_id")
    let version = Int(try connection.integer("PRAGMA user_version"))
    if owner == Self.applicationID, version > 0 { return version }
    let objects = try connection.integer("SELECT count(*) FROM sqlite_schema")
    guard owner == 0, version == 0, objects == 0 else {
      throw ParallaxError(
        .notAWorkspace, "'\(path)' is an SQLite file of another program, not a workspace",
        hint: "name a workspace, or a new file to create one")
    }
    guard mode == .readWrite else {
      throw ParallaxError(
        .notAWorkspace, "'\(path)' is empty, not a workspace",
        hint: "open it for writing to create a workspace in it")
    }
    return 0
  }

  /// Rows from before a column was added do not hold its default, and SQLite reports them without it
  /// when they change: they are written once.
  private func fillInDefaults(_ connection: borrowing Connection) throws {
    for table in try Seals.names(connection) {
      let column = try connection.first(
        "SELECT name FROM pragma_table_info(?) WHERE dflt_value IS NOT NULL", [.text(table)]
      ) { $0.text(0) }
      if let column { try connection.run("UPDATE \"\(table)\" SET \"\(column)\" = \"\(column)\"") }
    }
  }

  private func migrate(_ connection: borrowing Connection, from version: Int) throws {
    try connection.transaction(begin: "BEGIN IMMEDIATE") { connection in
      for migration in migrations where migration.number > version {
        try connection.runScript(migration.script)
        try migration.body?(connection)
      }
      if try Seals.exist(connection) {
        try fillInDefaults(connection)
        // What a migration changed is sealed again.
        try connection.run("DELETE FROM \(Seals.table)")
      }
      // Pragmas take no parameters; both are constants of the program.
      try connection.run("PRAGMA application_id = \(Self.applicationID)")
      try connection.run("PRAGMA user_version = \(migrations.count)")
    }
  }
}
