extension Workspace {
  /// A setting of the workspace, or `nil`.
  package func setting(named name: String) throws -> String? {
    try read { connection in
      try connection.first("SELECT value FROM setting WHERE name = ?", [.text(name)]) { $0.text(0) }
    }
  }

  /// Every setting of the workspace, by name.
  package func settings() throws -> [(name: String, value: String)] {
    try read { connection in
      try connection.rows("SELECT name, value FROM setting ORDER BY name") {
        (name: $0.text(0), value: $0.text(1))
      }
    }
  }

  /// Sets a setting; `nil` takes it away.
  package func setSetting(_ name: String, to value: String?) throws {
    try write { connection in
      guard let value else {
        return try connection.run("DELETE FROM setting WHERE name = ?", [.text(name)])
      }
      try connection.run(
        """
        INSERT INTO setting (name, value) VALUES (?, ?)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value
        """, [.text(name), .text(value)])
    }
  }
}
