import CommandLanguage
import ParallaxCore
import Testing

/// A faulty script, and everything said about its first error.
struct FaultyScript: Sendable, CustomTestStringConvertible {
  let text: String
  let code: String
  /// The part of the script that the error points at.
  let part: String
  let message: String
  let hint: String?

  init(_ text: String, _ code: String, at part: String, _ message: String, hint: String? = nil) {
    self.text = text
    self.code = code
    self.part = part
    self.message = message
    self.hint = hint
  }

  var testDescription: String { text }
}

/// The texts of all errors that the language itself can report.
@Suite struct ErrorTextTests {
  static let known = KnownNames(variables: ["out"], results: ["red", "ev"])

  @Test(arguments: syntax + names + options + objects + values)
  func `code, place, message and hint`(script: FaultyScript) throws {
    let parser = Parser(Sample.registry, style: .script)
    let error = try #require(throws: ParallaxError.self) {
      try parser.parse(script.text, source: "night.plx", known: Self.known)
    }
    #expect(error.code.name == script.code)
    #expect(error.code.exitCode == 2)
    #expect(error.message == script.message)
    #expect(error.hint == script.hint)
    let location = try #require(error.location)
    let bytes = Array(location.text.utf8)[location.range]
    #expect(String(decoding: bytes, as: UTF8.self) == script.part)
  }

  static let syntax: [FaultyScript] = [
    .init(
      "query photos --text 'red", "unterminated-quote", at: "'",
      "a single quote is opened and never closed"),
    .init(
      #"query photos --text "red\"#, "unterminated-quote", at: "\"",
      "a double quote is opened and never closed"),
    .init(
      #"query photos --text "C:\dir""#, "bad-escape", at: #"\d"#,
      #"'\d' is not an escape in double quotes"#,
      hint: #"write '\\' for a backslash, or use single quotes"#),
    .init(
      #"query photos --text "\u{110000}""#, "bad-escape", at: #"\u{110000"#,
      #"'\u' takes the number of a character, such as '\u{1F408}'"#),
    .init(
      #"query photos --text "\u0041""#, "bad-escape", at: #"\u0041"#,
      #"'\u' takes the number of a character, such as '\u{1F408}'"#),
    .init(
      #"query photos \"#, "unfinished-line", at: #"\"#,
      "the line ends in a backslash, and nothing follows", hint: #"write '\\' for a backslash"#),
    .init(
      "query photos --text $5", "bad-variable", at: "$5",
      "'$5' is not a variable; a name is a letter followed by letters, digits and '_'",
      hint: "put a dollar sign in single quotes"),
    .init(
      #"query photos --text "${out""#, "bad-variable", at: "${out",
      "'${out' is not a variable; a name is a letter followed by letters, digits and '_'",
      hint: #"write '\$' for a dollar sign"#),
    .init("red =", "missing-command", at: "=", "a command is missing after '='"),
    .init("query photos | | show", "missing-command", at: "|", "a command is missing before '|'"),
    .init("query photos |", "missing-command", at: "|", "a command is missing after '|'"),
    .init("quit ;; quit", "missing-command", at: ";", "a command is missing before ';'"),
    .init(
      "version 2\nquit", "unsupported-version", at: "2",
      "this program reads scripts of version 1; got '2'"),
    .init(
      "!rm -rf x", "shell-command", at: "!rm",
      "a shell command works only at the prompt, at the start of a line"),
  ]

  static let names: [FaultyScript] = [
    .init(
      "quit\nqurey photos", "unknown-verb", at: "qurey", "unknown command 'qurey'",
      hint: "did you mean 'query'?"),
    .init(
      "zzzzz", "unknown-verb", at: "zzzzz", "unknown command 'zzzzz'",
      hint: "'help' lists the commands"),
    .init(
      "SELECT * FROM photos", "unknown-verb", at: "SELECT", "unknown command 'SELECT'",
      hint: "there is no SQL here: 'query' searches, --where holds conditions ('help where')"),
    .init(
      ".nonsense", "unknown-verb", at: ".nonsense", "unknown command '.nonsense'",
      hint: "commands have no '.' in front: 'help' lists them"),
    .init(
      "./night.plx", "unknown-verb", at: "./night.plx", "unknown command './night.plx'",
      hint: "'run ./night.plx' runs it"),
    .init(
      "../pictures/a.JPG", "unknown-verb", at: "../pictures/a.JPG",
      "unknown command '../pictures/a.JPG'",
      hint: "'query --image ../pictures/a.JPG' asks by an image"),
    .init(
      "/home/me/photos", "unknown-verb", at: "/home/me/photos",
      "unknown command '/home/me/photos'",
      hint: "'ingest COLLECTION /home/me/photos' takes in the images of a folder"),
    .init(
      #""red car""#, "unknown-verb", at: #""red car""#, #"unknown command '"red car"'"#,
      hint: #"'query --text "red car"' asks by a text"#),
    .init(
      "query photos | less", "unknown-verb", at: "less", "unknown command 'less'",
      hint: "'set pager on' shows what is long page by page"),
    .init("$out photos", "unknown-verb", at: "$out", "a command cannot be a variable"),
    .init("undo", "reserved-verb", at: "undo", "'undo' is reserved for a later version"),
    .init(
      "find photos", "abbreviation", at: "find", "'find' stands for 'query' only at the prompt",
      hint: "write 'query'"),
    .init(
      "quer photos", "abbreviation", at: "quer", "'quer' stands for 'query' only at the prompt",
      hint: "write 'query'"),
    .init("e photos", "ambiguous-name", at: "e", "'e' may be 'embed', 'eval' or 'export'"),
    .init(
      "query = query photos", "reserved-name", at: "query",
      "a result cannot be called 'query'; that is a command"),
    .init(
      "search = query photos", "reserved-name", at: "search",
      "a result cannot be called 'search'; that is a command"),
    .init(
      "undo = query photos", "reserved-name", at: "undo",
      "a result cannot be called 'undo'; that is a command"),
    .init(
      "my-res = query photos", "bad-name", at: "my-res",
      "a result cannot be called 'my-res'; a name is a letter followed by letters, digits and '_'"),
    .init(
      "let thr = 1 ; query photos --top $tr", "unknown-variable", at: "$tr",
      "unknown variable '$tr'", hint: "did you mean '$thr'?"),
    .init(
      #"query photos --text "a ${q}""#, "unknown-variable", at: "${q}", "unknown variable '$q'",
      hint: "define it with 'let q = …'"),
    .init(
      "query photos --text $k ; let k = 5", "unknown-variable", at: "$k",
      "unknown variable '$k'", hint: "define it with 'let k = …'"),
    .init(
      "show rde", "unknown-result", at: "rde", "unknown result 'rde'",
      hint: "did you mean 'red'?"),
    .init(
      "show settngs", "unknown-result", at: "settngs", "unknown result 'settngs'",
      hint: "did you mean 'settings'?"),
    .init(
      "show _7", "abbreviation", at: "_7", "'_7' works at the prompt only",
      hint: "give the result a name"),
  ]

  private static let carets =
    "outside quotes '^' begins a weight: put a value that contains it in quotes"

  static let options: [FaultyScript] = [
    .init(
      #"query photos --text "red car" --tpo 20"#, "unknown-option", at: "--tpo",
      "unknown option '--tpo' for 'query'", hint: "did you mean '--top'?"),
    .init(
      "query photos --tpo=20", "unknown-option", at: "--tpo",
      "unknown option '--tpo' for 'query'", hint: "did you mean '--top'?"),
    .init(
      #"query photos --"text" a"#, "unknown-option", at: #"--"text""#,
      #"unknown option '--"text"' for 'query'"#),
    .init(
      "check -x", "unknown-option", at: "-x", "unknown option '-x' for 'check'",
      hint: "put '--' before an object that begins with '-'"),
    .init(
      "query photos --te a", "abbreviation", at: "--te",
      "'--te' stands for '--text' only at the prompt", hint: "write '--text'"),
    .init(
      "query photos -k 5", "abbreviation", at: "-k",
      "'-k' stands for '--top' only at the prompt", hint: "write '--top'"),
    .init("query photos --t 5", "ambiguous-name", at: "--t", "'--t' may be '--text' or '--top'"),
    .init("query photos --top", "missing-value", at: "--top", "'--top' needs a value: N"),
    .init(
      "query photos --text --top 5", "missing-value", at: "--text", "'--text' needs a value: T",
      hint: "put a value that begins with '--' in quotes"),
    .init(
      "query photos --text ^0.5", "missing-value", at: "^0.5",
      "'--text' needs a value before its weight",
      hint: "put a text that begins with '^' in quotes"),
    .init(
      "query photos --text cat^", "missing-value", at: "^", "a weight is missing after '^'",
      hint: carets),
    .init(
      "query photos --text cat^1,25", "bad-value", at: "1,25", "weight '1,25' is not a number",
      hint: "write 1.25, with a point"),
    .init(
      #"query photos --text "red cat"^half"#, "bad-value", at: "half",
      "weight 'half' is not a number", hint: carets),
    .init(
      "query photos --not-text=cat^inf", "bad-value", at: "inf", "weight 'inf' is not a number",
      hint: carets),
    .init(
      "query photos --text cat^0x1p4", "bad-value", at: "0x1p4", "weight '0x1p4' is not a number",
      hint: carets),
    .init(
      "query photos --text cat^2^3", "bad-value", at: "2^3", "weight '2^3' is not a number",
      hint: carets),
    .init(
      "query photos --image my^car.jpg", "bad-value", at: "car.jpg",
      "weight 'car.jpg' is not a number", hint: carets),
    .init(
      "query photos --text cat^$out", "bad-value", at: "$out", "weight '$out' is not a number",
      hint: carets),
    .init(
      "query photos --text cat^0.5' sat'", "bad-value", at: "0.5' sat'",
      "weight '0.5' sat'' is not a number", hint: carets),
    .init(
      "query photos --like 7^-2e9", "bad-value", at: "-2e9",
      "weight '-2e9' is out of range: a weight is from -1000000 to 1000000"),
    .init(
      "query photos --text cat^1e999", "bad-value", at: "1e999",
      "weight '1e999' is out of range: a weight is from -1000000 to 1000000"),
    .init(
      "query photos --text cat^1e-999", "bad-value", at: "1e-999",
      "weight '1e-999' is out of range: a weight is from -1000000 to 1000000"),
    .init(
      "query photos --top 5 --top=6", "duplicate-option", at: "--top",
      "'--top' may be given only once"),
    .init(
      "show red --images --no-images", "duplicate-option", at: "--no-images",
      "'--images' may be given only once"),
    .init(
      "show red --images=yes", "unexpected-value", at: "yes", "'--images' takes no value",
      hint: "'--no-images' turns it off"),
    .init("export ev", "missing-option", at: "export", "'export' needs '--to FILE'"),
  ]

  static let objects: [FaultyScript] = [
    .init(
      "query --text a", "missing-object", at: "query", "'query' needs 'COLLECTION@SPACE'",
      hint: "'COLLECTION@SPACE' can be left out only at the prompt"),
    .init("create collection", "missing-object", at: "create", "'create' needs 'NAME'"),
    .init(
      "use photos red car", "unexpected-object", at: "red", "'use' does not take 'red' here"),
    .init(
      "use photos @base", "unexpected-object", at: "@base", "'use' does not take '@base' here",
      hint: "write it without a space: photos@base"),
    .init(
      "show red >> red.txt", "unexpected-object", at: ">>", "'show' does not take '>>' here",
      hint: "'| export --to red.txt' writes a file"),
    .init(
      "show red --images yes", "unexpected-object", at: "yes", "'show' does not take 'yes' here",
      hint: "'--images' takes no value"),
    .init(
      "show red --columns id, rank", "unexpected-object", at: "rank",
      "'show' does not take 'rank' here", hint: "write no space after the comma: --columns id,rank"
    ),
    .init(
      "show red --columns id rank", "unexpected-object", at: "rank",
      "'show' does not take 'rank' here", hint: "separate the values with commas: --columns id,rank"
    ),
    .init(
      "export red --to my file.csv", "unexpected-object", at: "file.csv",
      "'export' does not take 'file.csv' here",
      hint: #"put a text with spaces in quotes: --to "my file.csv""#),
    .init(
      "set mode = csv", "unexpected-object", at: "csv", "'set' does not take 'csv' here",
      hint: "no '=' belongs here: set mode csv"),
    .init(
      "set mode=csv", "missing-object", at: "set", "'set' needs 'VALUE'",
      hint: "no '=' belongs here: set mode csv"),
    .init(
      "quit now", "unexpected-object", at: "now", "'quit' does not take 'now' here",
      hint: "only options can follow 'quit'"),
    .init(
      "quit && quit", "unexpected-object", at: "&&", "'quit' does not take '&&' here",
      hint: "separate commands with ';'"),
    .init(
      "create collection night photos", "unexpected-object", at: "photos",
      "'create' does not take 'photos' here", hint: "a name has no spaces: night_photos"),
    .init(
      "export red –to a.csv", "unknown-option", at: "–to", "'–to' has typographic dashes",
      hint: "write '--to'"),
    .init(
      "query photos --text ‘cat’", "bad-quote", at: "‘",
      "the typographic quote '‘' does not open a text; plain quotes do",
      hint: "write \" or '; in plain quotes '‘' is a character like any other"),
    .init(
      "show\u{202F}red", "bad-blank", at: "\u{202F}",
      "a character that only looks like a space, U+202F, stands between words",
      hint: "write a plain space there, or put the text in quotes"),
    .init(
      "query photos | show red", "unexpected-object", at: "red",
      "'show' does not take 'red' here", hint: "it gets its result through '|'"),
    .init(
      "create photos", "bad-value", at: "photos", "'create' takes 'collection'; got 'photos'",
      hint: "say what it is: create collection photos"),
    .init("use photos | show", "no-result", at: "use", "'use' gives no result to pass on"),
    .init(
      "query photos | use photos", "no-result", at: "use", "'use' takes no result through '|'"),
    .init("red = use photos", "no-result", at: "use", "'use' gives no result to name"),
  ]

  static let values: [FaultyScript] = [
    .init(
      "query photos --top ten", "bad-value", at: "ten",
      "'top' takes a whole number from 1 to 10000; got 'ten'"),
    .init(
      "cluster photos --min-size=0", "bad-value", at: "0",
      "'min-size' takes a whole number of at least 1; got '0'"),
    .init(
      "project photos --dim 512,a56", "bad-value", at: "a56",
      "'dim' takes a whole number from 1 to 65536; got 'a56'"),
    .init(
      "query photos --min-score 1.5", "bad-value", at: "1.5",
      "'min-score' takes a number from -1 to 1; got '1.5'"),
    .init(
      "show red | filter --min-score nan", "bad-value", at: "nan",
      "'min-score' takes a number; got 'nan'"),
    .init(
      "dedupe photos --keep frist", "bad-value", at: "frist",
      "'keep' takes 'largest', 'first' or 'newest'; got 'frist'", hint: "did you mean 'first'?"),
    .init(
      "list resluts", "bad-value", at: "resluts",
      "'list' takes 'collections', 'spaces' or 'results'; got 'resluts'",
      hint: "did you mean 'results'?"),
    .init(
      "query photos@@x", "bad-value", at: "photos@@x",
      "'query' takes COLLECTION or COLLECTION@SPACE; got 'photos@@x'"),
    .init(
      "create collection 'my photos'", "bad-value", at: "'my photos'",
      "'create' takes a name: a letter, then letters, digits, '_', '-' and '.', 64 at most; "
        + "got 'my photos'"),
    .init(
      "create collection 2024", "bad-value", at: "2024",
      "'create' takes a name: a letter, then letters, digits, '_', '-' and '.', 64 at most; "
        + "got '2024'"),
    .init(
      "let 5 = 6", "bad-value", at: "5",
      "'let' takes a name: a letter followed by letters, digits and '_'; got '5'"),
    .init(
      "run night.plx k", "bad-value", at: "k", "'run' takes NAME=VALUE; got 'k'"),
    .init(
      "query photos --columns a,,b", "bad-value", at: "",
      "'columns' takes the name of a column; got ''"),
    .init(
      "query photos --where ''", "bad-value", at: "''",
      "'where' takes an expression such as \"year >= 2020\"; got ''"),
    .init(
      #"query photos --where "year > 1 and \"caption\" == 'x'""#, "where-syntax", at: "==",
      "'==' has no meaning in --where", hint: "write '='"),
    .init(
      "show red | filter --where 'year >'", "where-syntax", at: "",
      "expected a value after '>' in --where; got the end"),
    .init(
      "export ev --to \"\"", "bad-value", at: "\"\"", "'to' takes a file or folder; got ''"),
  ]

  @Test func `a fault in the last line is found before the first line runs`() throws {
    let script = "version 1\n# red cars\nred = query photos --text car\nshow red --rows x\n"
    let error = try #require(throws: ParallaxError.self) {
      try Parser(Sample.registry, style: .script).parse(script, source: "night.plx")
    }
    #expect(error.location?.line == 4)
    #expect(error.location?.source == "night.plx")
  }

  @Test func `lines are counted from the block of a notebook`() throws {
    let error = try #require(throws: ParallaxError.self) {
      try Parser(Sample.registry, style: .script).parse("quit\nqit", source: "a.md", firstLine: 41)
    }
    #expect(error.location?.line == 42)
  }

  @Test func `the first of several faults is reported`() throws {
    let error = try #require(throws: ParallaxError.self) {
      try Parser(Sample.registry, style: .script).parse("qit\nshow 'red", source: "a.plx")
    }
    #expect(error.code == .unknownVerb)
  }
}
