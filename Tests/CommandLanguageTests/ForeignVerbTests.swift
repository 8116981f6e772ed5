import CommandLanguage
import ParallaxCore
import Testing

/// What the habits of other prompts are answered with.
@Suite struct ForeignVerbTests {
  private static let noSQL =
    "there is no SQL here: 'query' searches, --where holds conditions ('help where')"

  private static let habits: [(typed: String, hint: String)] = [
    // sqlite3
    (".quit", "here it is 'quit'"), (".exit", "here it is 'quit'"),
    (".help", "here it is 'help'"), (".tables", "here it is 'list collections'"),
    (".schema", "here it is 'list fields COLLECTION'"), (".mode csv", "here it is 'set mode csv'"),
    (".read a.sql", "here it is 'run FILE'"), (".shell ls", "here it is '!COMMAND'"),
    (".import a b", "here it is 'ingest COLLECTION PATH'"),
    (".nonsense", "commands have no '.' in front: 'help' lists them"),
    // psql
    (#"\q"#, "here it is 'quit'"), (#"\d"#, "here it is 'list collections'"),
    (#"\dt"#, "here it is 'list collections'"), (#"\?"#, "here it is 'help'"),
    (#"\e"#, "here it is 'edit'"), (#"\i a.sql"#, "here it is 'run FILE'"),
    (#"\x"#, "here it is 'set mode line'"), (#"\s"#, "here it is 'history'"),
    // vi
    (":q", "here it is 'quit'"), (":q!", "here it is 'quit'"), (":wq", "here it is 'quit'"),
    (":help", "here it is 'help'"),
    // Python
    ("exit()", "here it is 'quit'"), ("quit()", "here it is 'quit'"),
    ("help()", "here it is 'help'"),
    // shells
    ("bye", "here it is 'quit'"), ("logout", "here it is 'quit'"),
    ("man query", "here it is 'help'"),
    ("fc", "here it is 'edit'"), ("cd ..", "here it is '!pwd'"), ("rm photos", "here it is 'drop'"),
    ("source a.sh", "here it is 'run FILE'"),
    ("/quit", "here it is 'quit'"),
    // SQL
    ("SELECT * FROM photos", noSQL), ("select id from photos where year > 2000", noSQL),
    ("INSERT INTO photos VALUES (1)", noSQL), ("BEGIN", noSQL),
    ("PRAGMA table_info(photos)", noSQL),
  ]

  @Test(arguments: habits)
  func `each is answered with what it is here`(typed: String, hint: String) throws {
    let error = try #require(throws: ParallaxError.self) {
      try Parser(Sample.registry, style: .interactive).parse(typed, source: "input 1")
    }
    #expect(error.code == .unknownVerb && error.code.exitCode == 2)
    #expect(error.hint == hint)
  }
}
